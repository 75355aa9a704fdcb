import t from 'tap'
import { v7 as uuidv7 } from 'uuid'
import { openChart } from '../../src/modules/charts/index.ts'
import { coverBlocks } from '../../src/modules/recovery/index.ts'
import { asStaff } from '../support/clients-raw.ts'
import { day } from '../support/couples.ts'
import { createRecordGround } from '../support/recovery-records.ts'
import { countingOn } from '../support/round-trips/index.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('insights', async t => {
  const test = await createTestApp(t)
  const ground = await createRecordGround(test)
  const { clinician, supervisor, chartId, made, step, addictionId, behaviorId } = ground
  const url = `/v1/charts/${chartId}/recovery-insights`

  t.test('a chart without records answers zeros and nulls', async t => {
    const { status, body } = await clinician.get(url)
    t.equal(status, 200)
    t.match(body, {
      today: day(),
      connection: { contacts: 0, lastContactOn: null },
      containment: { plan: null },
    })
    t.match(body.restricted, { openSecrets: 0, sexualityPlan: null })
  })

  t.test('figures are made of what was written, in as many statements however much it is', async t => {
    const costOf = countingOn(test)
    await clinician.get(url)
    const before = costOf().statements
    const friend = await made('support_person')
    for (const offset of [0, -1, -6, -7])
      await made('contact_log', {
        occurredOn: day(offset),
        relatedRecordId: friend.id,
        content: { vulnerability: 6 },
      })
    await made('meeting_log', { occurredOn: day(-400) })
    const plan = await made('containment_plan', { occurredOn: day(-10) })
    const active = await step(plan, { status: 'active', effectiveOn: day(-10) })
    const breached = await step(active.body, { status: 'breached', effectiveOn: day(-4), reasonKey: 'cash' })
    await step(breached.body, { status: 'revised', effectiveOn: day(-4) })
    const goal = await made('harm_reduction_goal', { addictionId, occurredOn: day(-13) })
    await step(goal, { status: 'active' })
    await made('harm_reduction_entry', {
      relatedRecordId: goal.id,
      occurredOn: day(-2),
      content: { events: 4, risk: 2 },
    })
    const block = await made('block')
    costOf()
    const { body } = await clinician.get(url)
    t.equal(costOf().statements, before, 'the number of statements does not grow')
    t.match(body.connection, { distinctPeople: 1, contacts: 3, vulnerableContacts: 3, daysSinceContact: 0 })
    t.match(body.containment.plan, { intactSince: day(-3), daysIntact: 4, outstandingBlocks: 0 })
    t.same(body.containment.breaches, [{ reasonKey: 'cash', count: 1 }])
    t.match(body.harmReduction, [
      { days: 14, eventsPerWeek: 2, reductionPercent: 75, riskPerWeek: 4, atTarget: true },
    ])
    t.same(body.blocks.withoutTreatmentPlan, [block.id])
    t.equal(body.meetings.inNinetyDays, 0)
  })

  t.test('nothing restricted shows through a figure', async t => {
    const shown = async () => (await supervisor.get(url)).body
    const before = await shown()
    t.equal(before.restricted, null)
    await made('secret')
    await made('consequence', {
      content: { visibility: 'disclosure', cost: { amount: 100, currency: 'USD' } },
    })
    await made('consequence', { behaviorId })
    await made('readiness', { behaviorId, content: { stage: 'precontemplation' } })
    await made('substitute_bond', { content: { type: 'pornography', hoursPerWeek: 20 } })
    await made('block', { content: { category: 'legal' } })
    const goal = await made('harm_reduction_goal', { behaviorId })
    await step(goal, { status: 'active' })
    await made('harm_reduction_entry', { relatedRecordId: goal.id })
    t.same(await shown(), before)
    const own = (await clinician.get(url)).body
    t.equal(own.restricted.openSecrets, 1)
    t.equal(own.consequences.costs.length, 1)
    t.equal(own.harmReduction.length, 2)
  })

  t.test(
    'a block that the plan in force has an objective for is no longer told as open without one',
    async t => {
      const other = await createRecordGround(test)
      const [covered, left] = [await other.made('block'), await other.made('block')]
      const planId = uuidv7()
      const cover = (plan: Parameters<typeof coverBlocks>[2]) =>
        asStaff(test, other.practice, [other.clinician, ['clinician']], async trx =>
          coverBlocks(trx, await openChart(trx, other.chartId, { dataClass: 'clinical' }), plan),
        )
      const without = async () =>
        (await other.clinician.get(`/v1/charts/${other.chartId}/recovery-insights`)).body.blocks
          .withoutTreatmentPlan
      await cover({ planId, blockIds: [covered.id] })
      t.same(await without(), [left.id])
      const shown = (await other.clinician.get(`${other.url}/${covered.id}`)).body
      t.match(shown, { treatmentPlanId: planId, version: 1 })
      await cover({ planId: uuidv7(), blockIds: [left.id] })
      t.same(await without(), [covered.id])
      await cover(null)
      t.same((await without()).length, 2)
    },
  )

  t.test('who may not open the chart gets no figure', async t => {
    t.equal((await (await ground.practice.staff(['clinician'])).get(url)).status, 404)
    t.equal((await ground.practice.owner.get(url)).body.code, 'not-permitted')
    t.equal((await (await createRecordGround(test)).clinician.get(url)).status, 404)
  })
})
