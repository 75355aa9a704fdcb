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
import {
  EnteredBy,
  exampleIds,
  exampleInstant,
  paramsOf,
  Rating,
  RecordedById,
} from '../documents/documents.schemas.ts'

export const checkInKinds = ['daily', 'weekly'] as const

const touched = (circle: string) =>
  Nullable(
    Type.Boolean({ description: `Whether something of the ${circle} circle happened; null was not asked.` }),
  )

const AboutAddiction = component(
  'CheckInAboutAddiction',
  strictObject(
    {
      addictionId: Id('The addiction.', exampleIds.addiction),
      urge: Nullable(Rating('The strongest urge.')),
      innerCircle: touched('inner'),
      middleCircle: touched('middle'),
      outerCircle: touched('outer'),
    },
    {
      description: 'What a check-in says about one addiction.',
      examples: [
        {
          addictionId: exampleIds.addiction,
          urge: 4,
          innerCircle: false,
          middleCircle: true,
          outerCircle: true,
        },
      ],
    },
  ),
)

const symptom = (name: string) => Nullable(Rating(`${name}.`))

export const ratings = {
  mood: Nullable(Rating('Mood, 10 is best.')),
  stress: symptom('Stress'),
  anxiety: symptom('Anxiety'),
  irritability: symptom('Irritability'),
  depression: symptom('Low spirits'),
  dysphoria: symptom('Unease'),
  shame: symptom('Shame'),
  hopelessness: symptom('Hopelessness'),
}

const answers = {
  ...ratings,
  sleepMinutes: Nullable(
    Type.Integer({ minimum: 0, maximum: 1440, description: 'Of the night before; weekly: on average.' }),
  ),
  meetings: Nullable(Type.Integer({ minimum: 0, maximum: 100, description: 'Meetings attended.' })),
  contacts: Nullable(Type.Integer({ minimum: 0, maximum: 500, description: 'Supportive people reached.' })),
  addictions: Type.Array(AboutAddiction, { maxItems: 20, description: 'Each addiction once.' }),
  note: Nullable(Text(2_000)),
}

const answersExample = {
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
    { addictionId: exampleIds.addiction, urge: 4, innerCircle: false, middleCircle: true, outerCircle: true },
  ],
  note: null,
}

const day = {
  kind: OneOf(checkInKinds),
  coversOn: CalendarDate(
    'The client’s day it tells of, not in the future; of a weekly one the last of the seven.',
    '2026-01-05',
  ),
}

const shown = {
  id: Id('The check-in.', exampleIds.checkIn),
  ...day,
  ...answers,
  inForce: Type.Boolean({ description: 'False once a correction took its place.' }),
  supersedesId: Nullable(Id('The one it corrects.', exampleIds.checkIn)),
  enteredOn: CalendarDate('The client’s day on which it was entered.', '2026-01-06'),
  daysLate: Type.Integer({ minimum: 0, description: 'Days between the day it tells of and that.' }),
  recordedById: RecordedById,
  enteredBy: EnteredBy,
  createdAt: Instant('When it was entered.', exampleInstant),
}

const shownExample = {
  id: exampleIds.checkIn,
  kind: 'daily' as const,
  coversOn: '2026-01-05',
  ...answersExample,
  inForce: true,
  supersedesId: null,
  enteredOn: '2026-01-06',
  daysLate: 1,
  recordedById: null,
  enteredBy: 'client' as const,
  createdAt: exampleInstant,
}

export const CheckIn = component(
  'CheckIn',
  strictObject(shown, { description: 'One form about a day or a week.', examples: [shownExample] }),
)

export const SentCheckIn = component(
  'SentCheckIn',
  strictObject(
    { ...shown, crisis: Nullable(Crisis) },
    {
      description:
        'The check-in as it was recorded, and whom to reach at once where it says that somebody may need it.',
      examples: [{ ...shownExample, hopelessness: 9, crisis: exampleCrisis }],
    },
  ),
)

const { addictions: _addictions, note: _note, ...shortExample } = answersExample

export const NewCheckIn = component(
  'NewCheckIn',
  strictObject(
    { ...day, ...Type.Partial(strictObject(answers)).properties },
    {
      description: 'A check-in. What is left out was not asked.',
      examples: [
        { kind: 'daily', coversOn: '2026-01-05', ...shortExample, addictions: answersExample.addictions },
      ],
    },
  ),
)

export const CheckInCorrection = component(
  'CheckInCorrection',
  strictObject(Type.Partial(strictObject(answers)).properties, {
    minProperties: 1,
    description: 'The whole form anew, for the same day. What is left out was not asked.',
    examples: [{ ...shortExample, mood: 5, addictions: answersExample.addictions }],
  }),
)

export const CheckInParams = paramsOf('checkInId', 'The check-in.', exampleIds.checkIn)
export const CheckInQuery = strictObject({
  ...PageQuery,
  from: Type.Optional(CalendarDate('Only from this day on.', '2026-01-01')),
  to: Type.Optional(CalendarDate('Only up to this day.', '2026-01-31')),
  kind: Type.Optional(OneOf(checkInKinds, { description: 'Only these.', examples: ['daily'] })),
  superseded: Type.Optional(
    Type.Boolean({ description: 'Also those that were corrected.', default: false, examples: [true] }),
  ),
})
export const CheckInPage = listOf('CheckInPage', CheckIn)

export type CheckIn = Static<typeof CheckIn>
export type SentCheckIn = Static<typeof SentCheckIn>
export type NewCheckIn = Static<typeof NewCheckIn>
export type CheckInCorrection = Static<typeof CheckInCorrection>
export type CheckInQuery = Static<typeof CheckInQuery>
export type AboutAddiction = Static<typeof AboutAddiction>
