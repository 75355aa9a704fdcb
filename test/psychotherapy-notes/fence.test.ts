import pg from 'pg'
import t from 'tap'
import { sealedColumns } from '../../src/lib/sealing/sealed-columns.ts'
import { createTestPractice } from '../support/practice.ts'
import {
  addAddendum,
  authorize,
  chartOf,
  completedNote,
  joinTeam,
  startNote,
  supervise,
} from '../support/psychotherapy-notes.ts'
import { createTestApp } from '../support/test-app.ts'
import { asAdmin } from '../support/test-server.ts'

// The fence in the database: somebody who can run any SQL as the service's own role, as another actor.

const tables = [
  'psychotherapy_notes',
  'psychotherapy_note_drafts',
  'psychotherapy_note_texts',
  'psychotherapy_note_additions',
  'psychotherapy_authorizations',
]

t.test('the database shows psychotherapy notes to their author only', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const { owner } = practice
  const author = await practice.staff(['clinician'])
  const partner = await practice.staff(['clinician'])
  const reader = await practice.staff(['clinician'])
  const supervisor = await practice.staff(['supervisor'])
  const { clientId, chartId } = await chartOf(practice, author)
  await joinTeam(owner, chartId, partner)
  const { body: draft } = await startNote(author, chartId)
  const completed = await completedNote(author, chartId)
  await addAddendum(author, completed, 'And then')
  await authorize(author, chartId, { clientId, recipientStaffId: reader.staffId })
  const client = new pg.Client({ connectionString: test.appUrl })
  await client.connect()
  t.teardown(() => client.end())

  /** Statements in one transaction of this actor, which is rolled back. Answers the rows of the last, or its error. */
  async function as(actorId: string, ...texts: string[]): Promise<number | string> {
    await client.query('begin')
    try {
      await client.query('select app.use_practice($1, $2, false)', [practice.id, actorId])
      let rows = 0
      for (const text of texts) rows = (await client.query(text)).rowCount ?? 0
      return rows
    } catch (error) {
      return error instanceof pg.DatabaseError ? String(error.code) : 'unknown'
    } finally {
      await client.query('rollback')
    }
  }
  const open = 'select app.open_psychotherapy_notes()'
  const strangers = { owner, partner, supervisor, system: { actorId: practice.id } }

  t.test('its author finds a row in every table', async t => {
    for (const table of tables) t.ok(Number(await as(author.actorId, `select from ${table}`)) > 0, table)
  })

  t.test('every other actor finds none, opened or not, and changes none', async t => {
    for (const [name, { actorId }] of Object.entries(strangers)) {
      for (const table of tables) {
        t.equal(await as(actorId, `select from ${table}`), 0, `${name} ${table}`)
        t.equal(await as(actorId, open, `select from ${table}`), 0, `${name} ${table}, opened`)
        t.equal(await as(actorId, open, `select count(*) from ${table} having count(*) > 0`), 0)
      }
      for (const text of [
        'update psychotherapy_notes set version = 99',
        "update psychotherapy_note_drafts set text_sealed = ''",
        'delete from psychotherapy_note_drafts',
        'update psychotherapy_authorizations set revoked_at = now()',
      ])
        t.equal(await as(actorId, open, text), 0, `${name}: ${text}`)
    }
  })

  t.test('a recipient finds what is completed, and only once it is opened', async t => {
    const { actorId } = reader
    t.equal(await as(actorId, 'select from psychotherapy_notes'), 0)
    t.equal(await as(actorId, open, 'select from psychotherapy_notes'), 1)
    t.equal(await as(actorId, open, 'select from psychotherapy_note_texts'), 1)
    t.equal(await as(actorId, open, 'select from psychotherapy_note_drafts'), 0)
    t.equal(await as(actorId, open, 'update psychotherapy_notes set version = 99'), '42501')
    t.equal(await as(actorId, 'update psychotherapy_authorizations set revoked_at = now()'), '42501')
  })

  t.test('a supervisor finds the notes of whom they train, and no drafts', async t => {
    await supervise(owner, author, { supervisorId: supervisor.staffId, forTraining: true })
    t.equal(await as(supervisor.actorId, open, 'select from psychotherapy_notes'), 1)
    t.equal(await as(supervisor.actorId, open, 'select from psychotherapy_note_drafts'), 0)
    t.equal(await as(supervisor.actorId, open, 'select from psychotherapy_authorizations'), 0)
    await supervise(owner, author, { supervisorId: null })
    t.equal(await as(supervisor.actorId, open, 'select from psychotherapy_notes'), 0)
  })

  t.test('nobody writes in another’s name, takes a note over, or adds to one', async t => {
    const values = (user: string, staff: string) =>
      `('${practice.id}', '${completed}', 9, '${user}', '${staff}', '${chartId}', 'psychotherapy', '')`
    const add = `insert into psychotherapy_note_texts
      (practice_id, note_id, revision, author_user_id, author_id, chart_id, kind, text_sealed) values `
    t.equal(await as(partner.actorId, `${add}${values(author.actorId, author.staffId)}`), '42501')
    t.equal(await as(partner.actorId, `${add}${values(partner.actorId, partner.staffId)}`), '23503')
    t.equal(
      await as(author.actorId, `update psychotherapy_notes set author_user_id = '${partner.actorId}'`),
      '42501',
    )
    t.equal(await as(author.actorId, `update psychotherapy_note_texts set revision = 3`), '42501')
    t.equal(await as(author.actorId, 'delete from psychotherapy_notes'), '42501')
  })

  t.test('nothing outside refers to these tables', async t => {
    const { rows } = await asAdmin(test.adminUrl, admin =>
      admin.query<{ name: string }>(
        `select conrelid::regclass::text as name from pg_constraint
         where contype = 'f' and confrelid = any($1::regclass[]) and conrelid <> all($1::regclass[])`,
        [tables.map(table => `cairn.${table}`)],
      ),
    )
    t.same(rows, [])
  })

  t.test('their texts are sealed with a key of their own', async t => {
    const purposes = sealedColumns.filter(({ table }) => tables.includes(table)).map(({ purpose }) => purpose)
    t.same([...new Set(purposes)], ['psychotherapy'])
    const held = await asAdmin(test.adminUrl, async admin => {
      const { rows } = await admin.query(
        'select purpose from cairn.practice_keys where practice_id = $1 order by purpose',
        [practice.id],
      )
      return rows.map(row => row.purpose)
    })
    t.ok(held.includes('psychotherapy'))
    // Without that key they are lost, and the rest of the record is not.
    await asAdmin(test.adminUrl, admin =>
      admin.query(
        `update cairn.practice_keys set state = 'destroyed', wrapped = '' where practice_id = $1 and purpose = 'psychotherapy'`,
        [practice.id],
      ),
    )
    test.house.database.sealer.forget(practice.id)
    t.equal((await author.get(`/v1/psychotherapy-notes/${draft.id}`)).status, 500)
    t.equal((await author.get(`/v1/charts/${chartId}`)).status, 200)
    t.equal((await owner.get(`/v1/clients/${clientId}`)).status, 200)
  })
})
