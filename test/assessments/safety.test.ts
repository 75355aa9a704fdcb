import { randomUUID } from 'node:crypto'
import t from 'tap'
import { adultIn, coupleIn } from '../support/assessments.ts'
import { day } from '../support/couples.ts'
import { portalCaller } from '../support/portal.ts'
import { createTestPractice, type Reply } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'
import { asAdmin } from '../support/test-server.ts'

const risk = {
  occasion: 'clinician_concern',
  acute: 'moderate',
  chronic: 'low',
  nextReviewOn: null,
  ideation: 'passive',
  intent: 'none',
  meansAccess: 'limited',
  history: null,
  warningSigns: null,
  protectiveFactors: null,
  formulation: 'Low mood after a loss (canary-formulation).',
  actions: ['safety_plan'],
  consulted: null,
}

const sections = [
  { key: 'warning_signs', entries: ['I stop answering the phone (canary-sign).'] },
  { key: 'other', heading: 'My dog', entries: ['Walk with Biscuit (fictional).'] },
]

t.test('keeping people safe', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const supervisor = await practice.staff(['supervisor'])
  const clinician = await practice.staff(['clinician'], { supervisorId: supervisor.staffId })
  const adult = () => adultIn(practice, clinician)
  const assess = (chartId: string, more: object = {}, by = clinician) =>
    by.post(`/v1/charts/${chartId}/risk-assessments`, { ...risk, ...more }, { key: randomUUID() })
  const riskStep = (body: Reply['body'], what: string, input?: object) =>
    clinician.post(`/v1/charts/${body.chartId}/risk-assessments/${body.id}/${what}`, input, {
      ifMatch: body.version,
      key: randomUUID(),
    })
  const plan = (chartId: string, more: object = {}, by = clinician) =>
    by.post(`/v1/charts/${chartId}/safety-plans`, { sections, ...more }, { key: randomUUID() })
  const planStep = (body: Reply['body'], what: string, input?: object) =>
    clinician.post(`/v1/charts/${body.chartId}/safety-plans/${body.id}/${what}`, input, {
      ifMatch: body.version,
    })

  t.test('a risk assessment is written, signed, revised, and moves through its states', async t => {
    const { chartId } = await adult()
    const made = await assess(chartId)
    t.equal(made.status, 201)
    t.match(made.body, { status: 'open', revision: 1, signature: null, changes: [{ status: 'open' }] })
    const early = await riskStep(made.body, 'status-changes', { status: 'mitigated' })
    t.equal(early.body.code, 'invalid-state', 'nothing is settled by what nobody signed')
    const signed = await riskStep(made.body, 'signature')
    t.match(signed.body.signature, { signerId: clinician.staffId, contentHash: /^[0-9a-f]{64}$/ })
    t.equal((await riskStep(signed.body, 'signature')).body.code, 'invalid-state')
    t.equal((await riskStep(made.body, 'revisions', risk)).body.code, 'stale-version')
    const mitigated = await riskStep(signed.body, 'status-changes', {
      status: 'mitigated',
      reason: 'canary-reason',
    })
    t.equal(mitigated.body.status, 'mitigated')
    const revised = await riskStep(mitigated.body, 'revisions', { ...risk, acute: 'high' })
    t.match(revised.body, { status: 'open', revision: 2, signature: null, acute: 'high' })
    const first = await clinician.get(`/v1/charts/${chartId}/risk-assessments/${made.body.id}/revisions/1`)
    t.match(first.body, { acute: 'moderate', signature: { signerId: clinician.staffId } })
    const again = await riskStep(revised.body, 'signature')
    const closed = await riskStep(again.body, 'status-changes', { status: 'closed' })
    t.same(
      closed.body.changes.map((one: { status: string }) => one.status),
      ['open', 'mitigated', 'open', 'closed'],
    )
    t.equal((await riskStep(closed.body, 'status-changes', { status: 'open' })).body.code, 'invalid-state')
    t.equal((await riskStep(closed.body, 'revisions', risk)).body.code, 'invalid-state')
    const list = await supervisor.get(`/v1/charts/${chartId}/risk-assessments?status=closed`)
    t.match(list.body.data, [{ id: made.body.id, acute: 'high', signed: true }])
  })

  t.test('a high level that nobody signed calls for clinician and supervisor, with a clock', async t => {
    const { chartId } = await adult()
    const { body } = await assess(chartId, { acute: 'high' })
    for (const by of [clinician, supervisor]) {
      const [alert, ...more] = (await by.get(`/v1/alerts?chartId=${chartId}`)).body.data
      t.same(more, [])
      t.match(alert, {
        rule: 'high_risk_unsigned',
        severity: 'urgent',
        evidence: { riskAssessmentId: body.id, revision: 1 },
        respondBy: String,
      })
    }
    const again = await riskStep(body, 'revisions', { ...risk, acute: 'high' })
    t.equal(again.body.revision, 2)
    t.equal((await riskStep(again.body, 'signature')).status, 200)
    const alerts = (await clinician.get(`/v1/alerts?chartId=${chartId}`)).body.data
    t.equal(alerts.length, 2)
    for (const settled of alerts)
      t.match(settled, { status: 'resolved', outcome: 'handled' }, 'the signature is what they asked for')
  })

  t.test('of twins one signs', async t => {
    const { chartId } = await adult()
    const { body } = await assess(chartId)
    const replies = await Promise.all([0, 1, 2].map(() => riskStep(body, 'signature')))
    t.same(replies.map(reply => reply.status).sort(), [200, 412, 412])
  })

  t.test('a safety plan holds, one at a time, and its revisions stay', async t => {
    const { chartId } = await adult()
    const made = await plan(chartId, { reviewDueOn: day(-1) })
    t.match(made.body, { status: 'active', revision: 1, reviewOverdue: true, sections })
    t.equal((await plan(chartId)).body.code, 'already-exists')
    const reviewed = await planStep(made.body, 'reviews', {
      occasion: 'crisis',
      outcome: 'to_revise',
      reviewedOn: day(),
      reviewDueOn: day(30),
    })
    t.match(reviewed.body, {
      reviewOverdue: false,
      reviewDueOn: day(30),
      reviews: [{ revision: 1, occasion: 'crisis' }],
    })
    const late = await planStep(reviewed.body, 'reviews', {
      occasion: 'scheduled',
      outcome: 'kept',
      reviewedOn: day(1),
      reviewDueOn: null,
    })
    t.equal(late.body.errors[0].pointer, '/reviewedOn')
    const revised = await planStep(reviewed.body, 'revisions', { sections: sections.slice(1) })
    t.match(revised.body, { revision: 2, reviewDueOn: day(30) })
    t.equal(revised.body.sections.length, 1)
    const url = `/v1/charts/${chartId}/safety-plans/${made.body.id}`
    t.same((await clinician.get(`${url}/revisions/1`)).body.sections, sections)
    t.equal((await clinician.get(`${url}/revisions/3`)).status, 404)
    const ended = await planStep(revised.body, 'ending')
    t.equal(ended.body.status, 'ended')
    t.equal((await planStep(ended.body, 'revisions', { sections })).body.code, 'invalid-state')
    t.equal((await plan(chartId)).status, 201)
    t.equal((await clinician.get(`/v1/charts/${chartId}/safety-plans`)).body.data.length, 2)
    const other = await adult()
    const twins = await Promise.all([plan(other.chartId), plan(other.chartId)])
    t.same(twins.map(reply => reply.status).sort(), [201, 409])
  })

  t.test('the client has a copy once it is released, with headings and whom to reach', async t => {
    const { chartId, clientId } = await adult()
    const portal = await portalCaller(practice, clientId)
    const { body } = await plan(chartId)
    t.equal((await portal.get('/v1/portal/safety-plan')).status, 404)
    const released = await planStep(body, 'release')
    t.equal((await planStep(released.body, 'release')).body.code, 'invalid-state')
    const copy = await portal.get('/v1/portal/safety-plan')
    t.match(copy.body, {
      revision: 1,
      sections: [{ heading: 'Signs that a crisis may be coming' }, { heading: 'My dog' }],
      crisis: { contacts: [{ reach: /988/ }, {}, {}] },
    })
    t.same((await clinician.get(`/v1/charts/${chartId}/safety-plans/${body.id}/printout`)).body, copy.body)
    await planStep(released.body, 'ending')
    t.equal((await portal.get('/v1/portal/safety-plan')).status, 404)
  })

  t.test('both stand in a person’s own chart only', async t => {
    const { chartId } = await coupleIn(test, practice, clinician)
    t.equal((await assess(chartId)).body.code, 'invalid-state')
    t.equal((await plan(chartId)).body.code, 'invalid-state')
  })

  t.test('others find nothing, and supervisors read but do not write', async t => {
    const { chartId } = await adult()
    const { body } = await assess(chartId)
    const made = await plan(chartId)
    const stranger = await (await createTestPractice(test)).staff(['clinician'])
    for (const by of [await practice.staff(['clinician']), stranger]) {
      t.equal((await by.get(`/v1/charts/${chartId}/risk-assessments/${body.id}`)).status, 404)
      t.equal((await by.get(`/v1/charts/${chartId}/safety-plans/${made.body.id}/printout`)).status, 404)
      t.equal((await assess(chartId, {}, by)).status, 404)
      t.equal((await plan(chartId, {}, by)).status, 404)
    }
    t.equal((await practice.owner.get(`/v1/charts/${chartId}/risk-assessments`)).status, 403)
    t.equal((await supervisor.get(`/v1/charts/${chartId}/safety-plans/${made.body.id}`)).status, 200)
    t.equal((await assess(chartId, {}, supervisor)).status, 403)
    const other = await adult()
    t.equal((await clinician.get(`/v1/charts/${other.chartId}/risk-assessments/${body.id}`)).status, 404)
    t.equal((await clinician.get(`/v1/charts/${other.chartId}/safety-plans/${made.body.id}`)).status, 404)
  })

  t.test('what was written is sealed at rest, and never logged', async t => {
    const { chartId } = await adult()
    await assess(chartId)
    await plan(chartId)
    const rows = await asAdmin(test.adminUrl, async admin => [
      ...(await admin.query('select content_sealed from cairn.risk_assessment_revisions')).rows,
      ...(await admin.query('select content_sealed from cairn.safety_plan_revisions')).rows,
    ])
    t.notMatch(rows.map(row => String(row.content_sealed)).join(''), /canary/)
    t.notMatch(test.logLines.join(''), /canary/)
  })
})
