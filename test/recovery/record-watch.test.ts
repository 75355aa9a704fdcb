import t from 'tap'
import { createPool } from '../../src/lib/database/connect.ts'
import { inPractice } from '../../src/lib/database/in-practice.ts'
import { makeRound } from '../../src/lib/jobs/rounds.ts'
import { systemScope } from '../../src/lib/scope.ts'
import { rounds } from '../../src/modules/jobs.ts'
import { asOwner, asStaff } from '../support/clients-raw.ts'
import { day } from '../support/couples.ts'
import { type Caller } from '../support/practice.ts'
import { createRecordGround, type RecordGround } from '../support/recovery-records.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('what time brings about', async t => {
  const test = await createTestApp(t)
  const watch = ({ practice }: RecordGround) =>
    inPractice(test.house.database, systemScope(practice.id, 'recovery-watch'), rounds['recovery-watch'])
  const alertsOf = async (by: Caller, { chartId }: RecordGround) =>
    (await by.get(`/v1/alerts?chartId=${chartId}&limit=200`)).body.data
  const rulesOf = async (by: Caller, ground: RecordGround) =>
    (await alertsOf(by, ground)).map(({ rule }: { rule: string }) => rule).toSorted()

  t.test('a week of silence is one alert, and a new silence another', async t => {
    const ground = await createRecordGround(test)
    const { clinician, made } = ground
    await watch(ground)
    t.same(await rulesOf(clinician, ground), [], 'a chart that tells of nobody is not watched')
    await made('contact_log', { occurredOn: day(-8) })
    await Promise.all([watch(ground), watch(ground)])
    await watch(ground)
    const [alert, ...others] = await alertsOf(clinician, ground)
    t.same(others, [])
    t.match(alert, { rule: 'isolation', ownerId: clinician.staffId })
    t.match(JSON.stringify(alert.evidence), new RegExp(day(-8)))
    const resolved = await clinician.post(
      `/v1/charts/${ground.chartId}/alerts/${alert.id}/resolution`,
      { outcome: 'handled' },
      { ifMatch: alert.version },
    )
    t.equal(resolved.status, 200)
    await watch(ground)
    t.same(
      (await alertsOf(clinician, ground)).filter(({ status }: { status: string }) => status === 'open'),
      [],
    )
    await made('meeting_log', { occurredOn: day(-7) })
    await watch(ground)
    t.equal((await alertsOf(clinician, ground)).length, 1, 'seven days are not yet silence')
  })

  t.test('a check-in that tells of a contact is none', async t => {
    const ground = await createRecordGround(test)
    await ground.made('contact_log', { occurredOn: day(-9) })
    await asOwner(
      test,
      `insert into check_ins (practice_id, chart_id, kind, covers_on, entered_on, contacts, entered_by)
       values ($1, $2, 'daily', $3, $3, 1, 'client')`,
      [ground.practice.id, ground.chartId, day(-1)],
    )
    await watch(ground)
    t.same(await rulesOf(ground.clinician, ground), [])
  })

  t.test('dates that have passed are told once each, restricted ones to the care team alone', async t => {
    const ground = await createRecordGround(test)
    const { clinician, supervisor, made, step, addictionId } = ground
    await made('education_assignment', { reviewOn: day(-1) })
    const goal = await made('harm_reduction_goal', { addictionId, reviewOn: day(-1) })
    await step(goal, { status: 'ended' })
    await made('education_assignment', { reviewOn: day() })
    await made('legal_matter', { reviewOn: day(-3) })
    const report = await made('mandated_report', { reviewOn: day(-1) })
    await watch(ground)
    await watch(ground)
    t.same(await rulesOf(clinician, ground), [
      'mandated_report_due',
      'recovery_review_overdue',
      'restricted_review_overdue',
    ])
    t.same(await rulesOf(supervisor, ground), ['recovery_review_overdue'])
    await step(report, { status: 'consulted', reviewOn: day(-2) })
    await watch(ground)
    t.equal((await rulesOf(clinician, ground)).length, 4, 'another date is another alert')
  })

  t.test('a closed chart is left alone', async t => {
    const ground = await createRecordGround(test)
    await ground.made('contact_log', { occurredOn: day(-30) })
    await ground.made('block')
    const { owner } = ground.practice
    const { version } = (await owner.get(`/v1/charts/${ground.chartId}`)).body
    await owner.post(`/v1/charts/${ground.chartId}/closure`, undefined, { ifMatch: version })
    await watch(ground)
    t.same(await asOwner(test, 'select rule from alerts where chart_id = $1', [ground.chartId]), [])
  })

  t.test('a breach of containment is an alert at once', async t => {
    const ground = await createRecordGround(test)
    const active = await ground.step(await ground.made('containment_plan'), { status: 'active' })
    await ground.step(active.body, { status: 'breached', reasonKey: 'cash' })
    t.match(await alertsOf(ground.clinician, ground), [
      { rule: 'containment_breached', severity: 'attention' },
    ])
  })

  t.test('the round visits every practice', async t => {
    const grounds = [await createRecordGround(test), await createRecordGround(test)]
    for (const ground of grounds) await ground.made('contact_log', { occurredOn: day(-20) })
    const relay = createPool({ url: test.relayUrl, size: 1, applicationName: 'test', onError: () => {} })
    t.teardown(() => relay.end())
    await makeRound(test.house, relay, 'recovery-watch', rounds['recovery-watch'])
    for (const ground of grounds) t.same(await rulesOf(ground.clinician, ground), ['isolation'])
  })

  t.test('nobody but a job raises an alert without opening the chart', async t => {
    const ground = await createRecordGround(test)
    await ground.made('contact_log', { occurredOn: day(-20) })
    const { practice, clinician } = ground
    await t.rejects(
      asStaff(test, practice, [clinician, ['clinician']], rounds['recovery-watch']),
      /Only a job/,
    )
  })
})
