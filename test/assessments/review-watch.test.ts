import { randomUUID } from 'node:crypto'
import t from 'tap'
import { inPractice } from '../../src/lib/database/in-practice.ts'
import { systemScope } from '../../src/lib/scope.ts'
import { rounds } from '../../src/modules/jobs.ts'
import { adultIn } from '../support/assessments.ts'
import { asOwner } from '../support/clients-raw.ts'
import { day } from '../support/couples.ts'
import { createTestPractice, type Reply } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'

const risk = {
  occasion: 'clinician_concern',
  acute: 'moderate',
  chronic: 'low',
  nextReviewOn: day(-1),
  ideation: 'passive',
  intent: 'none',
  meansAccess: 'limited',
  history: null,
  warningSigns: null,
  protectiveFactors: null,
  formulation: 'Low mood after a loss (fictional).',
  actions: ['safety_plan'],
  consulted: null,
}
const sections = [{ key: 'own_coping', entries: ['Walk to the harbor (fictional).'] }]

t.test('reviews of risk and of safety plans', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const supervisor = await practice.staff(['supervisor'])
  const clinician = await practice.staff(['clinician'], { supervisorId: supervisor.staffId })
  const watch = () =>
    inPractice(
      test.house.database,
      systemScope(practice.id, 'safety-review-watch'),
      rounds['safety-review-watch'],
    )
  const alertsOf = async (chartId: string, by = clinician) =>
    (await by.get(`/v1/alerts?chartId=${chartId}`)).body.data
  const write = (chartId: string, path: string, body: unknown, at?: Reply['body']) =>
    clinician.post(`/v1/charts/${chartId}/${path}`, body, {
      key: randomUUID(),
      ...(at ? { ifMatch: at.version } : {}),
    })
  const listed = async (chartId: string, path: string, overdue: boolean) =>
    (await clinician.get(`/v1/charts/${chartId}/${path}?reviewOverdue=${overdue}`)).body.data.map(
      ({ id }: { id: string }) => id,
    )

  t.test('a risk that was to be looked at again is one alert for each day, until it is', async t => {
    const { chartId } = await adultIn(practice, clinician)
    const made = (await write(chartId, 'risk-assessments', risk)).body
    const later = (await write(chartId, 'risk-assessments', { ...risk, nextReviewOn: day() })).body
    await write(chartId, 'risk-assessments', { ...risk, nextReviewOn: null })
    t.same(await listed(chartId, 'risk-assessments', true), [made.id])
    t.equal((await listed(chartId, 'risk-assessments', false)).length, 2)
    t.match((await clinician.get(`/v1/charts/${chartId}/risk-assessments?limit=5`)).body.data, [
      { reviewOverdue: false },
      { id: later.id, reviewOverdue: false },
      { id: made.id, reviewOverdue: true },
    ])
    await Promise.all([watch(), watch()])
    await watch()
    const [alert, ...more] = await alertsOf(chartId)
    t.same(more, [])
    t.match(alert, {
      rule: 'safety_review_overdue',
      severity: 'attention',
      ownerId: clinician.staffId,
      evidence: { riskAssessmentId: made.id, dueOn: day(-1) },
    })
    t.equal((await alertsOf(chartId, supervisor)).length, 1)
    const resolution = `/v1/charts/${chartId}/alerts/${alert.id}/resolution`
    await clinician.post(resolution, { outcome: 'handled' }, { ifMatch: alert.version })
    await watch()
    t.equal((await alertsOf(chartId)).length, 1, 'not again for the same day')
    const path = `risk-assessments/${made.id}`
    const again = await write(chartId, `${path}/revisions`, { ...risk, nextReviewOn: day(-2) }, made)
    await watch()
    t.match(await alertsOf(chartId), [{ status: 'open', evidence: { dueOn: day(-2) } }, {}], 'another day')
    const revised = await write(chartId, `${path}/revisions`, { ...risk, nextReviewOn: day(9) }, again.body)
    t.match(await alertsOf(chartId), [{ status: 'resolved', outcome: 'handled' }, {}])
    t.same(await listed(chartId, 'risk-assessments', true), [])
    t.equal(revised.status, 200)
  })

  t.test('a closed risk is not watched', async t => {
    const { chartId } = await adultIn(practice, clinician)
    const made = (await write(chartId, 'risk-assessments', risk)).body
    await watch()
    const path = `risk-assessments/${made.id}`
    const signed = (await write(chartId, `${path}/signature`, undefined, made)).body
    t.equal((await write(chartId, `${path}/status-changes`, { status: 'closed' }, signed)).status, 200)
    t.match(await alertsOf(chartId), [{ status: 'resolved', outcome: 'no_longer_applies' }])
    t.same(await listed(chartId, 'risk-assessments', true), [])
    await watch()
    t.equal((await alertsOf(chartId)).length, 1)
  })

  t.test('a safety plan too', async t => {
    const { chartId } = await adultIn(practice, clinician)
    const made = (await write(chartId, 'safety-plans', { sections, reviewDueOn: day(-5) })).body
    t.same(await listed(chartId, 'safety-plans', true), [made.id])
    t.same(await listed(chartId, 'safety-plans', false), [])
    await watch()
    const evidence = { safetyPlanId: made.id, dueOn: day(-5) }
    t.match(await alertsOf(chartId), [{ rule: 'safety_review_overdue', evidence }])
    const path = `safety-plans/${made.id}`
    const revised = (await write(chartId, `${path}/revisions`, { sections }, made)).body
    t.match(await alertsOf(chartId), [{ status: 'open' }], 'a revision that leaves the day is no review')
    const review = { occasion: 'scheduled', outcome: 'kept', reviewedOn: day(), reviewDueOn: day(-1) }
    const reviewed = (await write(chartId, `${path}/reviews`, review, revised)).body
    t.match(await alertsOf(chartId), [{ status: 'resolved', outcome: 'handled' }])
    await watch()
    t.match(await alertsOf(chartId), [{ status: 'open', evidence: { dueOn: day(-1) } }, {}])
    t.equal((await write(chartId, `${path}/ending`, undefined, reviewed)).status, 200)
    t.match(await alertsOf(chartId), [{ status: 'resolved', outcome: 'no_longer_applies' }, {}])
  })

  t.test('a chart that was closed is left alone', async t => {
    const { chartId } = await adultIn(practice, clinician)
    await write(chartId, 'safety-plans', { sections, reviewDueOn: day(-5) })
    await asOwner(test, `update charts set status = 'closed', closed_at = now() where id = $1`, [chartId])
    await watch()
    t.same(await asOwner(test, 'select from alerts where chart_id = $1', [chartId]), [])
  })
})
