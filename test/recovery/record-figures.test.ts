import t from 'tap'
import {
  connectionOf,
  intimacyOf,
  substitutesOf,
} from '../../src/modules/recovery/records/figures/connection.rules.ts'
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
import type { FigureRow } from '../../src/modules/recovery/records/figures/rows.ts'
import { ago, row, today } from '../support/record-figures.ts'

// Every figure by hand-worked numbers, on a day in a leap year.

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
  t.same(connectionOf(rows, today, []), {
    distinctPeople: 1,
    contacts: 3,
    vulnerableContacts: 2,
    meetings: 1,
    lastContactOn: ago(1),
    daysSinceContact: 1,
  })
  t.match(connectionOf([], today, []), { distinctPeople: 0, lastContactOn: null, daysSinceContact: null })
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
  t.same(meetingsOf(rows, today, []), {
    perWeek: 1,
    goalPerWeek: 3,
    inNinetyDays: 6,
    daysWithMeetingInNinety: 5,
    daysSinceSponsorContact: 3,
    stepsDone: 1,
  })
  t.equal(meetingsOf([], today, []).daysSinceSponsorContact, null)
})

t.test('what check-ins tell of company counts as a log does, and nothing counts twice', async t => {
  const checked = (
    kind: 'daily' | 'weekly',
    days: number,
    meetings: number | null,
    contacts: number | null,
  ) => ({
    kind,
    coversOn: ago(days),
    meetings,
    contacts,
  })
  const daily = [0, 1, 2].map(days => checked('daily', days, 1, 2))
  t.match(connectionOf([], today, daily), {
    distinctPeople: 0,
    contacts: 6,
    vulnerableContacts: 0,
    meetings: 3,
    lastContactOn: today,
    daysSinceContact: 0,
  })
  t.match(meetingsOf([], today, daily), { perWeek: 0.75, inNinetyDays: 3, daysWithMeetingInNinety: 3 })
  const logs = [
    row('meeting_log', today),
    row('meeting_log', ago(1)),
    row('meeting_log', ago(1)),
    row('contact_log', ago(2), { measures: [3] }),
    row('contact_log', ago(5), { measures: [3] }),
  ]
  t.match(
    connectionOf(logs, today, daily),
    { meetings: 1 + 2 + 1, contacts: 2 + 2 + 2 + 1 },
    'of each day the greater of both',
  )
  const weekly = checked('weekly', 0, 6, 4)
  t.match(
    connectionOf(logs, today, [...daily, weekly]),
    { meetings: 6, contacts: 7 },
    'a week adds what it says beyond its days',
  )
  t.match(meetingsOf(logs, today, [...daily, weekly]), { inNinetyDays: 6, daysWithMeetingInNinety: 3 })
  t.match(
    connectionOf([], today, [checked('weekly', 7, 3, null)]),
    { meetings: 0, lastContactOn: ago(7) },
    'a week stands on its last day',
  )
  t.match(connectionOf([], today, [checked('daily', 0, 0, null)]), { lastContactOn: null, meetings: 0 })
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
