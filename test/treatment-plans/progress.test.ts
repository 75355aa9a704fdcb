import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { percentOf } from '../../src/modules/treatment-plans/progress.rules.ts'
import { couplePeople, day } from '../support/couples.ts'
import { createTestPractice } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'
import {
  activePlan,
  intervention,
  marker,
  objective,
  plansOf,
  readPlan,
  startPlan,
  step,
} from '../support/treatment-plans.ts'

t.test('the way from baseline to target, by hand', async t => {
  t.equal(percentOf(1, 5, 3), 50)
  t.equal(percentOf(20, 10, 16), 40, 'less is better')
  t.equal(percentOf(0, 3, 1), 33)
  t.equal(percentOf(1, 5, 9), 100, 'past the target')
  t.equal(percentOf(20, 10, 25), -50, 'further from it than at the start')
  t.equal(percentOf(10, 9, 40), -100, 'at most')
  t.equal(percentOf(0, 0, 0), 100, 'as it was meant to stay')
  t.equal(percentOf(0, 0, 1), 0)
  t.equal(percentOf(null, 5, 3), null)
  t.equal(percentOf(1, 5, null), null)
})

t.test('for all numbers: 0 at the baseline, 100 at the target, and nearer is never less', async t => {
  const number = fc.integer({ min: -1_000_000, max: 1_000_000 })
  fc.assert(
    fc.property(number, number, number, number, (baseline, target, one, other) => {
      fc.pre(baseline !== target)
      const percent = (value: number) => percentOf(baseline, target, value) ?? Number.NaN
      const forward = target > baseline ? 1 : -1
      const [far, near] = (one - other) * forward < 0 ? [one, other] : [other, one]
      return (
        Object.is(percent(baseline), 0) &&
        percent(target) === 100 &&
        percent(near) >= percent(far) &&
        Math.abs(percent(one)) <= 100
      )
    }),
  )
  t.pass()
})

t.test('progress', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const people = couplePeople(test, practice)
  const clinician = await practice.staff(['clinician'])
  const inForce = async (more: Record<string, unknown> = {}) =>
    activePlan(clinician, await people.client('Alex', [clinician]), more)
  type Plan = { id: string; chartId: string; version: number }
  const note = (plan: Plan, key: string, more: Record<string, unknown> = {}, by = clinician) =>
    by.post(
      `${plansOf(plan.chartId)}/${plan.id}/objectives/${key}/progress`,
      { occurredOn: day(), value: null, standing: null, note: null, ...more },
      { key: randomUUID() },
    )
  const list = async (plan: Plan, query = '') =>
    (await clinician.get(`${plansOf(plan.chartId)}/${plan.id}/objectives/o1/progress${query}`)).body

  t.test('figures follow what was noted, by the day it is of', async t => {
    const plan = await inForce({
      goals: [
        { key: 'g1', clientId: null, problemKeys: [], text: 'x', author: 'client' },
        { key: 'g2', clientId: null, problemKeys: [], text: 'y', author: 'clinician' },
      ],
      objectives: [
        objective('o1', { dueOn: day(-1) }),
        objective('o2', { goalKey: 'g2', baseline: 20, target: 10, dueOn: day(-1) }),
        objective('o3', { goalKey: 'g2' }),
      ],
    })
    t.same(plan.figures, {
      goals: 2,
      goalsByClient: 1,
      goalsMet: 0,
      objectives: 3,
      objectivesMet: 0,
      objectivesOverdue: 2,
    })
    t.equal((await note(plan, 'o1', { value: 3, note: `Better (${marker}).` })).status, 201)
    await note(plan, 'o1', { value: 2, occurredOn: day(-9) })
    await note(plan, 'o2', { value: 16, standing: 'met' })
    await note(plan, 'o3', { standing: 'dropped' })
    const { body: now } = await readPlan(clinician, plan)
    t.match(now.progress, [
      {
        objectiveKey: 'o1',
        standing: 'in_progress',
        current: { value: 3, on: day(), source: 'entry' },
        percent: 50,
        overdue: true,
      },
      {
        objectiveKey: 'o2',
        standing: 'met',
        current: { value: 16, on: day(), source: 'entry' },
        percent: 40,
        overdue: false,
      },
      { objectiveKey: 'o3', standing: 'dropped', current: null, percent: null, overdue: false },
    ])
    t.match(now.figures, { goalsMet: 1, objectivesMet: 1, objectivesOverdue: 1 })
    t.equal(now.version, plan.version, 'a plan in force is not changed by how it goes')
  })

  t.test('an entry that was wrong is replaced, once, and stays on record', async t => {
    const plan = await inForce()
    const { body: wrong } = await note(plan, 'o1', { value: 50 })
    const twins = await Promise.all(
      [0, 1, 2].map(() => note(plan, 'o1', { value: 5, replacesProgressId: wrong.id })),
    )
    t.same(twins.map(({ status }) => status).sort(), [201, 409, 409])
    const { body: now } = await readPlan(clinician, plan)
    t.match(now.progress[0], { percent: 100, current: { value: 5 } })
    const { data } = await list(plan)
    const right = twins.find(({ status }) => status === 201)?.body
    t.same(
      data.map((one: { id: string; replacedByProgressId: string }) => [one.id, one.replacedByProgressId]),
      [
        [right.id, null],
        [wrong.id, right.id],
      ],
    )
    const other = await inForce()
    const elsewhere = await note(other, 'o1', { value: 1, replacesProgressId: wrong.id })
    t.equal(elsewhere.body.errors[0].pointer, '/replacesProgressId')
    t.equal((await note(plan, 'o1', { value: 1, replacesProgressId: randomUUID() })).status, 422)
  })

  t.test('a list of entries goes on from page to page', async t => {
    const plan = await inForce()
    for (const back of [0, -3, -1, -3]) await note(plan, 'o1', { value: back, occurredOn: day(back) })
    const all = (await list(plan)).data
    t.same(
      all.map((one: { occurredOn: string }) => one.occurredOn),
      [day(), day(-1), day(-3), day(-3)],
    )
    const seen = []
    let cursor = ''
    do {
      const page = await list(plan, `?limit=1${cursor && `&cursor=${cursor}`}`)
      seen.push(...page.data)
      cursor = page.nextCursor
    } while (cursor)
    t.same(seen, all)
  })

  t.test('progress is noted of objectives in force, and has happened', async t => {
    const alex = await people.client('Alex', [clinician])
    const { body: draft } = await startPlan(clinician, alex.chartId)
    t.equal((await note(draft, 'o1', { value: 1 })).body.code, 'invalid-state')
    const plan = await inForce()
    t.equal((await note(plan, 'o2', { value: 1 })).status, 404)
    t.equal((await note(plan, 'canary', { value: 1 })).status, 400)
    t.equal((await note(plan, 'o1')).body.code, 'invalid-request')
    t.equal((await note(plan, 'o1', { value: 1, occurredOn: day(2) })).body.errors[0].pointer, '/occurredOn')
    t.equal((await note(plan, 'o1', { value: 1e9 })).status, 400)
    t.equal((await note(plan, 'o1', { value: '1' })).status, 400)
    t.equal((await note(plan, 'o1', { value: 1 }, await practice.staff(['clinician']))).status, 404)
    t.equal((await note(plan, 'o1', { value: 1 }, await practice.staff(['supervisor']))).status, 403)
    await step(clinician, plan, 'closure', { reasonCode: 'completed', summary: null })
    t.equal((await note(plan, 'o1', { value: 1 })).body.code, 'invalid-state')
    t.same((await list(plan)).data, [])
  })

  t.test('trauma work before containment and coping is warned of, and never refused', async t => {
    const trauma = {
      objectives: [
        objective('o1', { phase: 'containment' }),
        objective('o2', { phase: 'coping' }),
        objective('o3', { phase: 'trauma_processing' }),
      ],
      interventions: [intervention('i1', { phase: 'trauma_processing', modality: 'emdr' })],
    }
    const codes = ({ warnings }: { warnings: { code: string }[] }) => warnings.map(({ code }) => code)
    const plan = await inForce(trauma)
    t.same(plan.warnings, [
      { code: 'trauma_work_before_containment', keys: ['o3', 'i1'], reasonGiven: false },
      { code: 'trauma_work_before_coping', keys: ['o3', 'i1'], reasonGiven: false },
    ])
    await note(plan, 'o1', { standing: 'met' })
    t.same(codes((await readPlan(clinician, plan)).body), ['trauma_work_before_coping'])
    await note(plan, 'o2', { standing: 'met' })
    t.same(codes((await readPlan(clinician, plan)).body), [])
    const reasoned = await inForce({ ...trauma, phaseOverrideReason: 'Asked for by the client.' })
    t.same(
      reasoned.warnings.map((one: { reasonGiven: boolean }) => one.reasonGiven),
      [true, true],
    )
    t.same((await inForce()).warnings, [], 'other work is not warned of')
  })

  t.test('notes are sealed at rest', async t => {
    const plan = await inForce()
    await note(plan, 'o1', { note: `Calm (${marker}).` })
    t.equal((await list(plan)).data[0].note, `Calm (${marker}).`)
    const rows = await people.run('select p::text as row from treatment_plan_progress p', [])
    t.notMatch(JSON.stringify(rows), new RegExp(marker))
  })
})
