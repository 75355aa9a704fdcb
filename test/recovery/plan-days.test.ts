import fc from 'fast-check'
import t from 'tap'
import { containmentOf, intactSince } from '../../src/modules/recovery/records/figures/containment.rules.ts'
import { coverageOf, technologyOf } from '../../src/modules/recovery/records/figures/technology.rules.ts'
import { ago, row, step, today } from '../support/record-figures.ts'

// The figures that count the days of a plan, by hand-worked numbers and day by day.

t.test('a containment plan is intact from its start, or from the day after a breach', async t => {
  t.equal(intactSince([step('draft', ago(9))]), null)
  t.equal(intactSince([step('draft', ago(9)), step('active', ago(8)), step('revised', ago(2))]), ago(8))
  const breached = [step('active', ago(20)), step('breached', ago(5), 'device')]
  t.equal(intactSince(breached), null)
  t.equal(intactSince([...breached, step('revised', ago(5))]), ago(4), 'the day of a breach is none')
  t.equal(intactSince([...breached, step('revised', ago(3))]), ago(3))
  t.equal(intactSince([...breached, step('archived', ago(1))]), null)
  const plan = row('containment_plan', ago(30), {
    id: 'plan',
    status: 'revised',
    measures: [3, 1],
    reviewOn: ago(1),
  })
  const steps = [...breached, step('revised', ago(5)), step('breached', ago(40), 'cash', 'older')]
  t.same(
    containmentOf(
      [plan, row('containment_plan', ago(90), { id: 'older', status: 'archived' })],
      steps,
      today,
    ),
    {
      plan: {
        recordId: 'plan',
        status: 'revised',
        intactSince: ago(4),
        daysIntact: 5,
        outstandingBlocks: 2,
        reviewOn: ago(1),
        reviewOverdue: true,
      },
      breaches: [
        { reasonKey: 'device', count: 1 },
        { reasonKey: 'cash', count: 1 },
      ],
    },
  )
})

t.test('coverage of a technology plan, from its first active day to its removal', async t => {
  const steps = [
    step('planned', ago(40)),
    step('installed', ago(20)),
    step('active', ago(19)),
    step('lapsed_coverage', ago(9)),
    step('active', ago(4)),
  ]
  t.same(coverageOf(steps, today), { coveredDays: 15, days: 20 })
  t.same(coverageOf([...steps, step('removed', ago(2))], today), { coveredDays: 12, days: 17 })
  t.same(coverageOf(steps.slice(0, 2), today), { coveredDays: 0, days: 0 })
  const rows = [
    row('tech_plan', ago(40), { id: 'plan', status: 'active' }),
    row('accountability_event', ago(2), { relatedId: 'plan', keys: ['alert'] }),
  ]
  t.match(technologyOf(rows, steps, today), [{ coveragePercent: 75, events: [{ event: 'alert', count: 1 }] }])
  t.match(technologyOf(rows, [], today), [{ coveragePercent: null }])
})

t.test('counted day by day, coverage and days intact come out the same', async t => {
  const statuses = fc.constantFrom('active', 'lapsed_coverage', 'installed')
  const history = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), statuses), {
    minLength: 1,
    maxLength: 8,
  })
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(history, changes => {
        const steps = changes.toSorted(([a], [b]) => b - a).map(([days, status]) => step(status, ago(days)))
        const statusOn = (day: string) => steps.findLast(({ effectiveOn }) => effectiveOn <= day)?.status
        const days = Array.from({ length: 21 }, (_, index) => ago(20 - index))
        const started = steps.find(({ status }) => status === 'active')?.effectiveOn
        const counted = days.filter(
          day => started !== undefined && day >= started && statusOn(day) !== undefined,
        )
        const covered = counted.filter(day => statusOn(day) === 'active')
        return (
          coverageOf(steps, today).coveredDays === covered.length &&
          coverageOf(steps, today).days === counted.length
        )
      }),
      { numRuns: 300 },
    ),
  )
  const plans = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 20 }), fc.constantFrom('active', 'revised', 'breached', 'archived')),
    { maxLength: 8 },
  )
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(plans, changes => {
        const steps = changes.toSorted(([a], [b]) => b - a).map(([days, status]) => step(status, ago(days)))
        const since = intactSince(steps)
        if (since === null) return !['active', 'revised'].includes(steps.at(-1)?.status ?? '')
        const breachAfter = steps.some(
          ({ status, effectiveOn }) => status === 'breached' && effectiveOn >= since,
        )
        return !breachAfter && ['active', 'revised'].includes(steps.at(-1)?.status ?? '')
      }),
      { numRuns: 300 },
    ),
  )
})
