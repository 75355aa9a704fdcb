import { pino } from 'pino'
import type { Test } from 'tap'
import { buildApp } from '../../../../src/app.ts'
import { loadLocalKeyring } from '../../../../src/lib/sealing/keyring.ts'
import { openHouse } from '../../../../src/open-house.ts'
import type { TestApp } from '../../test-app.ts'

/** Another service on the database of a test, in this process, with a keyring of its own that it reads often. */
export async function startInstance(t: Test, test: TestApp, keyringFile: string): Promise<string> {
  const keyring = await loadLocalKeyring(keyringFile, { pollMs: 50 })
  const house = await openHouse({
    ...test.house,
    keyring,
    appUrl: test.appUrl,
    log: pino({ level: 'silent' }),
  })
  const app = await buildApp(house)
  t.teardown(async () => {
    app.server.closeAllConnections()
    await app.close()
    await house.database.pool.end()
    keyring.close()
  })
  return app.listen({ host: '127.0.0.1', port: 0 })
}
