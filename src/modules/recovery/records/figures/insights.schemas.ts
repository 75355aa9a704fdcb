import { type Static, type TSchema, Type } from 'typebox'
import { CalendarDate, component, Id, Nullable, OneOf, strictObject } from '../../../../lib/schemas.ts'

const recordId = '019c0000-0000-7000-8000-0000000000b9'
const Count = (description: string) => Type.Integer({ minimum: 0, description })
const Figure = (description: string) => Type.Number({ description })
const Word = (description: string) => Type.String({ description })
const Day = (description: string) => CalendarDate(description, '2026-11-20')
const record = Id('The record.', recordId)
const List = <T extends TSchema>(item: T, description: string) => Type.Array(item, { description })

const bothSources =
  'of each day the greater of what was logged and what its daily check-in says; of a weekly one what it says beyond that, on its last day.'

const connection = strictObject({
  distinctPeople: Count('Support people and sponsors there was contact with, last seven days.'),
  contacts: Count(`Contacts, last seven days: ${bothSources}`),
  vulnerableContacts: Count(
    'Of these, rated 5 or more for openness (clinical judgment; no published cut-off).',
  ),
  meetings: Count(`Meetings, last seven days: ${bothSources}`),
  lastContactOn: Nullable(Day('The last contact or meeting within a year, logged or told in a check-in.')),
  daysSinceContact: Nullable(Count('Days since then; 0 today.')),
})

const substitutes = strictObject({
  types: List(
    strictObject({ type: Word('What.'), hoursPerWeek: Figure('As said last.') }),
    'Each as said last.',
  ),
  hoursPerWeek: Figure('Together, today.'),
  hoursPerWeekFourWeeksAgo: Figure('Together, as they stood 28 days ago.'),
})

const meetings = strictObject({
  perWeek: Figure(`Mean of the last 28 days: ${bothSources}`),
  goalPerWeek: Count("The client's own goals together."),
  inNinetyDays: Count(`Meetings in the last 90 days: ${bothSources}`),
  daysWithMeetingInNinety: Count('Days of the last 90 with one.'),
  daysSinceSponsorContact: Nullable(Count('Days since a logged contact with a sponsor.')),
  stepsDone: Count('Steps done, or shared with the sponsor.'),
})

const containment = strictObject({
  plan: Nullable(
    strictObject({
      recordId: record,
      status: Word('Its status.'),
      intactSince: Nullable(Day('The first day it has been intact; null while it is breached.')),
      daysIntact: Count('Days since then, that day and today counted.'),
      outstandingBlocks: Count('Access blocks that are not in place.'),
      reviewOn: Nullable(Day('The next review.')),
      reviewOverdue: Type.Boolean(),
    }),
  ),
  breaches: List(
    strictObject({ reasonKey: Word('What gave way.'), count: Count('How often.') }),
    'Of all plans.',
  ),
})

export const HarmReductionFigures = component(
  'RecoveryHarmReductionFigures',
  strictObject(
    {
      recordId: record,
      days: Count('Days looked at: 28, or since the goal began.'),
      baselinePerWeek: Figure('Events a week at the beginning.'),
      targetPerWeek: Figure('Events a week as chosen.'),
      eventsPerWeek: Figure('Events a week in these days.'),
      reductionPercent: Nullable(Type.Integer({ description: 'Against the baseline; negative for more.' })),
      baselineRiskPerWeek: Figure('Events a week times their risk, at the beginning.'),
      riskPerWeek: Figure('Events a week times their risk, in these days.'),
      atTarget: Type.Boolean(),
    },
    {
      description: 'A running harm-reduction goal against its baseline.',
      examples: [
        {
          recordId,
          days: 28,
          baselinePerWeek: 8,
          targetPerWeek: 2,
          eventsPerWeek: 2,
          reductionPercent: 75,
          baselineRiskPerWeek: 24,
          riskPerWeek: 2,
          atTarget: true,
        },
      ],
    },
  ),
)

const readiness = strictObject({
  addictionId: Nullable(Id('The addiction.', recordId)),
  behaviorId: Nullable(Id('The behavior.', recordId)),
  contractMismatch: Type.Boolean({
    description: 'A running abstinence contract beside the stage in which change is not considered.',
  }),
  timeline: List(
    strictObject({
      on: Day('When.'),
      stage: Word('The stage.'),
      importance: Count('0 to 10.'),
      confidence: Count('0 to 10.'),
      readiness: Count('0 to 10.'),
    }),
    'Oldest first.',
  ),
})

const cycle = strictObject({
  transitions: List(
    strictObject({
      from: Word('Phase: a word of the list, or the id of an own one.'),
      to: Word('Phase that followed.'),
      count: Count('How often.'),
      share: Figure('Of all that followed this phase: 0 to 1.'),
      timed: Count('Of these: how often the time from one beginning to the next is known.'),
      meanHours: Nullable(Figure('Mean of those times, in hours.')),
    }),
    'The matrix, by what happened; last 366 days.',
  ),
  brokenIn: List(
    strictObject({ phase: Word('Phase.'), count: Count('How often.') }),
    'Where the loop was left.',
  ),
  shame: strictObject({
    lastFourWeeks: Nullable(Figure('Mean.')),
    fourWeeksBefore: Nullable(Figure('Mean.')),
  }),
})

const consequences = strictObject({
  domains: List(
    strictObject({
      domain: Word('Domain of life.'),
      active: Count('How many.'),
      beingRepaired: Count('How many.'),
      resolved: Count('How many.'),
      greatestSeverity: Count('0 to 4.'),
    }),
    'The heat map.',
  ),
  costs: List(
    strictObject({ currency: Word('ISO 4217.'), amount: Count('In the minor unit.') }),
    'Together, by currency.',
  ),
})

const blocks = strictObject({
  open: Count('Open blocks.'),
  byCategory: List(strictObject({ category: Word('Category.'), count: Count('How many.') }), 'Open ones.'),
  withoutTreatmentPlan: List(
    Id('The record.', recordId),
    'Open ones that the treatment plan in force has no objective for.',
  ),
})

const integration = strictObject({
  radar: List(
    strictObject({ domain: Word('Area of life.'), rating: Count('0 to 10.'), on: Day('When.') }),
    'The latest rating of each area.',
  ),
  honesty: strictObject({
    told: Count('Last 28 days.'),
    partly: Count('Last 28 days.'),
    notYet: Count('Last 28 days.'),
  }),
})

const rating = strictObject({
  dimension: Word('What was rated.'),
  self: Nullable(Figure('Mean of the last 90 days.')),
  peer: Nullable(Figure('Mean; null for fewer than three.')),
  clinician: Nullable(Figure('Mean.')),
  selfMinusPeer: Nullable(Figure('The gap.')),
  selfMinusClinician: Nullable(Figure('The gap.')),
})

const attachment = strictObject({
  target: Word('Toward whom.'),
  series: List(
    strictObject({
      on: Day('When.'),
      anxiety: Figure('1 to 7.'),
      avoidance: Figure('1 to 7.'),
      instrument: Word('By what it was measured.'),
      from: OneOf(['record', 'assessment'] as const, {
        description: 'Whether it was written down, or scored from the answers of an assessment.',
      }),
    }),
    'Oldest first.',
  ),
})

const modality = strictObject({
  recordId: record,
  modality: Word('Which.'),
  direction: Word('Through thought, through the body, or both.'),
  status: Word('Its status.'),
  contraindications: List(Word('Why not.'), 'What speaks against it.'),
  sessions: Count('Sessions with a response.'),
  responses: strictObject({
    muchWorse: Count('−2.'),
    worse: Count('−1.'),
    same: Count('0.'),
    better: Count('1.'),
    muchBetter: Count('2.'),
  }),
  mean: Nullable(Figure('Mean response, −2 to 2.')),
  lastThree: Nullable(Figure('Mean of the last three; null for fewer.')),
  series: List(strictObject({ on: Day('When.'), response: Type.Integer() }), 'Oldest first.'),
})

const intimacy = strictObject({
  perWeek: Figure('Practices a week, last 28 days.'),
  feltSafety: Nullable(Figure('Mean.')),
  partnerRating: Nullable(Figure('Mean.')),
})

const technology = strictObject({
  recordId: record,
  status: Word('Its status.'),
  days: Count('Days since the first active one, without those after a removal.'),
  coveredDays: Count('Of these, active ones.'),
  coveragePercent: Nullable(Type.Integer({ minimum: 0, maximum: 100 })),
  events: List(
    strictObject({ event: Word('What the tool told.'), count: Count('How often.') }),
    'Last 366 days.',
  ),
})

const education = strictObject({
  open: Count('Assigned, not completed.'),
  overdue: Count('Of these, overdue.'),
  completed: Count('Completed or discussed.'),
})

const restricted = strictObject({
  openSecrets: Count('Held or being prepared.'),
  trauma: List(
    strictObject({ status: Word('Status.'), count: Count('How many.') }),
    'Entries of the inventory.',
  ),
  legal: strictObject({
    openMatters: Count('Open ones.'),
    openRequirements: Count('Not satisfied.'),
    outOfCompliance: Count('Of these.'),
    nextDueOn: Nullable(Day('The earliest date of what is open.')),
  }),
  mandatedReports: strictObject({
    open: Count('Not filed.'),
    nextDueOn: Nullable(Day('The earliest deadline.')),
  }),
  sexualityPlan: Nullable(
    strictObject({
      recordId: record,
      status: Word('Its status.'),
      steps: Count('In all.'),
      stepsDone: Count('Of these.'),
      alignment: Nullable(Count('0 to 10.')),
      satisfaction: Nullable(Count('0 to 10.')),
    }),
  ),
  escalation: List(
    strictObject({
      on: Day('When it was, or was told.'),
      ageYears: Nullable(Count('The age then.')),
      intensity: Count('1 to 5.'),
      riskLevel: Count('0 to 4.'),
      novelty: Count('0 to 4.'),
    }),
    'Oldest first.',
  ),
})

export const RecoveryInsights = component(
  'RecoveryInsights',
  strictObject(
    {
      today: Day("Today where the client lives: what 'last 28 days' ends with."),
      connection,
      substitutes,
      meetings,
      containment,
      harmReduction: List(HarmReductionFigures, 'Running goals.'),
      readiness: List(readiness, 'By addiction and behavior.'),
      cycle,
      consequences,
      blocks,
      integration,
      ratings: List(rating, 'By dimension.'),
      attachment: List(attachment, 'By person, from records and from assessments. No category.'),
      modalities: List(modality, 'By modality whose fit is recorded: what its sessions did.'),
      intimacy,
      technology: List(technology, 'By plan.'),
      education,
      restricted: Nullable(restricted),
    },
    {
      description: 'Figures of recovery work, computed from what the reader may see.',
      examples: [
        {
          today: '2026-11-20',
          connection: {
            distinctPeople: 2,
            contacts: 3,
            vulnerableContacts: 1,
            meetings: 2,
            lastContactOn: '2026-11-19',
            daysSinceContact: 1,
          },
          substitutes: {
            types: [{ type: 'phone', hoursPerWeek: 10 }],
            hoursPerWeek: 10,
            hoursPerWeekFourWeeksAgo: 14,
          },
          meetings: {
            perWeek: 2.25,
            goalPerWeek: 2,
            inNinetyDays: 25,
            daysWithMeetingInNinety: 25,
            daysSinceSponsorContact: 3,
            stepsDone: 1,
          },
          containment: { plan: null, breaches: [{ reasonKey: 'device', count: 1 }] },
          harmReduction: [],
          readiness: [],
          cycle: {
            transitions: [
              { from: 'usage', to: 'self_judgment', count: 4, share: 0.8, timed: 2, meanHours: 1.5 },
            ],
            brokenIn: [{ phase: 'avoidance', count: 2 }],
            shame: { lastFourWeeks: 4.5, fourWeeksBefore: 6 },
          },
          consequences: { domains: [], costs: [{ currency: 'USD', amount: 120000 }] },
          blocks: {
            open: 1,
            byCategory: [{ category: 'shame', count: 1 }],
            withoutTreatmentPlan: [recordId],
          },
          integration: {
            radar: [{ domain: 'work', rating: 7, on: '2026-11-01' }],
            honesty: { told: 3, partly: 1, notYet: 0 },
          },
          ratings: [],
          attachment: [],
          modalities: [],
          intimacy: { perWeek: 1.5, feltSafety: 6.5, partnerRating: null },
          technology: [],
          education: { open: 1, overdue: 0, completed: 2 },
          restricted: null,
        },
      ],
    },
  ),
)

export type RecoveryInsights = Static<typeof RecoveryInsights>
