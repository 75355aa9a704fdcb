import { type Static, Type } from 'typebox'
import {
  CalendarDate,
  component,
  Id,
  Instant,
  listOf,
  Nullable,
  OneOf,
  PageQuery,
  strictObject,
  Text,
} from '../../../lib/schemas.ts'
import { Crisis, exampleCrisis } from '../../assessments/index.ts'
import { emotionKeys, skillKeys, urgeTargets } from './skills.ts'

const exampleIds = {
  chart: '019c0000-0000-7000-8000-0000000000c1',
  card: '019c0000-0000-7000-8000-000000002011',
  earlier: '019c0000-0000-7000-8000-000000002012',
} as const

const strength = (description: string) => Type.Integer({ minimum: 0, maximum: 5, description })

const Urge = component(
  'DiaryCardUrge',
  strictObject(
    {
      target: OneOf(urgeTargets),
      urge: strength('The strongest of the day, 0 to 5.'),
      acted: Nullable(Type.Boolean({ description: 'Whether it was acted on; null was not asked.' })),
      times: Nullable(Type.Integer({ minimum: 0, maximum: 200, description: 'How often.' })),
    },
    {
      description: 'An urge of the day.',
      examples: [{ target: 'sexual_acting_out', urge: 3, acted: false, times: null }],
    },
  ),
)

const Emotion = component(
  'DiaryCardEmotion',
  strictObject(
    { emotion: OneOf(emotionKeys), strength: strength('0 to 5.') },
    { description: 'How strong a feeling was.', examples: [{ emotion: 'shame', strength: 2 }] },
  ),
)

const answers = {
  emotions: Type.Array(Emotion, { maxItems: emotionKeys.length, description: 'Each once.' }),
  urges: Type.Array(Urge, { maxItems: urgeTargets.length, description: 'Each once.' }),
  medicationAsPrescribed: Nullable(Type.Boolean({ description: 'Null: none is prescribed, or not asked.' })),
  sleepMinutes: Nullable(Type.Integer({ minimum: 0, maximum: 1_440, description: 'Of the night before.' })),
  skills: Type.Array(OneOf(skillKeys), {
    maxItems: skillKeys.length,
    uniqueItems: true,
    description: 'Used on that day.',
  }),
  skillUse: Nullable(
    Type.Integer({
      minimum: 0,
      maximum: 7,
      description: 'From 0, not thought of, to 7, by themselves and helpful.',
    }),
  ),
  note: Nullable(Text(2_000)),
}

const exampleAnswers = {
  emotions: [{ emotion: 'shame' as const, strength: 2 }],
  urges: [
    { target: 'suicide' as const, urge: 0, acted: false, times: null },
    { target: 'sexual_acting_out' as const, urge: 3, acted: false, times: null },
  ],
  medicationAsPrescribed: null,
  sleepMinutes: 420,
  skills: ['pausing' as const, 'checking_the_facts' as const],
  skillUse: 4,
  note: null,
}

const coversOn = CalendarDate('The client’s day it tells of, not in the future.', '2026-01-05')

const exampleCard = {
  id: exampleIds.card,
  coversOn: '2026-01-05',
  ...exampleAnswers,
  inForce: true,
  supersedesId: null,
  enteredOn: '2026-01-06',
  recordedById: null,
  enteredBy: 'client' as const,
  createdAt: '2026-01-06T18:00:00.000Z',
}

export const DiaryCard = component(
  'DiaryCard',
  strictObject(
    {
      id: Id('The card.', exampleIds.card),
      coversOn,
      ...answers,
      inForce: Type.Boolean({ description: 'False once a correction took its place.' }),
      supersedesId: Nullable(Id('The one it corrects.', exampleIds.earlier)),
      enteredOn: CalendarDate('The client’s day on which it was entered.', '2026-01-06'),
      recordedById: Nullable(Id('The member of staff who entered it; null where the client did.')),
      enteredBy: OneOf(['staff', 'client'] as const),
      createdAt: Instant('When it was entered.', exampleCard.createdAt),
    },
    { description: 'One day on a DBT diary card.', examples: [exampleCard] },
  ),
)

const optionalAnswers = Type.Partial(strictObject(answers)).properties
const { note: _note, ...shortExample } = exampleAnswers

export const NewDiaryCard = component(
  'NewDiaryCard',
  strictObject(
    { coversOn, ...optionalAnswers },
    {
      description: 'A day on a diary card. What is left out was not asked.',
      examples: [{ coversOn: '2026-01-05', ...shortExample }],
    },
  ),
)

export const DiaryCardCorrection = component(
  'DiaryCardCorrection',
  strictObject(optionalAnswers, {
    minProperties: 1,
    description: 'The whole card anew, for the same day. What is left out was not asked.',
    examples: [{ ...shortExample, skillUse: 5 }],
  }),
)

export const SentDiaryCard = component(
  'SentDiaryCard',
  strictObject(
    { card: DiaryCard, crisis: Nullable(Crisis) },
    {
      description:
        'The card as it was recorded, and whom to reach at once where it says that somebody may need it.',
      examples: [{ card: exampleCard, crisis: exampleCrisis }],
    },
  ),
)

const diaryCardId = Id('The card.', exampleIds.card)
export const ChartParams = strictObject({ chartId: Id('The chart.', exampleIds.chart) })
export const CardParams = strictObject({ ...ChartParams.properties, diaryCardId })
export const OwnCardParams = strictObject({ diaryCardId })

export const CardQuery = strictObject({
  ...PageQuery,
  from: Type.Optional(CalendarDate('Only from this day on.', '2026-01-01')),
  to: Type.Optional(CalendarDate('Only up to this day.', '2026-01-31')),
  superseded: Type.Optional(
    Type.Boolean({ description: 'Also those that were corrected.', default: false, examples: [true] }),
  ),
})
export const CardPage = listOf('DiaryCardPage', DiaryCard)

export type DiaryCard = Static<typeof DiaryCard>
export type NewDiaryCard = Static<typeof NewDiaryCard>
export type DiaryCardCorrection = Static<typeof DiaryCardCorrection>
export type SentDiaryCard = Static<typeof SentDiaryCard>
export type CardQuery = Static<typeof CardQuery>
