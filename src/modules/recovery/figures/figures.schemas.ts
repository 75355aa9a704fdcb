import { type Static, Type } from 'typebox'
import { CalendarDate, component, Id, Nullable, OneOf, strictObject, TimeZone } from '../../../lib/schemas.ts'
import { contractStatuses } from '../abstinence/abstinence.rules.ts'
import { addictionStatuses } from '../addictions/addictions.rules.ts'
import { exampleIds } from '../documents/documents.schemas.ts'
import { antecedents } from '../lapses/lapses.rules.ts'
import { Words } from '../words.schemas.ts'
import { philosophies, wordsOf } from '../words.ts'
import { Milestone, milestoneExample } from './milestones.schemas.ts'

const count = (description: string) => Type.Integer({ minimum: 0, description })
const share = (description: string) => Type.Number({ minimum: 0, maximum: 1, description })

const streakExample = {
  startsOn: '2025-11-01',
  sobrietyDate: '2025-12-21',
  currentDays: 16,
  longestDays: 49,
  resetDays: 1,
  milestones: [milestoneExample],
}

export const Streak = component(
  'RecoveryStreak',
  strictObject(
    {
      startsOn: CalendarDate('The first day that is counted.', streakExample.startsOn),
      sobrietyDate: CalendarDate(
        'The first day of the present streak: the day after the last act of the inner circle, by the definition in force on the day of that act. It may be tomorrow.',
        streakExample.sobrietyDate,
      ),
      currentDays: count('Days of the present streak, today counted.'),
      longestDays: count('The longest streak so far.'),
      resetDays: count('Days on which a streak ended.'),
      milestones: Type.Array(Milestone, {
        description:
          'Of the present streak: days 30, 60, 90 and 180, then anniversaries; those reached and the next.',
      }),
    },
    {
      description: 'Days in a row, computed from dates in the client’s own zone.',
      examples: [streakExample],
    },
  ),
)

const addictionExample = {
  addictionId: exampleIds.addiction,
  status: 'active' as const,
  isPrimary: true,
  streak: streakExample,
  innerLast28Days: 1,
  innerPrevious28Days: 3,
  middleLast28Days: 4,
  outerRateLast28Days: 0.8,
}

const AddictionFigures = component(
  'AddictionFigures',
  strictObject(
    {
      addictionId: Id('The addiction.', exampleIds.addiction),
      status: OneOf(addictionStatuses),
      isPrimary: Type.Boolean(),
      streak: Nullable(Streak),
      innerLast28Days: count('Days with an act of the inner circle, of the last 28.'),
      innerPrevious28Days: count('The same of the 28 days before.'),
      middleLast28Days: count('Days with something of the middle circle, of the last 28: an early warning.'),
      outerRateLast28Days: Nullable(
        share(
          'Of the last 28 days on which a daily check-in asked: the share with something of the outer circle.',
        ),
      ),
    },
    {
      description: 'Figures of one addiction. `streak` is null until there is a first day to count from.',
      examples: [addictionExample],
    },
  ),
)

const contractExample = {
  contractId: exampleIds.contract,
  status: 'active' as const,
  startsOn: '2025-12-21',
  endsOn: '2026-03-20',
  plannedDays: 90,
  dayNumber: 16,
  breaks: 0,
  milestones: [milestoneExample],
  checkedDays: 14,
  elapsedDays: 16,
}

const ContractFigures = component(
  'AbstinenceContractFigures',
  strictObject(
    {
      contractId: Id('The contract.', exampleIds.contract),
      status: OneOf(contractStatuses),
      startsOn: Nullable(CalendarDate('Day 1.', contractExample.startsOn)),
      endsOn: Nullable(CalendarDate('The last planned day.', contractExample.endsOn)),
      plannedDays: count('How many days are planned.'),
      dayNumber: count('Which of them it is; a break holds it still.'),
      breaks: count('How often it was broken.'),
      milestones: Type.Array(Milestone),
      checkedDays: count('Days since day 1 that a check-in tells of.'),
      elapsedDays: count('Days since day 1: the rest was not checked in.'),
    },
    { description: 'Figures of a contract that was agreed.', examples: [contractExample] },
  ),
)

const lapseExample = {
  count: 4,
  relapses: 1,
  medianDaysUntilReported: 1,
  planChangeRate: 0.5,
  repeatedAntecedents: [{ antecedent: 'lonely' as const, count: 3 }],
}

const LapseFigures = component(
  'LapseFigures',
  strictObject(
    {
      count: count('Lapses that were not withdrawn.'),
      relapses: count('Those that were a return to an earlier pattern.'),
      medianDaysUntilReported: Nullable(Type.Number({ minimum: 0 })),
      planChangeRate: Nullable(share('The share that led to a change of plan.')),
      repeatedAntecedents: Type.Array(
        strictObject({ antecedent: OneOf(antecedents), count: Type.Integer({ minimum: 2 }) }),
        { description: 'What went before more than one of them, most frequent first.' },
      ),
    },
    { description: 'What lapses have taught.', examples: [lapseExample] },
  ),
)

const head = {
  today: CalendarDate('The client’s day.', '2026-01-05'),
  timeZone: TimeZone('The zone of that day.'),
  philosophy: Nullable(OneOf(philosophies)),
  words: Words,
}
const headExample = {
  today: '2026-01-05',
  timeZone: 'America/Los_Angeles',
  philosophy: 'integrated' as const,
  words: wordsOf.integrated,
}

export const RecoveryFigures = component(
  'RecoveryFigures',
  strictObject(
    {
      ...head,
      addictions: Type.Array(AddictionFigures),
      contracts: Type.Array(ContractFigures),
      lapses: LapseFigures,
    },
    {
      description:
        'Every figure of recovery work in one chart, computed anew each time: what is told late or corrected changes them.',
      examples: [
        {
          ...headExample,
          addictions: [addictionExample],
          contracts: [contractExample],
          lapses: lapseExample,
        },
      ],
    },
  ),
)

export type RecoveryFigures = Static<typeof RecoveryFigures>
export { head as figuresHead, headExample as figuresHeadExample }
