import pg from 'pg'
import t from 'tap'
import { v7 as uuidv7 } from 'uuid'
import { createPool } from '../../../src/lib/database/connect.ts'
import { inPractice } from '../../../src/lib/database/in-practice.ts'
import { numberEvents } from '../../../src/lib/jobs/relay.ts'
import { enqueue } from '../../../src/lib/outbox.ts'
import { systemScope } from '../../../src/lib/scope.ts'
import { rounds } from '../../../src/modules/jobs.ts'
import { operationsOf } from '../../support/operations.ts'
import { createTestPractice, type TestPractice } from '../../support/practice.ts'
import { proof } from '../../support/proof.ts'
import { day } from '../../support/recovery.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { asAdmin } from '../../support/test-server.ts'
import { make } from '../../support/world/ground.ts'
import { requestOf, send } from '../../support/world/requests.ts'
import { createWorld, type World } from '../../support/world.ts'

// The last fence, tried from the inside: somebody who can run any SQL as the service's own role.

interface Table {
  name: string
  /** A column that may be assigned to itself. */
  column: string
}

const tenantTables = async (test: TestApp): Promise<Table[]> =>
  asAdmin(test.adminUrl, async admin => {
    const { rows } = await admin.query<Table>(
      `select c.relname as name, (select attname from pg_attribute where attrelid = c.oid and attnum > 0
           and not attisdropped and attname <> 'practice_id' limit 1) as column
       from pg_class c where c.relnamespace = 'cairn'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
         and c.relrowsecurity order by 1`,
    )
    return rows.map(({ name, column }) => ({ name, column: column ?? 'practice_id' }))
  })

/** Rows in the tables that every request writes to. */
async function fillWithRows(test: TestApp, practice: TestPractice): Promise<void> {
  await practice.owner.post(
    '/v1/locations',
    { name: 'Fenced', timeZone: 'UTC' },
    { key: `key-${practice.id}` },
  )
  await inPractice(test.house.database, systemScope(practice.id, 'test'), async trx => {
    enqueue(trx, 'send-mail', practice.id)
  })
  const relay = createPool({ url: test.relayUrl, size: 1, applicationName: 'test', onError: () => {} })
  await numberEvents(relay)
  await relay.end()
  await practice.owner.post('/v1/locations', { name: 'Not numbered yet', timeZone: 'UTC' })
}

/** What the examples leave out: what a lapse touched, what helped against an urge, days of a contract that were reached. */
async function fillWithLinks({ callers: { clinician }, ids }: World): Promise<void> {
  const { addictionId, behaviorId, chartId, copingSkillId, itemId } = ids
  const chart = `/v1/charts/${chartId}`
  const lapse = { addictionId, occurredOn: '2026-01-05', severity: 'slip' }
  await make(clinician, `${chart}/lapses`, { ...lapse, behaviorIds: [behaviorId], itemIds: [itemId] })
  const urge = { occurredAt: '2026-01-06T20:00:00Z', stage: 'cue', urgeBefore: 5, outcome: 'passed' }
  await make(clinician, `${chart}/urges`, { ...urge, copingSkillIds: [copingSkillId] })
  await make(clinician, `${chart}/check-ins`, { kind: 'daily', coversOn: '2026-06-01', mood: 5 })
}

/** What the clock tells of a chart: a streak that has reached its thirtieth day. */
async function fillByTheClock({ test, practice, callers: { clinician }, ids }: World): Promise<void> {
  await make(clinician, `/v1/charts/${ids.chartId}/addictions`, { type: 'work', soberSince: day(-30) })
  await inPractice(test.house.database, systemScope(practice.id, 'recovery-watch'), rounds['recovery-watch'])
}

/** What a world does not do by itself, and fills a table. */
const fillers = [
  'createClient',
  'inviteStaffMember',
  'acceptCoupleAgreement',
  'setIdentifiedPatient',
  'addSessionNoteAddendum',
  'lockSessionNote',
  'saveNoteSnippets',
  'decideNoteBillingFacts',
  'setNeurofeedbackBand',
  'markGroupSessionAsError',
  'checkInForTelehealth',
  'markSessionNoteAsError',
  'setChartPhilosophy',
  'reviewCriteria',
  'submitCheckIn',
  'reportLapse',
  'reopenJourneyTask',
  'logUrge',
  'saveAssessmentAnswers',
  'completeAssessment',
  'savePsychosocialSections',
  'addPsychosocialAddendum',
  'addPsychotherapyNoteAddendum',
  'signRiskAssessment',
  'reviewSafetyPlan',
  'importDiagnosisCodes',
]

/** Tables without a row: signed assertions of API clients, what the worker seals, tokens that were exchanged. */
const alwaysEmpty: readonly string[] = ['api_client_assertions', 'audit_seals', 'session_past_tokens']

interface Row {
  table: string
  /** Its primary key. */
  key: string[]
  values: Record<string, unknown>
}

/** One row of every table in which a practice has one. */
async function rowsOf(test: TestApp, practiceId: string, tables: readonly Table[]): Promise<Row[]> {
  return asAdmin(test.adminUrl, async admin => {
    const rows: Row[] = []
    for (const { name } of tables) {
      const table = `cairn.${pg.escapeIdentifier(name)}`
      const found = await admin.query<{ values: Record<string, unknown> }>(
        `select (select jsonb_object_agg(k, v) from jsonb_each(to_jsonb(one)) as fields(k, v)
            where k in (select attname from pg_attribute where attrelid = $2::regclass and attgenerated = '')) as values
         from ${table} one where practice_id = $1 limit 1`,
        [practiceId, table],
      )
      const key = await admin.query<{ name: string }>(
        `select a.attname as name from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
         where i.indrelid = $1::regclass and i.indisprimary`,
        [table],
      )
      const values = found.rows[0]?.values
      if (values) rows.push({ table: name, key: key.rows.map(one => one.name), values })
    }
    return rows
  })
}

const columnsOf = ({ values }: Row) => Object.keys(values).map(pg.escapeIdentifier).join(', ')

const sameKey = ({ key }: Row) =>
  key.map(name => `${pg.escapeIdentifier(name)} = excluded.${pg.escapeIdentifier(name)}`).join(', ')

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The same row with ids that were never given; what is one id stays one. */
function strange(values: Record<string, unknown>): Record<string, unknown> {
  const ids = new Map<string, string>()
  const strangeId = (id: string) => {
    const known = ids.get(id) ?? uuidv7()
    ids.set(id, known)
    return known
  }
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      name !== 'practice_id' && typeof value === 'string' && uuid.test(value) ? strangeId(value) : value,
    ]),
  )
}

const denied = new Set(['42501', '23502', '23503', '23505', '23514'])

t.test('row security', async t => {
  const here = proof('row-security')
  const test = await createTestApp(t)
  const [a, world] = [await createTestPractice(test), await createWorld(test)]
  const b = world.practice
  for (const operation of operationsOf(test.app).filter(({ id }) => fillers.includes(id)))
    await send(test, await requestOf(world, operation))
  await fillWithLinks(world)
  await fillByTheClock(world)
  await fillWithRows(test, a)
  await fillWithRows(test, b)
  const tables = await tenantTables(test)
  const rowsOfB = await rowsOf(test, b.id, tables)
  let tried = 0
  const client = new pg.Client({ connectionString: test.appUrl })
  await client.connect()
  t.teardown(() => client.end())

  /** One statement in a transaction of practice A, or of none, which is rolled back. */
  async function attempt(text: string, values: unknown[], practice: string | null = a.id) {
    await client.query('begin')
    try {
      if (practice) await client.query('select app.use_practice($1, $1, false)', [practice])
      const { rowCount } = await client.query(text, values)
      return { rows: rowCount, code: null }
    } catch (error) {
      return { rows: null, code: error instanceof pg.DatabaseError ? error.code : 'unknown' }
    } finally {
      await client.query('rollback')
    }
  }

  t.test('practice B has rows to reach for', async t => {
    for (const name of [
      'locations',
      'audit_log',
      'events',
      'outbox',
      'idempotency_keys',
      'sessions',
      'practice_keys',
    ]) {
      const { rowCount } = await asAdmin(test.adminUrl, admin =>
        admin.query(`select from cairn.${pg.escapeIdentifier(name)} where practice_id = $1`, [b.id]),
      )
      t.ok((rowCount ?? 0) > 0, name)
    }
  })

  t.test('A cannot read, change or remove a row of B in any table, even naming it', async t => {
    for (const { name, column } of tables) {
      const [table, some] = [pg.escapeIdentifier(name), pg.escapeIdentifier(column)]
      for (const text of [
        `select from ${table} where practice_id = $1`,
        `update ${table} set ${some} = ${some} where practice_id = $1`,
        `delete from ${table} where practice_id = $1`,
      ]) {
        const { rows, code } = await attempt(text, [b.id])
        t.ok(rows === 0 || code === '42501', `${text}: ${rows ?? code}`)
        tried += 1
      }
      const all = await attempt(`select from ${table} where practice_id <> $1`, [a.id])
      t.ok(all.rows === 0 || all.code === '42501', `${name}: everything else`)
    }
  })

  t.test('A cannot add a row for B, nor give one of its own away', async t => {
    for (const { name } of tables) {
      const table = pg.escapeIdentifier(name)
      const { rows, code } = await attempt(`insert into ${table} (practice_id) values ($1)`, [b.id])
      t.ok(rows === null && denied.has(code ?? ''), `insert into ${name}: ${code}`)
      const given = await attempt(`update ${table} set practice_id = $1`, [b.id])
      t.ok(given.rows === 0 || denied.has(given.code ?? ''), `give away ${name}: ${given.rows ?? given.code}`)
    }
    const stolen = await attempt(
      `insert into locations (practice_id, name, time_zone) values ($1, 'Stolen', 'UTC')`,
      [b.id],
    )
    t.equal(stolen.code, '42501')
  })

  t.test('a whole row of B is refused as a row of A like one that names nothing', async t => {
    const empty = new Set(tables.map(({ name }) => name))
    for (const row of rowsOfB) {
      empty.delete(row.table)
      const [table, columns] = [pg.escapeIdentifier(row.table), columnsOf(row)]
      const insert = `insert into ${table} (${columns}) select ${columns} from jsonb_populate_record(null::${table}, $1::jsonb)`
      const twice = `on conflict (${row.key.map(pg.escapeIdentifier).join(', ')}) do`
      for (const text of [
        insert,
        `${insert} ${twice} nothing`,
        `${insert} ${twice} update set ${sameKey(row)}`,
      ]) {
        t.equal((await attempt(text, [JSON.stringify(row.values)])).code, '42501', `${text} with B's own row`)
        tried += 1
      }
      const asA = { ...row.values, practice_id: a.id }
      const [theirs, nobodys] = [
        await attempt(insert, [JSON.stringify(asA)]),
        await attempt(insert, [JSON.stringify(strange(asA))]),
      ]
      t.same(theirs, nobodys, `${row.table}: ids of B in a row of A`)
      tried += 2
    }
    t.same([...empty].sort(), alwaysEmpty, 'tables without a row of B')
  })

  t.test('a row of B cannot be referred to from A', async t => {
    const { rows } = await asAdmin(test.adminUrl, admin =>
      admin.query<{ id: string }>('select id from cairn.locations where practice_id = $1 limit 1', [b.id]),
    )
    const { code } = await attempt(
      `insert into rooms (practice_id, location_id, name) values ($1, $2, 'Theirs')`,
      [a.id, rows[0]?.id],
    )
    t.equal(code, '23503')
  })

  t.test('without a practice every table raises instead of looking empty', async t => {
    for (const { name } of tables) {
      const { code } = await attempt(`select from ${pg.escapeIdentifier(name)}`, [], null)
      t.equal(code, '42501', name)
    }
  })

  t.test('the practice of a transaction does not outlive it', async t => {
    t.equal((await attempt('select from locations', [])).code, null)
    t.equal((await attempt('select from locations', [], null)).code, '42501')
  })

  t.test('the fence cannot be taken down from the inside', async t => {
    for (const text of [
      'set session authorization postgres',
      'set role cairn_owner',
      'set role cairn_relay',
      'alter table locations disable row level security',
      'alter table locations no force row level security',
      'create policy mine on locations for all using (true)',
      'drop policy tenant on locations',
      'create table cairn.mine (a int)',
      'create or replace function app.current_practice() returns uuid language sql as $$ select null::uuid $$',
      'truncate locations',
      'select from pgboss.job',
      `set local row_security = off; select from locations`,
    ]) {
      const { code } = await attempt(text, [])
      t.ok(code !== null, `${text}: ${code}`)
    }
  })

  t.test('counts', async () =>
    here.report({ tables: tables.length, 'rows of B': rowsOfB.length, statements: tried }),
  )
})
