import fc from 'fast-check'
import t from 'tap'
import { Temporal } from 'temporal-polyfill'
import { inPractice } from '../../src/lib/database/in-practice.ts'
import { systemScope } from '../../src/lib/scope.ts'
import { watchRecovery } from '../../src/modules/recovery/index.ts'
import { deadlinesOf } from '../../src/modules/recovery/mandated-reports/deadlines.rules.ts'
import { createRecordGround, type RecordGround } from '../support/recovery-records.ts'
import { createTestApp } from '../support/test-app.ts'

const zone = 'America/Los_Angeles'
const due = (type: string, knownAt: string, jurisdiction = 'US-CA') =>
  deadlinesOf({ type, jurisdiction, knownAt }, zone, '2026-11-20').map(({ unit, dueAt }) => [unit, dueAt])

t.test('deadlines by hand', async t => {
  t.same(due('child_abuse', '2026-11-20T18:00:00.000Z'), [
    ['at_once', '2026-11-20T18:00:00.000Z'],
    ['hours', '2026-11-22T06:00:00.000Z'],
  ])
  // Friday morning; the second working day is Tuesday.
  t.same(due('elder_abuse', '2026-11-20T18:00:00.000Z')[1], ['working_days', '2026-11-24T18:00:00.000Z'])
  // Friday 5 p.m. before the clocks go forward: Tuesday 5 p.m. is an hour earlier in UTC.
  t.same(due('dependent_adult_abuse', '2026-03-07T01:00:00.000Z')[1], [
    'working_days',
    '2026-03-11T00:00:00.000Z',
  ])
  t.same(
    due('child_abuse', '2026-03-08T09:00:00.000Z')[1],
    ['hours', '2026-03-09T21:00:00.000Z'],
    'hours are hours',
  )
})

t.test('what is not known for certain is said to be unknown', async t => {
  const unknown = [
    ['unknown', null],
    ['unknown', null],
  ]
  const at = '2026-11-20T18:00:00.000Z'
  for (const type of ['csam_access', 'threat_to_identifiable_victim', 'gravely_disabled', 'partner_violence'])
    t.same(due(type, at), unknown, type)
  t.same(due('child_abuse', at, 'US-NV'), unknown, 'never the rule of another state')
  t.same(
    due('child_abuse', '2026-01-01T07:59:00.000Z'),
    unknown,
    'still the year before, where the practice is',
  )
  t.same(due('child_abuse', '2026-01-01T08:00:00.000Z')[0]?.[0], 'at_once')
  const [oral, written] = deadlinesOf(
    { type: 'child_abuse', jurisdiction: 'US-CA', knownAt: null },
    zone,
    '2026-11-20',
  )
  t.match(
    [oral, written],
    [
      { unit: 'at_once', dueAt: null },
      { unit: 'hours', amount: 36, dueAt: null },
    ],
  )
  t.match(written, { source: /11166/, confidence: 'published' })
})

t.test('two working days are two days that are neither Saturday nor Sunday', async () => {
  const hours = fc.integer({ min: 0, max: 24 * 700 })
  fc.assert(
    fc.property(hours, hour => {
      const knownAt = new Date(Date.UTC(2026, 0, 2) + hour * 3_600_000).toISOString()
      const [, [, dueAt] = []] = due('elder_abuse', knownAt)
      const at = (instant: string) => Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDate()
      const [first, last] = [at(knownAt), at(String(dueAt))]
      let working = 0
      for (
        let day = first.add({ days: 1 });
        Temporal.PlainDate.compare(day, last) <= 0;
        day = day.add({ days: 1 })
      )
        if (day.dayOfWeek <= 5) working += 1
      return working === 2 && last.dayOfWeek <= 5
    }),
  )
})

t.test('the deadlines of a record', async t => {
  const test = await createTestApp(t)
  const ground = await createRecordGround(test)
  const { practice, clinician, supervisor, url, made, step } = ground
  const colleague = await practice.staff(['clinician'])
  const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString()
  const report = (content: object) =>
    made('mandated_report', { content: { type: 'child_abuse', decision: 'report', ...content } })
  const deadlines = (id: string, by = clinician) => by.get(`${url}/${id}/deadlines`)

  t.test('are computed, and shown to the care team alone', async t => {
    const record = await report({ knownAt: hoursAgo(40), oralAt: hoursAgo(39) })
    const { body } = await deadlines(record.id)
    t.match(body.steps, [
      { step: 'oral', unit: 'at_once', doneAt: String, overdue: false },
      { step: 'written', unit: 'hours', amount: 36, doneAt: null, overdue: true },
    ])
    for (const by of [supervisor, colleague, practice.owner])
      t.ok([403, 404].includes((await deadlines(record.id, by)).status))
    t.equal((await deadlines((await made('block')).id)).status, 404, 'of no other kind')
    const future = { knownAt: new Date(Date.now() + 3_600_000).toISOString() }
    const example = { kind: 'mandated_report', content: { ...record.content, ...future } }
    const refused = await clinician.post(url, example, { key: 'a-key-of-its-own' })
    t.equal(refused.body.errors[0].pointer, '/content/knownAt')
    const dropped = await report({ knownAt: hoursAgo(40), decision: 'not_reportable' })
    t.same(
      (await deadlines(dropped.id)).body.steps.map(({ overdue }: { overdue: boolean }) => overdue),
      [false, false],
    )
    const elsewhere = await report({ knownAt: hoursAgo(40), jurisdiction: 'US-NV' })
    t.match((await deadlines(elsewhere.id)).body.steps, [
      { unit: 'unknown', source: null },
      { unit: 'unknown' },
    ])
    for (const one of [record, dropped, elsewhere])
      await step(one, { status: 'withdrawn', reason: 'Of a test.' })
  })

  t.test('are brought up once before they are over, to the care team alone', async t => {
    const round = ({ practice: { id } }: RecordGround) =>
      inPractice(test.house.database, systemScope(id, 'recovery-watch'), watchRecovery)
    const own = await createRecordGround(test)
    const found = async (by = own.clinician) =>
      (await by.get('/v1/alerts')).body.data
        .filter(({ rule }: { rule: string }) => rule === 'mandated_report_deadline')
        .map(({ evidence }: { evidence: { step: string } }) => evidence.step)
        .toSorted()
    const content = { type: 'child_abuse', decision: 'report', knownAt: hoursAgo(20) }
    const record = await own.made('mandated_report', { content })
    await own.made('mandated_report', { content: { ...content, decision: 'not_reportable' } })
    await round(own)
    t.same(await found(), ['oral'], 'the written one has sixteen hours')
    await own.clinician.put(
      `${own.url}/${record.id}`,
      { kind: 'mandated_report', content: { ...record.content, knownAt: hoursAgo(25) } },
      { ifMatch: 1 },
    )
    await Promise.all([round(own), round(own)])
    await round(own)
    t.same(await found(), ['oral', 'oral', 'written'], 'from another beginning it is another time')
    t.same(await found(own.supervisor), [])
  })
})
