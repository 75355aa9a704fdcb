import { type Static, Type } from 'typebox'
import { CalendarDate, component, Nullable, OneOf, strictObject } from '../../../lib/schemas.ts'
import { referenceValues } from '../parts/reference-values.ts'
import { emotionKeys, skillKeys, urgeTargets } from './skills.ts'

const count = (description: string) => Type.Integer({ minimum: 0, description })
const mean = (description: string) => Type.Number({ description })

const Week = component(
  'DiaryCardWeek',
  strictObject(
    {
      weekOf: CalendarDate('Its Monday.', '2026-01-05'),
      cards: count('Days with a card.'),
      blankDays: count('Days of the range without one, from the day of the very first card on, up to today.'),
      urges: Type.Array(
        strictObject({
          target: OneOf(urgeTargets),
          max: count('The strongest.'),
          mean: mean('Over the days it was rated.'),
          urgeDays: count('Days with an urge of at least 1.'),
          actedDays: count('Days on which it was acted on.'),
          notActedShare: Nullable(
            Type.Number({
              minimum: 0,
              maximum: 1,
              description:
                'Of the days with an urge, the share on which it was not acted on; null where unknown.',
            }),
          ),
        }),
      ),
      emotions: Type.Array(
        strictObject({ emotion: OneOf(emotionKeys), mean: mean('Over the days it was rated.') }),
      ),
      skillsPerDay: Nullable(mean('Skills ticked, over the days with a card.')),
      skillUseMean: Nullable(mean('0 to 7, over the days it was rated.')),
      skills: Type.Array(strictObject({ skill: OneOf(skillKeys), days: count('Days it was used on.') }), {
        description: 'Most used first.',
      }),
      sleepMinutesMean: Nullable(mean('Over the nights that were told.')),
    },
    {
      description: 'A week of cards; means have two decimals.',
      examples: [
        {
          weekOf: '2026-01-05',
          cards: 5,
          blankDays: 2,
          urges: [{ target: 'self_harm', max: 4, mean: 1.8, urgeDays: 3, actedDays: 1, notActedShare: 0.67 }],
          emotions: [{ emotion: 'shame', mean: 2.4 }],
          skillsPerDay: 2.2,
          skillUseMean: 3.5,
          skills: [{ skill: 'pausing', days: 4 }],
          sleepMinutesMean: 405,
        },
      ],
    },
  ),
)

const { value, source, confidence } = referenceValues.suicide_urge

export const DiaryCardTrends = component(
  'DiaryCardTrends',
  strictObject(
    {
      from: CalendarDate('The first day.', '2026-01-05'),
      to: CalendarDate('The last day.', '2026-01-11'),
      suicideUrgeThreshold: strictObject(
        {
          value: Type.Integer(),
          source: Type.String(),
          confidence: OneOf(['verified', 'general_knowledge'] as const),
        },
        { description: 'From which urge to suicide on a card raises an alert.' },
      ),
      weeks: Type.Array(Week, { description: 'Oldest first, weeks without a card too.' }),
    },
    {
      description: 'Diary cards by week.',
      examples: [
        {
          from: '2026-01-05',
          to: '2026-01-11',
          suicideUrgeThreshold: { value, source, confidence },
          weeks: [(Week as { examples?: unknown[] }).examples?.[0]],
        },
      ],
    },
  ),
)

export const CardTrendQuery = strictObject({
  from: Type.Optional(CalendarDate('The first day; twelve weeks back when left out.', '2025-10-20')),
  to: Type.Optional(CalendarDate('The last day; today when left out.', '2026-01-11')),
})

export type DiaryCardTrends = Static<typeof DiaryCardTrends>
export type CardTrendQuery = Static<typeof CardTrendQuery>
