import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { buildApp } from '../app.ts'
import { loadConfig } from '../config.ts'
import { createMailer } from '../lib/mail.ts'
import { createLocalKeyring } from '../lib/sealing/keyring.ts'
import { buildHouse } from '../open-house.ts'

export type OpenApi = Record<string, unknown>

/** The OpenAPI document of the routes. Builds the service as it is; no database is asked for it. */
export async function describeApi(): Promise<OpenApi> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-openapi-'))
  const config = loadConfig({})
  const keyring = await createLocalKeyring(join(folder, 'keyring.json'))
  const house = buildHouse({
    config,
    keyring,
    appUrl: 'postgres://nobody@127.0.0.1:1/none',
    log: pino({ level: 'silent' }),
    mailer: createMailer(config),
  })
  const app = await buildApp(house)
  try {
    await app.ready()
    return JSON.parse(JSON.stringify(app.swagger()))
  } finally {
    await app.close()
    await house.database.pool.end()
    keyring.close()
    await rm(folder, { recursive: true })
  }
}
