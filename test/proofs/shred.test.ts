import { randomUUID } from 'node:crypto'
import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import t, { type Test } from 'tap'
import { backUp } from '../../src/commands/backup.ts'
import { destroyPracticeKeys } from '../../src/commands/destroy-practice.ts'
import { checkSeals, rotateDataKeys } from '../../src/commands/keys.ts'
import { restoreBackup } from '../../src/commands/restore.ts'
import { type Config, loadConfig } from '../../src/config.ts'
import { createTestPractice, type TestPractice } from '../support/practice.ts'
import { proof } from '../support/proof.ts'
import { configOf, makeFolders, nowOf, rowsOf, startLife } from '../support/proofs/restore/installation.ts'
import { writeSealed } from '../support/proofs/restore/writers.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { asAdmin, databaseUrl, testServer } from '../support/test-server.ts'

const here = proof('shred')
t.setTimeout(here.long ? 300_000 : 60_000)
const silent = () => {}
const written = here.amount(5, 200)

async function writeAll(practice: TestPractice): Promise<void> {
  for (let n = 0; n < written; n += 1) await writeSealed(practice.owner)
}

interface Checked {
  intact: boolean
  of(practice: TestPractice): string
}

async function check(config: Config): Promise<Checked> {
  const lines: string[] = []
  const intact = await checkSeals(config, line => void lines.push(line))
  return {
    intact,
    of: ({ id }) =>
      lines
        .find(line => line.startsWith(id))
        ?.slice(id.length)
        .trim() ?? '',
  }
}

const all = `${written} sealed texts open`
const none = 'its keys were destroyed'
const nameOf = ({ id }: TestPractice) => `Practice ${id} (fictional)`

const destroy = (config: Config, practice: TestPractice, name = nameOf(practice), despiteRetention = true) =>
  destroyPracticeKeys(
    config,
    { practiceId: practice.id, typeName: async () => name, despiteRetention },
    silent,
  )

/** The database as a restore brings it back: a copy from before. */
async function cloneOf(t: Test, test: TestApp): Promise<string> {
  const { server } = await testServer()
  const source = new URL(test.adminUrl).pathname.slice(1)
  const name = `${source}_before`
  await asAdmin(server.adminUrl, async admin => {
    await admin.query('select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1', [
      source,
    ])
    await admin.query(`create database ${name} template ${source} strategy file_copy`)
  })
  t.teardown(() =>
    asAdmin(server.adminUrl, admin => admin.query(`drop database if exists ${name} with (force)`)),
  )
  return databaseUrl(server.adminUrl, name)
}

t.test('a practice whose keys were destroyed', async t => {
  const folder = await mkdtemp(path.join(tmpdir(), 'cairn-shred-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const [keyringFile, former] = [path.join(folder, 'keyring.json'), path.join(folder, 'former.json')]
  await copyFile((await testServer()).keyringFile, keyringFile)
  const test = await createTestApp(t, { keyringFile })
  const config = loadConfig({ DATABASE_URL: test.adminUrl, CAIRN_KEYRING_FILE: keyringFile })
  const [gone, kept] = [await createTestPractice(test), await createTestPractice(test)]
  await writeAll(gone)
  await writeAll(kept)
  const before = { ...config, DATABASE_URL: await cloneOf(t, test) }
  await copyFile(keyringFile, former)

  await t.test('is not destroyed by mistake', async t => {
    await t.rejects(destroy(config, gone, 'Another name'), { message: /not its name/ })
    await t.rejects(destroy(config, { ...gone, id: randomUUID() }), { message: /There is no practice/ })
    const rows = `insert into cairn.clients (practice_id, id, legal_given_name, legal_family_name, birth_date)
       values ($1, $2, 'Ida', 'Example', current_date - 4000)`
    await asAdmin(test.adminUrl, admin => admin.query(rows, [gone.id, randomUUID()]))
    await t.rejects(destroy(config, gone, nameOf(gone), false), { message: /are to be kept until \d{4}-/ })
    const { intact, of } = await check(config)
    t.ok(intact)
    t.equal(of(gone), all)
  })

  await destroy(config, gone)

  await t.test('is unreadable, and the others are not', async t => {
    const { intact, of } = await check(config)
    t.ok(intact)
    t.equal(of(gone), none)
    t.equal(of(kept), all)
    t.equal((await gone.owner.get('/v1/locations')).status, 401)
    t.equal((await kept.owner.get('/v1/locations')).status, 200)
    const keys = await rowsOf(
      test.adminUrl,
      `select distinct state, length(wrapped) as bytes from cairn.practice_keys where practice_id = $1`,
      [gone.id],
    )
    t.same(keys, [{ state: 'destroyed', bytes: 0 }])
    const log = await rowsOf(
      test.adminUrl,
      `select 1 from cairn.audit_log where practice_id = $1 and operation = 'destroyPracticeKeys'`,
      [gone.id],
    )
    t.equal(log.length, 1)
  })

  await t.test('stays unreadable in a database from before', async t => {
    const { of } = await check(before)
    t.equal(of(gone), none)
    t.equal(of(kept), all)
    const withFormer = await check({ ...before, CAIRN_KEYRING_FILE: former })
    t.equal(withFormer.of(gone), all, 'this test can fail: a keyring from before still opens it')
  })

  await t.test('may be destroyed again, and keeps nobody from rotating keys', async t => {
    await destroy(config, gone)
    t.equal(await rotateDataKeys(config, silent), true)
    t.equal((await check(config)).of(kept), all)
    const { destroyedPractices } = JSON.parse(await readFile(keyringFile, 'utf8'))
    t.same(destroyedPractices, [gone.id])
  })

  await t.test('a text that was moved to another practice does not open there', async t => {
    const other = await createTestPractice(test)
    await writeAll(other)
    await asAdmin(test.adminUrl, admin =>
      admin.query(
        `update cairn.idempotency_keys set response = (select response from cairn.idempotency_keys
           where practice_id = $1 limit 1) where practice_id = $2`,
        [kept.id, other.id],
      ),
    )
    const { intact, of } = await check(config)
    t.notOk(intact)
    t.equal(of(other), '0 sealed texts open')
    t.equal(of(kept), all)
  })

  if (!here.long) here.report({ 'sealed texts': 2 * written })
})

const longOnly = here.long ? {} : { skip: 'the short form takes a copy of the database for the restored one' }

t.test('a real backup from before brings nothing back', longOnly, async t => {
  const folders = await makeFolders(t)
  const config = configOf(folders)
  const life = await startLife(config)
  t.teardown(() => life.end())
  const [gone, kept] = [await createTestPractice(life), await createTestPractice(life)]
  await writeAll(gone)
  await writeAll(kept)
  await backUp(config, { to: folders.backups }, silent)
  const former = path.join(path.dirname(folders.keyringFile), 'former.json')
  await copyFile(folders.keyringFile, former)
  const instant = await nowOf(life.adminUrl)
  await destroy(config, gone)
  await life.end()

  const into = folders.fresh()
  await mkdir(into)
  await restoreBackup(config, { from: folders.backups, to: instant, into }, silent)
  const earlier = folders.fresh()
  await restoreBackup(
    { ...config, CAIRN_KEYRING_FILE: former },
    { from: folders.backups, to: instant, into: earlier },
    silent,
  )
  for (const [dataDir, keyringFile, expected] of [
    [into, folders.keyringFile, none],
    [earlier, folders.keyringFile, none],
    [earlier, former, all],
  ] as const) {
    const restored = { ...config, CAIRN_DATA_DIR: dataDir, CAIRN_KEYRING_FILE: keyringFile }
    const second = await startLife(restored)
    const { of } = await check(restored)
    t.equal(of(gone), expected)
    t.equal(of(kept), all)
    await second.end()
  }
  here.report({ 'sealed texts': 4 * written, restores: 2 })
})
