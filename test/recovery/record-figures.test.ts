import fc from 'fast-check'
import t from 'tap'
import { dayAfter } from '../../src/modules/recovery/days.rules.ts'
import {
  connectionOf,
  intimacyOf,
  substitutesOf,
} from '../../src/modules/recovery/records/figures/connection.rules.ts'
import { compareConsequences } from '../../src/modules/recovery/records/figures/consequence-comparison.rules.ts'
import { consequencesOf } from '../../src/modules/recovery/records/figures/consequences.rules.ts'
import { containmentOf, intactSince } from '../../src/modules/recovery/records/figures/containment.rules.ts'
import { cycleOf } from '../../src/modules/recovery/records/figures/cycle.rules.ts'
import { harmReductionOf } from '../../src/modules/recovery/records/figures/harm-reduction.rules.ts'
import { integrationOf, ratingsOf } from '../../src/modules/recovery/records/figures/honesty.rules.ts'
import { meetingsOf } from '../../src/modules/recovery/records/figures/meetings.rules.ts'
import {
  blocksOf,
  educationOf,
  restrictedOf,
} from '../../src/modules/recovery/records/figures/overview.rules.ts'
import { readinessOf } from '../../src/modules/recovery/records/figures/readiness.rules.ts'
import type { FigureRow, FigureStep } from '../../src/modules/recovery/records/figures/rows.ts'
import { coverageOf, technologyOf } from '../../src/modules/recovery/records/figures/technology.rules.ts'

// Every figure by hand-worked numbers, on a day in a leap year.

const today = '2028-03-01'
const ago = (days: number) => dayAfter(today, -days)
let last = 0
const row = (kind: string, occurredOn: string, more: Partial<FigureRow> = {}): FigureRow => ({
  id: `id-${(last += 1)}`,
  kind,
  status: 'recorded',
  occurredOn,
  reviewOn: null,
  relatedId: null,
  addictionId: null,
  behaviorId: null,
  treatmentPlanId: null,
  keys: [],
  measures: [],
  ...more,
})
const step = (
  status: string,
  effectiveOn: string,
  reasonKey: string | null = null,
  recordId = 'plan',
): FigureStep => ({
  recordId,
  status,
  effectiveOn,
  reasonKey,
})

t.test('connection counts people, meetings and open contacts of seven days', async t => {
  const contact = (on: string, relatedId: string | null, open: number) =>
    row('contact_log', on, { relatedId, measures: [open] })
  const rows = [
    contact(ago(7), 'sam', 9),
    contact(ago(6), 'alex', 5),
    contact(ago(6), 'alex', 4),
    contact(ago(1), null, 8),
    { ...contact(today, 'kim', 9), status: 'withdrawn' },
    row('meeting_log', ago(8)),
    row('meeting_log', ago(2)),
  ]
  t.same(connectionOf(rows, today), {
    distinctPeople: 1,
    contacts: 3,
    vulnerableContacts: 2,
    meetings: 1,
    lastContactOn: ago(1),
    daysSinceContact: 1,
  })
  t.match(connectionOf([], today), { distinctPeople: 0, lastContactOn: null, daysSinceContact: null })
})

t.test('substitute hours are what was said last, today and 28 days ago', async t => {
  const said = (on: string, type: string, hours: number) =>
    row('substitute_bond', on, { keys: [type], measures: [hours] })
  const rows = [
    said(ago(60), 'phone', 20),
    said(ago(28), 'phone', 15),
    said(ago(20), 'gaming', 3.5),
    said(ago(1), 'phone', 9),
  ]
  t.same(substitutesOf(rows, today), {
    types: [
      { type: 'phone', hoursPerWeek: 9 },
      { type: 'gaming', hoursPerWeek: 3.5 },
    ],
    hoursPerWeek: 12.5,
    hoursPerWeekFourWeeksAgo: 15,
  })
})

t.test('meetings a week, ninety in ninety, and days since the sponsor', async t => {
  const sponsor = row('sponsor', ago(200), { status: 'active' })
  const rows = [
    ...[0, 0, 10, 27, 28, 89, 90].map(days => row('meeting_log', ago(days))),
    row('fellowship_participation', ago(100), { status: 'attending', measures: [2] }),
    row('fellowship_participation', ago(90), { status: 'trying', measures: [1] }),
    row('fellowship_participation', ago(90), { status: 'stopped', measures: [5] }),
    sponsor,
    row('contact_log', ago(3), { relatedId: sponsor.id, measures: [4] }),
    row('contact_log', ago(1), { relatedId: 'friend', measures: [4] }),
    row('step_work', ago(9), { status: 'done', keys: ['saa'], measures: [1] }),
    row('step_work', ago(2), { status: 'shared_with_sponsor', keys: ['saa'], measures: [1] }),
    row('step_work', ago(2), { status: 'started', keys: ['saa'], measures: [2] }),
  ]
  t.same(meetingsOf(rows, today), {
    perWeek: 1,
    goalPerWeek: 3,
    inNinetyDays: 6,
    daysWithMeetingInNinety: 5,
    daysSinceSponsorContact: 3,
    stepsDone: 1,
  })
  t.equal(meetingsOf([], today).daysSinceSponsorContact, null)
})

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

t.test(
  'harm reduction is measured against the baseline, over four weeks or since the goal began',
  async t => {
    const goal = row('harm_reduction_goal', ago(100), {
      id: 'goal',
      status: 'active',
      measures: [8, 3, 2, 1],
    })
    const entry = (on: string, events: number, risk: number, relatedId = 'goal') =>
      row('harm_reduction_entry', on, { relatedId, measures: [events, risk] })
    const rows = [
      goal,
      entry(ago(28), 5, 3),
      entry(ago(27), 4, 2),
      entry(ago(3), 4, 1),
      entry(ago(2), 0, 0),
      entry(ago(2), 9, 4, 'x'),
    ]
    t.same(harmReductionOf(rows, today), [
      {
        recordId: 'goal',
        days: 28,
        baselinePerWeek: 8,
        targetPerWeek: 2,
        eventsPerWeek: 2,
        reductionPercent: 75,
        baselineRiskPerWeek: 24,
        riskPerWeek: 3,
        atTarget: true,
      },
    ])
    const young = harmReductionOf(
      [{ ...goal, occurredOn: ago(6) }, entry(ago(7), 9, 1), entry(ago(1), 12, 1)],
      today,
    )
    t.match(young, [{ days: 7, eventsPerWeek: 12, reductionPercent: -50, atTarget: false }])
    t.same(harmReductionOf([{ ...goal, status: 'ended' }], today), [])
  },
)

t.test('the cycle: what followed what, where it was left, and shame', async t => {
  const entry = (on: string, from: string, to: string | null, shame: number | null, broken = 0) =>
    row('cycle_entry', on, { keys: [from, to], measures: [5, shame, broken] })
  const rows = [
    entry(ago(55), 'usage', 'self_judgment', 8),
    entry(ago(28), 'self_judgment', 'avoidance', 7),
    entry(ago(27), 'usage', 'self_judgment', 6),
    entry(ago(1), 'avoidance', null, null, 1),
    entry(today, 'self_judgment', null, 3, 1),
  ]
  t.same(cycleOf(rows, today), {
    transitions: [
      { from: 'usage', to: 'self_judgment', count: 2, share: 1, timed: 0, meanHours: null },
      { from: 'self_judgment', to: 'avoidance', count: 1, share: 1, timed: 0, meanHours: null },
    ],
    brokenIn: [
      { phase: 'avoidance', count: 1 },
      { phase: 'self_judgment', count: 1 },
    ],
    shame: { lastFourWeeks: 4.5, fourWeeksBefore: 7.5 },
  })
})

t.test('the matrix of the cycle, and the time between phases', async t => {
  const minutes = (on: string, time: string) => Date.parse(`${on}T${time}:00Z`) / 60_000
  const entry = (on: string, time: string | null, from: string, to: string | null) =>
    row('cycle_entry', on, {
      keys: [from, to],
      measures: [5, null, 0, time === null ? null : minutes(on, time)],
    })
  const rows = [
    // Written down in no order: the clock says which came first.
    entry(ago(9), '22:00', 'evening', 'usage'),
    entry(ago(9), '20:30', 'avoidance', 'evening'),
    entry(ago(9), null, 'evening', 'avoidance'),
    // Half past eight to ten, and over midnight: 1.5 hours and 3.5 hours later.
    entry(ago(8), '01:30', 'usage', 'self_judgment'),
    // What follows is not the phase that was said to follow.
    entry(ago(5), '08:00', 'avoidance', 'evening'),
    entry(ago(4), '10:15', 'usage', 'self_judgment'),
    entry(ago(4), '12:15', 'self_judgment', null),
    entry(ago(2), '20:00', 'avoidance', 'evening'),
    entry(ago(1), '00:30', 'evening', 'usage'),
  ]
  t.same(cycleOf(rows, today).transitions, [
    // Of three that left `evening`, two went on to usage; one of them was followed by it, after 3.5 hours.
    { from: 'evening', to: 'usage', count: 2, share: 0.67, timed: 1, meanHours: 3.5 },
    // 1.5 hours, and from eight to half past midnight 4.5: 3 in the mean. Of the one between it is not known.
    { from: 'avoidance', to: 'evening', count: 3, share: 1, timed: 2, meanHours: 3 },
    { from: 'evening', to: 'avoidance', count: 1, share: 0.33, timed: 0, meanHours: null },
    { from: 'usage', to: 'self_judgment', count: 2, share: 1, timed: 1, meanHours: 2 },
  ])
})

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

t.test('a running contract beside a stage that considers no change is flagged', async t => {
  const at = (on: string, stage: string, more: Partial<FigureRow> = { addictionId: 'a' }) =>
    row('readiness', on, { keys: [stage, 'ruler'], measures: [1, 2, 3], ...more })
  const flagged = (rows: FigureRow[], contracts: { addictionId: string | null }[]) =>
    readinessOf(rows, contracts).map(({ contractMismatch }) => contractMismatch)
  const fallen = [at(ago(9), 'action'), at(ago(1), 'precontemplation')]
  t.same(flagged(fallen, [{ addictionId: 'a' }]), [true])
  t.same(flagged(fallen, [{ addictionId: null }]), [true])
  t.same(flagged(fallen, [{ addictionId: 'b' }]), [false])
  t.same(flagged(fallen, []), [false])
  t.same(flagged(fallen.toReversed(), [{ addictionId: 'a' }]), [false])
  t.same(flagged([at(ago(1), 'precontemplation', { behaviorId: 'x' })], [{ addictionId: 'a' }]), [true])
  t.match(readinessOf(fallen, []), [
    { addictionId: 'a', timeline: [{ stage: 'action' }, { stage: 'precontemplation' }] },
  ])
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

t.test('integration shows the latest of each area, honesty the last four weeks', async t => {
  const rows = [
    row('integration_rating', ago(40), { measures: [3, null, null, 5] }),
    row('integration_rating', ago(4), { measures: [6, null, null, null] }),
    row('honesty_check_in', ago(28), { keys: ['money', 'told'] }),
    row('honesty_check_in', ago(27), { keys: ['money', 'told'] }),
    row('honesty_check_in', today, { keys: ['work', 'not_yet'] }),
  ]
  t.same(integrationOf(rows, today), {
    radar: [
      { domain: 'partner', rating: 6, on: ago(4) },
      { domain: 'work', rating: 5, on: ago(40) },
    ],
    honesty: { told: 1, partly: 0, notYet: 1 },
  })
})

t.test('peers are shown in aggregate alone, and not where they are fewer than three', async t => {
  const rated = (rater: string, score: number, days = 1) =>
    row('rating', ago(days), { keys: [rater, 'honesty'], measures: [score] })
  const two = [
    rated('self', 8),
    rated('self', 7),
    rated('clinician', 6),
    rated('peer', 1),
    rated('peer', 2),
    rated('peer', 9, 90),
  ]
  t.same(ratingsOf(two, today), [
    {
      dimension: 'honesty',
      self: 7.5,
      peer: null,
      clinician: 6,
      selfMinusPeer: null,
      selfMinusClinician: 1.5,
    },
  ])
  t.match(ratingsOf([...two, rated('peer', 5)], today), [{ peer: 2.67, selfMinusPeer: 4.83 }])
})

t.test('blocks without an objective, education, intimacy and what the care team alone sees', async t => {
  const blocks = [
    row('block', today, { status: 'identified', keys: ['shame'] }),
    row('block', today, { status: 'recurring', keys: ['shame'], treatmentPlanId: 'o' }),
    row('block', today, { status: 'resolved', keys: ['legal'] }),
  ]
  t.same(blocksOf(blocks), {
    open: 2,
    byCategory: [{ category: 'shame', count: 2 }],
    withoutTreatmentPlan: [blocks[0]?.id],
  })
  const education = ['assigned', 'opened', 'discussed'].map(status =>
    row('education_assignment', ago(9), { status, reviewOn: status === 'opened' ? ago(1) : today }),
  )
  t.same(educationOf(education, today), { open: 2, overdue: 1, completed: 1 })
  const practices = [
    [4, null],
    [7, 6],
  ].map(measures => row('intimacy_practice', ago(27), { status: 'practicing', measures }))
  t.same(intimacyOf(practices, today), { perWeek: 0.5, feltSafety: 5.5, partnerRating: 6 })
  const restricted = [
    row('secret', today, { status: 'held' }),
    row('secret', today, { status: 'disclosed' }),
    row('trauma_event', today, { status: 'resolved' }),
    row('legal_matter', today, { status: 'open', reviewOn: ago(-30) }),
    row('legal_requirement', today, { status: 'out_of_compliance', reviewOn: ago(-3) }),
    row('mandated_report', today, { status: 'decided', reviewOn: ago(-1) }),
    row('sexuality_plan', today, { id: 'plan', status: 'paused', measures: [4, 1, 6, null] }),
  ]
  t.same(restrictedOf(restricted), {
    openSecrets: 1,
    trauma: [{ status: 'resolved', count: 1 }],
    legal: { openMatters: 1, openRequirements: 1, outOfCompliance: 1, nextDueOn: ago(-3) },
    mandatedReports: { open: 1, nextDueOn: ago(-1) },
    sexualityPlan: {
      recordId: 'plan',
      status: 'paused',
      steps: 4,
      stepsDone: 1,
      alignment: 6,
      satisfaction: null,
    },
    escalation: [],
  })
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
