import t from 'tap'
import { v7 as uuidv7 } from 'uuid'
import { asOwner } from '../support/clients-raw.ts'
import { couplePeople } from '../support/couples.ts'
import { createTestPractice, type TestPractice } from '../support/practice.ts'
import { createRecordGround, recordsIn } from '../support/recovery-records.ts'
import { countingOn } from '../support/round-trips/index.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { asAdmin } from '../support/test-server.ts'

interface Laid {
  kind: 'block' | 'typology'
  key: string
  status: string
  covered?: boolean
}

/** Somebody of a practice with these records, laid by the administrator to keep the test quick. */
async function layPerson(test: TestApp, practice: TestPractice, records: readonly Laid[], left?: string) {
  const [clientId, chartId] = [uuidv7(), uuidv7()]
  await asAdmin(test.adminUrl, async admin => {
    const run = (text: string, ...values: unknown[]) => admin.query(text, [practice.id, ...values])
    await admin.query('set search_path to cairn')
    await run(
      `insert into clients (practice_id, id, legal_given_name, legal_family_name, status) values ($1, $2, 'Alex', 'Example', $3)`,
      clientId,
      left ? 'discharged' : 'active',
    )
    await run(`insert into charts (practice_id, id, kind) values ($1, $2, 'individual')`, chartId)
    await run(
      'insert into chart_members (practice_id, chart_id, client_id) values ($1, $2, $3)',
      chartId,
      clientId,
    )
    if (left)
      await run(
        `insert into client_status_changes (practice_id, client_id, from_status, to_status, reason, effective_on)
         values ($1, $2, 'active', 'discharged', $3, '2026-01-01')`,
        clientId,
        left,
      )
    for (const { kind, key, status, covered } of records)
      await run(
        `insert into recovery_records (practice_id, id, chart_id, kind, status, data_class, occurred_on, keys, plan_id, entered_by, recorded_by)
         values ($1, $2, $3, $4, $5, $6, '2026-01-02', $7, $8, 'staff', $9)`,
        uuidv7(),
        chartId,
        kind,
        status,
        kind === 'typology' || key === 'legal' ? 'restricted' : 'clinical',
        [key],
        covered ? uuidv7() : null,
        practice.owner.staffId,
      )
  })
}

t.test('blocks and patterns of a whole practice, without names', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const { owner } = practice
  const clinician = await practice.staff(['clinician'])
  const lay = async (count: number, records: readonly Laid[], left?: string) => {
    for (let at = 0; at < count; at += 1) await layPerson(test, practice, records, left)
  }

  t.test('nothing small is told, and nothing by the difference', async t => {
    const report = '/v1/reports/blocks'
    const none = { smallestCount: 5, clients: null, leftEarly: null, rows: [] }
    t.same((await owner.get(report)).body, none)
    const block = (key: string, status = 'identified', covered = false): Laid => ({
      kind: 'block',
      key,
      status,
      covered,
    })
    // Twelve with shame. Six have it open; the one whose plan knows of it would be told of by the difference.
    await lay(4, [block('shame')], 'no_contact')
    await lay(1, [block('shame'), block('shame'), block('shame', 'resolved')], 'client_request')
    await lay(1, [block('shame', 'improving', true)], 'treatment_completed')
    await lay(6, [block('shame', 'resolved'), block('shame', 'withdrawn')])
    await lay(4, [block('practical')])
    await lay(5, [block('legal')])
    await lay(6, [])
    t.same((await owner.get(report)).body, {
      smallestCount: 5,
      clients: 27,
      leftEarly: 5,
      rows: [{ category: 'shame', clients: 12, open: 6, withoutObjective: null, leftEarly: 5 }],
    })
    await lay(1, [], 'client_request')
    const { body } = await owner.get(report)
    t.match(body, { clients: 28, leftEarly: 6 })
    t.equal(body.rows[0].leftEarly, null, 'the one who left without shame would be told of')
    await lay(1, [block('practical')])
    t.match((await owner.get(report)).body.rows, [
      { category: 'shame', clients: 12 },
      { category: 'practical', clients: 5, open: 5, withoutObjective: 5, leftEarly: null },
    ])
    t.equal((await clinician.get(report)).status, 403)
    t.same((await (await createTestPractice(test)).owner.get(report)).body, none)
  })

  t.test('of patterns the newest counts that was not set aside', async t => {
    const report = '/v1/reports/typology'
    const hidden = { sex: null, love: null, both: null, avoidance: null, undetermined: null }
    const told = async () => (await owner.get(report)).body
    const pattern = (key: string, status = 'considered'): Laid => ({ kind: 'typology', key, status })
    t.same(await told(), { smallestCount: 5, clients: null, patterns: hidden })
    await lay(7, [pattern('undetermined'), pattern('sex', 'agreed')])
    await lay(1, [pattern('sex'), pattern('love', 'set_aside')])
    await lay(1, [pattern('avoidance', 'withdrawn')])
    await lay(6, [pattern('both')])
    t.same(await told(), { smallestCount: 5, clients: 14, patterns: { ...hidden, sex: 8, both: 6 } })
    await lay(1, [pattern('love')])
    // The one with `love` alone would be what is left over, so `both` is hidden beside it.
    t.same(await told(), { smallestCount: 5, clients: 15, patterns: { ...hidden, sex: 8 } })
    t.equal((await clinician.get(report)).status, 403)
  })
})

t.test('open blocks without an objective of a caseload', async t => {
  const test = await createTestApp(t)
  const ground = await createRecordGround(test, 'Robin')
  const { practice, clinician, supervisor, chartId, clientId, made, step } = ground
  const list = '/v1/uncovered-blocks'
  const other = recordsIn(
    practice,
    clinician,
    (await couplePeople(test, practice).client('Sam', [clinician])).chartId,
  )
  const first = await made('block', { occurredOn: '2026-01-02' })
  const second = await other.made('block', {
    occurredOn: '2026-01-03',
    content: { category: 'shame', severity: 9 },
  })
  const legal = await made('block', { occurredOn: '2026-01-04', content: { category: 'legal' } })
  const done = await made('block')
  await step(done, { status: 'resolved' })
  const covered = await made('block')
  await asOwner(test, `update recovery_records set plan_id = $2 where id = $1`, [covered.id, uuidv7()])
  const idsOf = async (by = clinician, query = '') =>
    (await by.get(list + query)).body.data.map(({ recordId }: { recordId: string }) => recordId)

  t.test('the oldest first, with whose chart it is, in pages', async t => {
    const { body } = await clinician.get(`${list}?limit=2`)
    t.match(body.data, [
      {
        recordId: first.id,
        chartId,
        members: [{ clientId, displayName: 'Robin Example' }],
        category: 'practical',
        severity: 6,
        status: 'identified',
        dataClass: 'clinical',
        identifiedOn: '2026-01-02',
      },
      { recordId: second.id, members: [{ displayName: 'Sam Example' }], severity: 9 },
    ])
    const rest = await clinician.get(`${list}?limit=2&cursor=${body.nextCursor}`)
    t.match(rest.body, { data: [{ recordId: legal.id, dataClass: 'restricted' }], nextCursor: null })
    t.same(await idsOf(clinician, '?category=shame'), [second.id])
    t.equal((await clinician.get(`${list}?cursor=nonsense`)).body.code, 'invalid-cursor')
    t.equal((await clinician.get(`${list}?category=nonsense`)).status, 400)
  })

  t.test('nobody is shown what they may not read', async t => {
    t.same(await idsOf(supervisor), [first.id, second.id], 'nothing restricted for a supervisor')
    t.same(await idsOf(await practice.staff(['clinician'])), [])
    t.same(await idsOf((await createRecordGround(test)).clinician), [])
    t.equal((await practice.owner.get(list)).status, 403)
  })

  t.test('a closed chart is nobody’s work any more, and more of them cost no more', async t => {
    const costOf = countingOn(test)
    await idsOf()
    const before = costOf().statements
    for (let more = 0; more < 3; more += 1) await other.made('block')
    costOf()
    t.equal((await idsOf()).length, 6)
    t.equal(costOf().statements, before)
    await asOwner(test, `update charts set status = 'closed', closed_at = now() where id = $1`, [
      other.chartId,
    ])
    t.same(await idsOf(), [first.id, legal.id])
  })
})
