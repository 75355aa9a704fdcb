import { type ChildProcess, spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { expectedMigrations } from '../../src/lib/database/migrate.ts'
import { proof } from '../support/proof.ts'
import { fillFrom, groundAt, type MigrationGround } from '../support/proofs/migrations/ground.ts'
import { previousRelease } from '../support/proofs/migrations/previous-release.ts'
import { holdAllTables, startTraffic } from '../support/proofs/migrations/traffic.ts'
import { createTestApp } from '../support/test-app.ts'
import { asAdmin, testServer } from '../support/test-server.ts'
import { until } from '../support/until.ts'
import { createWorld } from '../support/world.ts'

const here = proof('migrations-under-load')
t.setTimeout(900_000)
const all = expectedMigrations()
const counts: Record<string, number | string> = { migrations: 0, rows: 0, statements: 0, 'slowest ms': 0 }

/** Something a later release might do to a table that everybody uses. */
const altering = `-- Up Migration
alter table cairn.practices add column tried_out text;
`
const indexing = (name: string, unique = '') => `-- Up Migration
-- Outside a transaction
create ${unique}index concurrently if not exists ${name} on cairn.practices (name);
`

await t.test('each migration runs while a long transaction holds every table', async t => {
  const first = here.long ? 1 : all.length
  const source = await createTestApp(t)
  if (here.long) await createWorld(source)
  const ground = await groundAt(t, first)
  for (const name of [...all.slice(first), '9001_alter']) {
    if (name === '9001_alter') await writeFile(join(ground.folder, `${name}.sql`), altering)
    else await ground.addNext()
    counts.rows = Number(counts.rows) + (await fillFrom(source.adminUrl, ground.adminUrl))
    const traffic = await startTraffic(ground.adminUrl, 4)
    const holder = await holdAllTables(ground.adminUrl)
    const migrating = ground.migrate()
    await sleep(here.amount(700, 2_500))
    await holder.end()
    t.same(await migrating, [name])
    const { statements, failures, p99Ms, slowestMs } = await traffic.stop()
    t.strictSame(failures, [], `${name}: no request failed`)
    t.ok(p99Ms < 1_000, `${name}: ${Math.round(p99Ms)} ms for 99 of 100`)
    counts.migrations = Number(counts.migrations) + 1
    counts.statements = Number(counts.statements) + statements
    counts['slowest ms'] = Math.max(Number(counts['slowest ms']), Math.round(slowestMs))
  }
  if (here.long) t.ok(Number(counts.rows) > 500, `${counts.rows} rows of a practice were there`)
})

const longOnly = { skip: !here.long && 'takes many seconds: long form only' }
await t.test('a migration that waited without giving way would hold up requests', longOnly, async t => {
  const ground = await groundAt(t, 1)
  const traffic = await startTraffic(ground.adminUrl, 2)
  const holder = await holdAllTables(ground.adminUrl)
  const impatient = asAdmin(ground.adminUrl, admin =>
    admin.query('alter table cairn.practices add column tried_out text'),
  )
  await sleep(2_400)
  await holder.end()
  await impatient
  const { failures } = await traffic.stop()
  t.match(failures.join('\n'), /practices.*lock timeout/s, 'which this would notice')
})

await t.test('indexes that are built beside the service', async t => {
  const ground = await groundAt(t, 1)
  const add = (name: string, text: string) => writeFile(join(ground.folder, `${name}.sql`), text)

  await t.test('one that was broken off is finished by the next run', async t => {
    await add('9001_index', indexing('practices_name'))
    const holder = await holdAllTables(ground.adminUrl)
    const migrating = ground.migrate()
    const failed = t.rejects(migrating, 'the one that is killed')
    await untilThere(ground, 'practices_name')
    await killMigrations(ground)
    await failed
    await holder.end()
    t.equal(await stateOf(ground, 'practices_name'), 'invalid')
    t.same(await ground.migrate(), ['9001_index'])
    t.equal(await stateOf(ground, 'practices_name'), 'valid')
  })

  await t.test('one that cannot be is said, and is built once it can', async t => {
    await asAdmin(ground.adminUrl, admin =>
      admin.query(`insert into cairn.practices (name, time_zone, jurisdiction)
        values ('Same (fictional)', 'UTC', 'US-CA'), ('Same (fictional)', 'UTC', 'US-CA')`),
    )
    await add('9002_unique', indexing('practices_name_key', 'unique '))
    await t.rejects(ground.migrate(), { code: '23505' })
    t.equal(await stateOf(ground, 'practices_name_key'), 'invalid')
    await t.rejects(ground.migrate(), { code: '23505' }, 'also the second time')
    await asAdmin(ground.adminUrl, admin =>
      admin.query(`update cairn.practices set name = name || practice_id`),
    )
    t.same(await ground.migrate(), ['9002_unique'])
    t.equal(await stateOf(ground, 'practices_name_key'), 'valid')
    t.equal(await invalidIndexes(ground), 0, 'and nothing is left over')
  })

  await t.test('nothing else runs outside a transaction', async t => {
    await add(
      '9003_more',
      `-- Up Migration\n-- Outside a transaction\nalter table cairn.practices add x text;\n`,
    )
    await t.rejects(ground.migrate(), /9003_more.sql: only "create index concurrently if not exists"/)
  })
})

await t.test('two at once, and one that is killed midway', longOnly, async t => {
  const ground = await groundAt(t, 1)
  for (const _ of all.slice(1)) await ground.addNext()
  const killed = await startMigrating(ground)
  while (killed.exitCode === null && (await applied(ground)).length < 3) await sleep(5)
  killed.kill('SIGKILL')
  const ran = await Promise.all([ground.migrate(), ground.migrate()])
  t.same(await applied(ground), all, 'each ran once, in order')
  t.ok(
    ran.some(names => names.length === 0),
    'one of the two found nothing to do',
  )
  t.same(await ground.migrate(), [])
})

const release = process.env.PREVIOUS_RELEASE ?? ''
await t.test(
  'the tests of the previous release pass on the new schema',
  { skip: previousRelease.whyNot(release, here.long) },
  async t => {
    const { failures, checks } = await previousRelease.run(t, release)
    t.strictSame(failures, [])
    Object.assign(counts, { 'previous release': release, checks })
  },
)

here.report(counts)

async function stateOf({ adminUrl }: MigrationGround, index: string): Promise<string> {
  const { rows } = await asAdmin(adminUrl, admin =>
    admin.query(`select indisvalid from pg_index where indexrelid = to_regclass('cairn.' || $1)`, [index]),
  )
  return rows[0] ? (rows[0].indisvalid ? 'valid' : 'invalid') : 'missing'
}

async function invalidIndexes({ adminUrl }: MigrationGround): Promise<number> {
  const { rowCount } = await asAdmin(adminUrl, admin =>
    admin.query(`select from pg_index i join pg_class c on c.oid = i.indexrelid
      where c.relnamespace = 'cairn'::regnamespace and not i.indisvalid`),
  )
  return rowCount ?? 0
}

function untilThere(ground: MigrationGround, index: string): Promise<void> {
  return until(`${index} is begun`, async () => (await stateOf(ground, index)) !== 'missing', { seconds: 5 })
}

/** Ends the sessions that change the schema, as the end of their process or machine would. */
async function killMigrations({ adminUrl }: MigrationGround): Promise<void> {
  await asAdmin(adminUrl, admin =>
    admin.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and query ilike 'create%index concurrently%' and pid <> pg_backend_pid()`),
  )
}

/** `npm run migrate` as a process, which has all migrations of this code. */
async function startMigrating({ adminUrl }: MigrationGround): Promise<ChildProcess> {
  const { keyringFile } = await testServer()
  return spawn(process.execPath, ['src/commands/migrate.ts'], {
    env: { PATH: process.env.PATH, DATABASE_URL: adminUrl, CAIRN_KEYRING_FILE: keyringFile },
    stdio: 'ignore',
  })
}

async function applied({ adminUrl }: MigrationGround): Promise<string[]> {
  const { rows } = await asAdmin(adminUrl, admin =>
    admin.query<{ name: string }>('select name from public.schema_migrations order by id'),
  )
  return rows.map(row => row.name)
}
