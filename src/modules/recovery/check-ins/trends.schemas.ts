import { type Static, Type } from 'typebox'
import { CalendarDate, component, Id, Nullable, OneOf, strictObject } from '../../../lib/schemas.ts'
import { exampleIds } from '../documents/documents.schemas.ts'
import { ratings } from './check-ins.schemas.ts'

type Measure = keyof typeof ratings | 'sleepMinutes' | 'meetings' | 'contacts'
const measures = [
  ...(Object.keys(ratings) as (keyof typeof ratings)[]),
  'sleepMinutes',
  'meetings',
  'contacts',
] as const

const Mean = Nullable(Type.Number({ description: 'Mean of the check-ins that answered it; two decimals.' }))
const means = Object.fromEntries(measures.map(name => [name, Mean])) as Record<Measure, typeof Mean>

const pointExample = {
  on: '2026-01-05',
  checkIns: 1,
  mood: 6,
  stress: 4,
  anxiety: 3,
  irritability: 2,
  depression: 2,
  dysphoria: 1,
  shame: 3,
  hopelessness: 0,
  sleepMinutes: 420,
  meetings: 1,
  contacts: 2,
  addictions: [
    { addictionId: exampleIds.addiction, meanUrge: 4, maxUrge: 4, innerDays: 0, middleDays: 1, outerDays: 1 },
  ],
}

const days = (circle: string) =>
  Type.Integer({ minimum: 0, description: `Check-ins that say yes to the ${circle} circle.` })

const TrendPoint = component(
  'CheckInTrendPoint',
  strictObject(
    {
      on: CalendarDate('The day, or the Monday of the week.', pointExample.on),
      checkIns: Type.Integer({ minimum: 1 }),
      ...means,
      addictions: Type.Array(
        strictObject({
          addictionId: Id('The addiction.', exampleIds.addiction),
          meanUrge: Mean,
          maxUrge: Nullable(Type.Integer({ minimum: 0, maximum: 10 })),
          innerDays: days('inner'),
          middleDays: days('middle'),
          outerDays: days('outer'),
        }),
      ),
    },
    { description: 'What the check-ins of a day or week say.', examples: [pointExample] },
  ),
)

export const CheckInTrends = component(
  'CheckInTrends',
  strictObject(
    {
      from: CalendarDate('The first day.', '2025-12-08'),
      to: CalendarDate('The last day.', '2026-01-05'),
      by: OneOf(['day', 'week'] as const),
      points: Type.Array(TrendPoint, {
        description: 'In order; days without a daily check-in, and weeks without any, are left out.',
      }),
    },
    {
      description: 'Check-ins in force, over time.',
      examples: [{ from: '2025-12-08', to: '2026-01-05', by: 'day', points: [pointExample] }],
    },
  ),
)

export const TrendQuery = strictObject({
  from: Type.Optional(CalendarDate('The first day; 28 days back when left out.', '2025-12-08')),
  to: Type.Optional(CalendarDate('The last day; today when left out.', '2026-01-05')),
  by: Type.Optional(
    OneOf(['day', 'week'] as const, {
      description:
        '`day` when left out: daily check-ins of at most 400 days; a week begins on Monday, and weekly check-ins count in it too.',
      examples: ['day'],
    }),
  ),
})

export type CheckInTrends = Static<typeof CheckInTrends>
export type TrendQuery = Static<typeof TrendQuery>
