import { randomUUID } from 'node:crypto'
import t from 'tap'
import { inPractice } from '../../src/lib/database/in-practice.ts'
import { systemScope } from '../../src/lib/scope.ts'
import { watchPlanReviews } from '../../src/modules/treatment-plans/index.ts'
import { asOwner } from '../support/clients-raw.ts'
import { couplePeople, day } from '../support/couples.ts'
import { portalCaller } from '../support/portal.ts'
import { createTestPractice, type Reply } from '../support/practice.ts'
import { enroll, shipped } from '../support/task-model.ts'
import { createTestApp } from '../support/test-app.ts'
import {
  activePlan,
  clientSignature,
  marker,
  objective,
  plansOf,
  putInForce,
  readPlan,
  startPlan,
  step,
} from '../support/treatment-plans.ts'

const plain = ({ status, body }: Reply) => ({ status, body: { ...body, requestId: '' } })

t.test('a supervisor returns a plan that waits for them', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const people = couplePeople(test, practice)
  const supervisor = await practice.staff(['supervisor'])
  const other = await practice.staff(['supervisor'])
  const associate = await practice.staff(['clinician'], {
    supervisorId: supervisor.staffId,
    cosignRequired: true,
  })
  const clinician = await practice.staff(['clinician'], { supervisorId: supervisor.staffId })
  const remarks = { remarks: `Another objective, please (${marker}).` }
  const waiting = async (by = associate) => {
    const alex = await people.client('Alex', [by])
    const { body: offered } = await step(by, (await startPlan(by, alex.chartId)).body, 'offer')
    const { body } = await step(by, offered, 'client-signatures', clientSignature(offered, alex.id))
    return { alex, plan: body }
  }

  t.test('with remarks: it is the draft again, and what was signed stays on record', async t => {
    const { alex, plan } = await waiting()
    t.equal((await step(supervisor, plan, 'return', remarks)).body.code, 'invalid-state', 'signed first')
    const { body: signed } = await step(associate, plan, 'signature')
    t.equal((await step(associate, signed, 'return', remarks)).status, 403)
    t.equal((await step(supervisor, signed, 'return', {})).status, 400)
    const missing = await step(other, { ...signed, id: randomUUID() }, 'return', remarks)
    t.same(plain(await step(other, signed, 'return', remarks)), plain(missing))
    t.equal((await step(supervisor, plan, 'return', remarks)).body.code, 'stale-version')
    const twins = await Promise.all([1, 2].map(() => step(supervisor, signed, 'return', remarks)))
    t.same(twins.map(({ status }) => status).sort(), [200, 412])
    const { body: back } = await readPlan(associate, signed)
    t.match(back, { status: 'draft', shows: 'draft', revision: 1, missingSignatures: [] })
    t.match(back.history.at(-1), {
      status: 'draft',
      reasonCode: 'returned_by_supervisor',
      reason: remarks.remarks,
      recordedById: supervisor.staffId,
    })
    const kept = (await associate.get(`${plansOf(alex.chartId)}/${plan.id}/revisions/1`)).body
    t.equal(kept.signatures.length, 2)
    t.match((await associate.get(`${plansOf(alex.chartId)}/${plan.id}/draft`)).body.content.goals, [
      { key: 'g1' },
    ])
    t.equal((await step(supervisor, back, 'return', remarks)).body.code, 'invalid-state')
    const again = (await step(associate, back, 'offer')).body
    t.match(again, { status: 'client_review', revision: 2, signatures: [] })
    const portal = await portalCaller(practice, alex.id)
    t.notMatch(
      JSON.stringify((await portal.get(`/v1/portal/treatment-plans/${plan.id}`)).body),
      /Another objective/,
    )
    const audit = await asOwner(test, 'select fields, operation from audit_log where resource_id = $1', [
      plan.id,
    ])
    t.notMatch(JSON.stringify(audit), new RegExp(marker))
  })

  t.test('one that needs no supervisor is not returned by one', async t => {
    const { plan } = await waiting(clinician)
    t.equal((await step(supervisor, plan, 'return', remarks)).body.code, 'invalid-state')
  })
})

t.test('an overdue review is brought up once for each plan and day, until it is done', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const people = couplePeople(test, practice)
  const clinician = await practice.staff(['clinician'])
  const round = () =>
    inPractice(test.house.database, systemScope(practice.id, 'plan-review-watch'), watchPlanReviews)
  const due = (planId: string, on: string) =>
    asOwner(test, 'update treatment_plans set review_due_on = $2 where id = $1', [planId, on])
  const alerts = async () =>
    (await clinician.get('/v1/alerts')).body.data.map((one: Reply['body']) => [
      one.rule,
      one.status,
      one.outcome,
      one.evidence,
    ])
  const alex = await people.client('Alex', [clinician])
  const plan = await activePlan(clinician, alex)
  const evidence = (dueOn: string) => ({ planId: plan.id, dueOn })
  await due(plan.id, day(0))
  await round()
  t.same(await alerts(), [], 'not on the day itself')
  await due(plan.id, day(-2))
  await Promise.all([round(), round()])
  await round()
  t.same(await alerts(), [['plan_review_overdue', 'open', null, evidence(day(-2))]])
  const review = { reviewedOn: day(0), outcome: 'revise', summary: 'Anew.', nextReviewOn: day(3) }
  t.equal((await step(clinician, plan, 'reviews', review)).status, 201)
  const handled = ['plan_review_overdue', 'resolved', 'handled', evidence(day(-2))]
  t.same(await alerts(), [handled])
  const [alert] = (await clinician.get('/v1/alerts')).body.data
  const { history } = (await clinician.get(`/v1/charts/${alex.chartId}/alerts/${alert.id}`)).body
  t.match(history, [
    { step: 'raised', madeById: null },
    { step: 'resolved', madeById: clinician.staffId },
  ])
  await round()
  t.same(await alerts(), [handled])
  await due(plan.id, day(-1))
  await round()
  t.equal((await alerts()).length, 2, 'the next day that passes is another')
  const { body: under } = await readPlan(clinician, plan)
  await step(clinician, under, 'closure', { reasonCode: 'completed', summary: null })
  t.same((await alerts())[0], ['plan_review_overdue', 'resolved', 'no_longer_applies', evidence(day(-1))])

  const old = await activePlan(clinician, alex)
  await due(old.id, day(-1))
  await round()
  const { body: next } = await startPlan(clinician, alex.chartId)
  await putInForce(clinician, next, [alex.id])
  t.same((await alerts())[0].slice(0, 3), ['plan_review_overdue', 'resolved', 'no_longer_applies'])
})

t.test('tasks, instruments and scales that a plan names exist', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const people = couplePeople(test, practice)
  const clinician = await practice.staff(['clinician'])
  const alex = await people.client('Alex', [clinician])
  const blair = await people.client('Blair', [clinician])
  const start = (chartId: string, more: object) =>
    startPlan(clinician, chartId, { objectives: [objective('o1', { ...more })] })
  const measured = (instrumentKey: string, scaleKey: string) => ({
    measure: { kind: 'instrument', unit: null, instrumentKey, scaleKey },
  })
  const refused = async (more: object) => {
    const { status, body } = await start(alex.chartId, more)
    t.equal(status, 422)
    t.equal(body.code, 'unknown-reference')
    return body.errors[0].pointer
  }
  const template = { programTemplateId: shipped.example, templateNumber: 1 }
  t.equal(await refused({ taskKeys: ['safe_place'] }), '/objectives/0/taskKeys/0', 'nobody is enrolled yet')
  t.equal((await enroll(clinician, blair.chartId, template)).status, 201)
  t.equal(
    await refused({ taskKeys: ['safe_place'] }),
    '/objectives/0/taskKeys/0',
    'a journey of somebody else',
  )
  t.equal((await enroll(clinician, alex.chartId, template)).status, 201)
  t.equal(await refused({ taskKeys: ['safe_place', 'no_such'] }), '/objectives/0/taskKeys/1')
  t.equal(await refused(measured('no-such', 'total')), '/objectives/0/measure/instrumentKey')
  t.equal(await refused(measured('phq-9', 'no_such')), '/objectives/0/measure/scaleKey')
  const plan = await start(alex.chartId, { taskKeys: ['safe_place'], ...measured('phq-9', 'total') })
  t.equal(plan.status, 201)
  t.same(plan.body.content.objectives[0].taskKeys, ['safe_place'])
})
