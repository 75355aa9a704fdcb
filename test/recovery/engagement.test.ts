import { randomUUID } from 'node:crypto'
import t from 'tap'
import { inPractice } from '../../src/lib/database/in-practice.ts'
import { systemScope } from '../../src/lib/scope.ts'
import { rounds } from '../../src/modules/jobs.ts'
import {
  allianceFall,
  type EngagementFacts,
  isAtRisk,
  lastSignalOn,
  signalsOf,
} from '../../src/modules/recovery/engagement/engagement.rules.ts'
import { day } from '../support/couples.ts'
import { portalCaller } from '../support/portal.ts'
import type { Caller } from '../support/practice.ts'
import { createRecordGround, exampleOf, type RecordGround, recordsIn } from '../support/recovery-records.ts'
import { countingOn } from '../support/round-trips/index.ts'
import { createBookablePractice } from '../support/scheduling.ts'
import { createTestApp } from '../support/test-app.ts'

const nothing: EngagementFacts = {
  missed: 0,
  lastMissedOn: null,
  feedback: [],
  lastFeedbackOn: null,
  readinessFall: null,
  lastReadinessOn: null,
}

t.test('what points to somebody leaving', async t => {
  t.equal(allianceFall([]), null)
  t.equal(allianceFall([2]), null, 'a first one is compared with nothing')
  t.equal(allianceFall([6, 8, 7, 9]), 2)
  t.equal(allianceFall([9, 8]), -1)
  const rows: [Partial<EngagementFacts>, string[], boolean][] = [
    [{}, [], false],
    [{ missed: 1 }, [], false],
    [{ missed: 2 }, ['missed_sessions'], true],
    [{ feedback: [6.01, 8] }, [], false],
    [{ feedback: [6, 8] }, ['alliance_fall'], false],
    [{ readinessFall: 1 }, [], false],
    [{ readinessFall: 2 }, ['readiness_fall'], false],
    [{ readinessFall: -5, feedback: [8, 2] }, [], false],
    [{ readinessFall: 2, feedback: [6, 8] }, ['alliance_fall', 'readiness_fall'], true],
  ]
  for (const [facts, signals, atRisk] of rows) {
    const found = signalsOf({ ...nothing, ...facts })
    t.same([found, isAtRisk(found)], [signals, atRisk], JSON.stringify(facts))
  }
  const days = { lastMissedOn: '2026-03-01', lastFeedbackOn: '2026-03-09', lastReadinessOn: '2026-04-01' }
  t.equal(lastSignalOn({ ...nothing, ...days }, ['missed_sessions', 'alliance_fall']), '2026-03-09')
})

t.test('feedback on sessions, attendance, and who may leave', async t => {
  const test = await createTestApp(t)
  const ground = await createRecordGround(test)
  const { practice, clinician, chartId, made, url } = ground
  const bookable = await createBookablePractice(test, practice)
  const engagement = async ({
    clinician: by,
    chartId: of,
  }: Pick<RecordGround, 'clinician' | 'chartId'> = ground) =>
    (await by.get(`/v1/charts/${of}/engagement`)).body
  const alertsOf = async (by: Caller, of: string, rule: string) =>
    (await by.get(`/v1/alerts?chartId=${of}&limit=200`)).body.data.filter(
      (alert: { rule: string }) => alert.rule === rule,
    )
  const watch = () =>
    inPractice(test.house.database, systemScope(practice.id, 'recovery-watch'), rounds['recovery-watch'])
  const answers = (all: number) => ({ heard: all, aims: all, approach: all, overall: all })
  const appointment = async (
    of: string,
    daysAgo: number,
    status: string,
    by: 'client' | 'practice' = 'client',
  ) => {
    const canceled = status.endsWith('canceled')
    const [row] = await bookable.run(
      `insert into appointments (practice_id, chart_id, service_id, clinician_id, mode, time_zone, starts_at, ends_at, status,
         canceled_at, cancellation_by, cancellation_reason, actual_starts_at, actual_ends_at)
       select $1, $2, $3, $4, 'telehealth', 'UTC', s, s + interval '50 minutes', $6,
         case when $7 then s end, case when $7 then $8 end, case when $7 then 'illness' end,
         case when $6 = 'completed' then s end, case when $6 = 'completed' then s + interval '50 minutes' end
       from (select now() - make_interval(days => $5::int) as s) x returning id`,
      [practice.id, of, bookable.services.individual, clinician.staffId, daysAgo, status, canceled, by],
    )
    return String(row?.id)
  }
  const another = async () => {
    const { clientId, chartId: of } = await bookable.client([clinician])
    return { clientId, ...recordsIn(practice, clinician, of) }
  }

  t.test('a client sends it, a clinician enters it, and both make one series', async t => {
    const portal = await portalCaller(practice, ground.clientId)
    const appointmentId = await appointment(chartId, 3, 'completed')
    await made('session_feedback', { occurredOn: day(-9), content: answers(7) })
    const body = { kind: 'session_feedback', appointmentId, content: exampleOf('session_feedback') }
    const sent = await portal.post('/v1/portal/recovery-records', body, { key: randomUUID() })
    t.match(sent.body, { enteredBy: 'client', appointmentId, released: true })
    const { body: missing } = await portal.post('/v1/portal/recovery-records', body)
    t.equal(missing.code, 'idempotency-key-required')
    t.match(await engagement(), {
      feedback: [
        { mean: 7, enteredBy: 'staff', appointmentId: null },
        { heard: 9, aims: 8, approach: 7, overall: 8, mean: 8, pace: 'too_fast', enteredBy: 'client' },
      ],
      allianceFall: -1,
      signals: [],
      atRisk: false,
    })
    t.notMatch(JSON.stringify(await engagement()), 'homework', 'the comment is in the record alone')
    const shown = (await portal.get('/v1/portal/recovery-records?kind=session_feedback')).body.data
    t.same(
      shown.map(({ id }: { id: string }) => id),
      [sent.body.id],
      'what staff entered is not the client’s',
    )
  })

  t.test('a session is one of this chart, and never changes', async t => {
    const other = await another()
    const refused = async (appointmentId: string) =>
      (await ground.write('session_feedback', { appointmentId })).body.errors?.[0]
    const foreign = await appointment(other.chartId, 2, 'completed')
    t.match(await refused(foreign), { pointer: '/appointmentId' })
    t.match(await refused(randomUUID()), { pointer: '/appointmentId' })
    t.equal((await ground.write('contact_log', { appointmentId: foreign })).status, 400)
    for (const heard of [-1, 11, 1.5, '9'])
      t.equal((await ground.write('session_feedback', { content: { heard } })).status, 400)
  })

  t.test('a clear fall is an alert in the transaction that wrote it', async t => {
    const other = await another()
    const alerts = () => alertsOf(clinician, other.chartId, 'alliance_drop')
    for (const [ago, all] of [
      [-30, 9],
      [-20, 8],
      [-10, 7],
    ] as const)
      await other.made('session_feedback', { occurredOn: day(ago), content: answers(all) })
    t.same(await alerts(), [])
    const portal = await portalCaller(practice, other.clientId)
    const low = { kind: 'session_feedback', content: { ...answers(6), comment: 'Words (fictional).' } }
    const { body } = await portal.post('/v1/portal/recovery-records', low, { key: randomUUID() })
    t.match(await alerts(), [{ severity: 'attention', evidence: { recordId: body.id, mean: 6, fall: 2 } }])
    await other.made('session_feedback', { occurredOn: day(-5), content: answers(0) })
    t.equal((await alerts()).length, 1, 'one that is told late is not the latest')
  })

  t.test(
    'what became of appointments, month by month; what the practice canceled was not missed',
    async t => {
      const other = await another()
      await appointment(other.chartId, 1, 'no_show')
      await appointment(other.chartId, 2, 'late_canceled', 'practice')
      await appointment(other.chartId, 3, 'canceled')
      await appointment(other.chartId, 70, 'no_show')
      const { missedSessions, months, signals } = await engagement(other)
      const sum = (key: string) =>
        months.reduce((total: number, month: Record<string, number>) => total + (month[key] ?? 0), 0)
      t.same([missedSessions, signals], [1, []])
      t.same(['attended', 'noShow', 'lateCanceled', 'canceled'].map(sum), [0, 2, 0, 2])
    },
  )

  t.test('the clock brings up who may leave, once, and again for a later signal only', async t => {
    const other = await another()
    const alerts = () => alertsOf(clinician, other.chartId, 'dropout_risk')
    await appointment(other.chartId, 20, 'no_show')
    await watch()
    t.same(await alerts(), [])
    await appointment(other.chartId, 10, 'late_canceled')
    await Promise.all([watch(), watch()])
    await watch()
    const [alert, ...more] = await alerts()
    t.same(more, [])
    t.match(alert, { severity: 'attention', evidence: { missedSessions: 2 }, ownerId: null })
    const resolve = ({ id, version }: { id: string; version: number }) =>
      clinician.post(
        `/v1/charts/${other.chartId}/alerts/${id}/resolution`,
        { outcome: 'handled' },
        { ifMatch: version },
      )
    t.equal((await resolve(alert)).status, 200)
    await watch()
    t.equal((await alerts()).length, 1, 'what was settled is not brought up again')
    await appointment(other.chartId, 1, 'no_show')
    await watch()
    t.equal((await alerts()).length, 2)
    t.match(await engagement(other), { missedSessions: 3, signals: ['missed_sessions'], atRisk: true })
  })

  t.test('trust and readiness fall together; what is restricted counts in no alert', async t => {
    const [open, hidden] = [await createRecordGround(test), await createRecordGround(test)]
    const fall = async ({ made: write }: RecordGround, subject: Record<string, string>) => {
      for (const [ago, all] of [
        [-4, 8],
        [-2, 5],
      ] as const) {
        await write('session_feedback', { occurredOn: day(ago), content: answers(all) })
        await write('readiness', { occurredOn: day(ago), ...subject, content: { readiness: all } })
      }
    }
    await fall(open, { addictionId: open.addictionId })
    await fall(hidden, { behaviorId: hidden.behaviorId })
    t.match(await engagement(open), {
      allianceFall: 3,
      readinessFall: 3,
      signals: ['alliance_fall', 'readiness_fall'],
      atRisk: true,
    })
    t.match(await engagement(hidden), { readinessFall: null, signals: ['alliance_fall'], atRisk: false })
    for (const { practice: of } of [open, hidden])
      await inPractice(test.house.database, systemScope(of.id, 'recovery-watch'), rounds['recovery-watch'])
    t.equal((await alertsOf(open.clinician, open.chartId, 'dropout_risk')).length, 1)
    t.equal((await alertsOf(hidden.clinician, hidden.chartId, 'dropout_risk')).length, 0)
  })

  t.test('it costs as many statements however much there is, and is hidden from others', async t => {
    const other = await another()
    const costOf = countingOn(test)
    await engagement(other)
    const before = costOf().statements
    for (let ago = 1; ago < 8; ago += 1) await other.made('session_feedback', { occurredOn: day(-ago) })
    costOf()
    await engagement(other)
    t.equal(costOf().statements, before)
    const address = `/v1/charts/${chartId}/engagement`
    t.equal((await (await practice.staff(['clinician'])).get(address)).status, 404)
    t.equal((await practice.owner.get(address)).status, 403)
    t.equal((await (await createRecordGround(test)).clinician.get(address)).status, 404)
    t.equal((await ground.supervisor.get(address)).status, 200)
    t.equal((await clinician.get(url)).status, 200)
  })
})
