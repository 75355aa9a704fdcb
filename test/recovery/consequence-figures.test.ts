import t from 'tap'
import { compareConsequences } from '../../src/modules/recovery/records/figures/consequence-comparison.rules.ts'
import { consequencesOf } from '../../src/modules/recovery/records/figures/consequences.rules.ts'
import { row, today } from '../support/record-figures.ts'

// The figures about consequences, by hand-worked numbers.

t.test('consequences on two days, by hand', async t => {
  const on = (
    status: string,
    effectiveOn: string,
    content: { domain: string; severity: number } | null = null,
  ) => ({
    status,
    effectiveOn,
    content,
  })
  const money = {
    occurredOn: '2028-01-10',
    steps: [
      on('active', '2028-01-10', { domain: 'financial', severity: 4 }),
      on('being_repaired', '2028-02-01'),
      on('being_repaired', '2028-02-20', { domain: 'financial', severity: 2 }),
    ],
  }
  const home = {
    occurredOn: '2027-12-01',
    steps: [
      on('active', '2027-12-01', { domain: 'family', severity: 3 }),
      on('resolved', '2028-02-10'),
      // Told later, of a day before: it was over earlier than was thought.
      on('resolved', '2028-02-05'),
    ],
  }
  // Its day was moved back after it was written.
  const work = {
    occurredOn: '2028-01-05',
    steps: [on('active', '2028-02-25', { domain: 'work', severity: 1 })],
  }
  const standing = (more: object) => ({
    active: 0,
    beingRepaired: 0,
    resolved: 0,
    bySeverity: [0, 0, 0, 0, 0],
    burden: 0,
    ...more,
  })
  t.same(compareConsequences([money, home, work], { before: '2028-01-15', after: '2028-02-28' }), {
    domains: [
      {
        domain: 'financial',
        before: standing({ active: 1, bySeverity: [0, 0, 0, 0, 1], burden: 4 }),
        after: standing({ beingRepaired: 1, bySeverity: [0, 0, 1, 0, 0], burden: 2 }),
        burdenChange: -2,
      },
      {
        domain: 'family',
        before: standing({ active: 1, bySeverity: [0, 0, 0, 1, 0], burden: 3 }),
        after: standing({ resolved: 1 }),
        burdenChange: -3,
      },
      {
        domain: 'work',
        before: standing({ active: 1, bySeverity: [0, 1, 0, 0, 0], burden: 1 }),
        after: standing({ active: 1, bySeverity: [0, 1, 0, 0, 0], burden: 1 }),
        burdenChange: 0,
      },
    ],
    together: {
      before: standing({ active: 3, bySeverity: [0, 1, 0, 1, 1], burden: 8 }),
      after: standing({ active: 1, beingRepaired: 1, resolved: 1, bySeverity: [0, 1, 1, 0, 0], burden: 3 }),
      burdenChange: -5,
    },
  })
  const early = compareConsequences([money, home], { before: '2027-11-30', after: '2028-02-07' })
  t.same(early.together.before, standing({}), 'nothing had happened')
  t.same(
    early.domains.map(({ domain, after }) => [domain, after.active, after.resolved]),
    [
      ['financial', 0, 0],
      ['family', 0, 1],
    ],
    'what was said last of a day counts',
  )
  t.same(compareConsequences([], { before: today, after: today }).domains, [])
})

t.test('consequences by domain, and costs by currency', async t => {
  const lost = (
    domain: string,
    status: string,
    severity: number,
    currency: string | null,
    amount: number | null,
  ) => row('consequence', today, { status, keys: [domain, currency], measures: [severity, amount] })
  const rows = [
    lost('financial', 'active', 2, 'USD', 120_000),
    lost('financial', 'resolved', 4, 'USD', 50),
    lost('work', 'being_repaired', 1, null, null),
    lost('work', 'withdrawn', 4, 'EUR', 9),
  ]
  t.same(consequencesOf(rows), {
    domains: [
      { domain: 'financial', active: 1, beingRepaired: 0, resolved: 1, greatestSeverity: 4 },
      { domain: 'work', active: 0, beingRepaired: 1, resolved: 0, greatestSeverity: 1 },
    ],
    costs: [{ currency: 'USD', amount: 120_050 }],
  })
})
