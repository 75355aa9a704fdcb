import { randomUUID } from 'node:crypto'
import t from 'tap'
import { layClient } from '../support/clients-raw.ts'
import { couplePeople } from '../support/couples.ts'
import { portalCaller } from '../support/portal.ts'
import type { Reply } from '../support/practice.ts'
import { createRecordGround, laySubject, recordsIn } from '../support/recovery-records.ts'
import { createTestApp } from '../support/test-app.ts'
import {
  activePlan,
  intervention,
  objective,
  plansOf,
  readPlan,
  startPlan,
  step,
} from '../support/treatment-plans.ts'

t.test('what a plan is linked with', async t => {
  const test = await createTestApp(t)
  const ground = await createRecordGround(test)
  const { practice, clinician, supervisor, clientId, chartId, behaviorId, made } = ground
  const client = { id: clientId, chartId }

  t.test('blocks are records of this chart that whoever reads the plan may see', async t => {
    const refused = async (more: Record<string, unknown>) => {
      const { status, body } = await startPlan(clinician, chartId, { objectives: [objective('o1', more)] })
      t.equal(status, 422)
      return body.errors[0].pointer
    }
    const consequence = await made('consequence')
    const legal = await made('block', { content: { category: 'legal' } })
    const other = await layClient(test, practice, 'Blair', [[clinician, 'primary']])
    const elsewhere = await recordsIn(practice, clinician, other.chartId).made('block')
    for (const { id } of [consequence, legal, elsewhere, { id: randomUUID() }])
      t.equal(await refused({ blockIds: [id] }), '/objectives/0/blockIds/0')
    const theirs = await laySubject(test, practice, other.chartId, 'behavior')
    for (const id of [theirs, randomUUID(), consequence.id])
      t.equal(await refused({ behaviorIds: [behaviorId, id] }), '/objectives/0/behaviorIds/1')
    t.same((await clinician.get(plansOf(chartId))).body.data, [])
  })

  t.test('behaviors are shown to the care team only, and are no part of what is signed', async t => {
    const block = await made('block')
    const linked = objective('o1', { blockIds: [block.id], behaviorIds: [behaviorId] })
    const plan = await activePlan(clinician, client, { objectives: [linked] })
    t.same(plan.content.objectives[0].behaviorIds, [behaviorId])
    t.same(plan.content.objectives[0].blockIds, [block.id])
    const coveredBy = async () => (await clinician.get(`${ground.url}/${block.id}`)).body.treatmentPlanId
    t.equal(await coveredBy(), plan.id, 'the block knows which plan answers it')
    const path = `${plansOf(chartId)}/${plan.id}`
    const { body: seen } = await supervisor.get(path)
    t.same(seen.content.objectives[0], { ...plan.content.objectives[0], behaviorIds: [] })
    t.equal(seen.contentHash, plan.contentHash)
    t.same(
      seen.signatures.map((one: { intact: boolean }) => one.intact),
      [true, true],
    )
    const portal = await portalCaller(practice, clientId)
    for (const [by, where] of [
      [supervisor, `${path}/revisions/1`],
      [supervisor, path],
      [portal, `/v1/portal/treatment-plans/${plan.id}`],
    ] as const) {
      const { status, body } = await by.get(where)
      t.equal(status, 200)
      t.notMatch(JSON.stringify(body), new RegExp(behaviorId))
    }
    await step(clinician, plan, 'reviews', {
      reviewedOn: plan.content.startsOn,
      outcome: 'revise',
      summary: 'x',
    })
    t.same((await clinician.get(`${path}/draft`)).body.content.objectives[0].behaviorIds, [behaviorId])
    t.same((await supervisor.get(`${path}/draft`)).body.content.objectives[0].behaviorIds, [])
    const { body: now } = await readPlan(clinician, plan)
    await step(clinician, now, 'closure', { reasonCode: 'completed', summary: null })
    t.equal(await coveredBy(), null, 'and that none does any more')
  })

  t.test('containment and coping in the chart count as groundwork', async t => {
    const trauma = {
      objectives: [objective('o1', { phase: 'trauma_processing' })],
      interventions: [intervention('i1', { phase: 'any' })],
    }
    const plan = await activePlan(clinician, client, trauma)
    const codes = async () =>
      (await readPlan(clinician, plan)).body.warnings.map(({ code }: { code: string }) => code)
    t.same(await codes(), ['trauma_work_before_containment', 'trauma_work_before_coping'])
    const containment = await made('containment_plan')
    await ground.step(containment, { status: 'active' })
    t.same(await codes(), ['trauma_work_before_coping'])
    await laySubject(test, practice, chartId, 'coping_skill')
    t.same(await codes(), [])
    await step(clinician, plan, 'closure', { reasonCode: 'completed', summary: null })
  })

  t.test('the philosophy of the chart is written into what is offered, and stays there', async t => {
    const philosophy = `/v1/charts/${chartId}/philosophy`
    await clinician.put(philosophy, { philosophy: 'harm_reduction', agreedBy: 'client' })
    const plan = await activePlan(clinician, client)
    t.equal(plan.philosophy, 'harm_reduction')
    await clinician.put(philosophy, { philosophy: 'abstinence', agreedBy: 'client' })
    t.equal((await readPlan(clinician, plan)).body.philosophy, 'harm_reduction')
    await step(clinician, plan, 'closure', { reasonCode: 'completed', summary: null })
  })

  t.test('an objective measured by an instrument follows its last clinical score', async t => {
    const measure = { kind: 'instrument', unit: null, instrumentKey: 'phq-9', scaleKey: 'total' }
    const restricted = { ...measure, instrumentKey: 'ace', scaleKey: 'count' }
    const plan = await activePlan(clinician, client, {
      objectives: [
        objective('o1', { measure, baseline: 18, target: 4 }),
        objective('o2', { measure: restricted, baseline: 5, target: 0 }),
      ],
    })
    const progress = async () => (await readPlan(clinician, plan)).body.progress
    t.match(await progress(), [{ current: null, percent: null }, { current: null }])
    await couplePeople(test, practice).run(`update clients set birth_date = '1985-01-01' where id = $1`, [
      clientId,
    ])
    await answer('phq-9', 9, 1)
    await answer('ace', 10, 0)
    t.match(await progress(), [
      { objectiveKey: 'o1', current: { value: 9, source: 'instrument' }, percent: 64 },
      { objectiveKey: 'o2', current: null, percent: null },
    ])
  })

  /** Every item of an instrument answered alike. */
  async function answer(instrumentKey: string, items: number, value: number): Promise<void> {
    const base = `/v1/charts/${chartId}/assessment-assignments`
    const must = ({ status, body }: Reply) => {
      if (status >= 300) throw new Error(JSON.stringify(body))
      return body
    }
    const key = randomUUID()
    const { id, version } = must(await clinician.post(base, { instrumentKey, mode: 'clinician' }, { key }))
    const answers = Object.fromEntries(Array.from({ length: items }, (_, at) => [String(at + 1), value]))
    const options = { ifMatch: version, key: randomUUID() }
    must(await clinician.post(`${base}/${id}/completion`, { answers }, options))
  }
})
