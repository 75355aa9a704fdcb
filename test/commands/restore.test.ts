import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { createApiClientCaller } from '../support/api-client.ts'
import { createTestPractice } from '../support/practice.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { asAdmin, testServer } from '../support/test-server.ts'

const command = fileURLToPath(new URL('../../src/commands/restore.ts', import.meta.url))

/** @returns what it printed. @throws with what it said on standard error when it failed */
async function reconcile({ adminUrl }: TestApp, ...args: string[]): Promise<string> {
  const { keyringFile } = await testServer()
  const env = {
    PATH: process.env.PATH ?? '',
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? '',
    DATABASE_URL: adminUrl,
    CAIRN_KEYRING_FILE: keyringFile,
  }
  const { stdout } = await promisify(execFile)(process.execPath, [command, '--reconcile', ...args], { env })
  return stdout
}

t.test('a server that its provider restored', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const integration = await createApiClientCaller(test, practice, ['events:read'])
  t.equal((await integration.get('/v1/events')).status, 200)

  await t.test('an instant that is none is refused, and nothing is ended', async t => {
    await t.rejects(reconcile(test, '--to', 'yesterday'))
    t.equal((await practice.owner.get('/v1/practice')).status, 200)
  })

  await t.test('who may have been locked out since is out, and readers are told', async t => {
    const printed = await reconcile(test, '--to', '2026-11-22T09:30:00-05:00')
    t.match(printed, '1 API clients')
    t.equal((await practice.owner.get('/v1/practice')).status, 401)
    t.equal((await integration.get('/v1/events')).status, 401)
    const events = await asAdmin(test.adminUrl, admin =>
      admin.query(`select type from cairn.events where practice_id = $1 and type = 'practice.restored'`, [
        practice.id,
      ]),
    )
    t.equal(events.rows.length, 1)
  })

  await t.test('a rehearsal leaves integrations their secrets', async t => {
    const other = await createTestPractice(test)
    const kept = await createApiClientCaller(test, other, ['events:read'])
    await reconcile(test, '--to', '2026-11-22T09:30:00-05:00', '--keep-api-clients')
    t.equal((await other.owner.get('/v1/practice')).status, 401)
    t.equal((await kept.get('/v1/events')).status, 200)
  })
})
