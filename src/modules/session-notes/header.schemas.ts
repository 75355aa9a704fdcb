import { type Static, type TProperties, Type } from 'typebox'
import { CalendarDate, component, Id, Nullable, OneOf, strictObject, Text } from '../../lib/schemas.ts'
import { progressRatings } from '../treatment-plans/index.ts'

export const presences = ['present', 'late', 'absent'] as const
export const sessionPlaces = [
  'office',
  'telehealth_home',
  'telehealth_other',
  'home_visit',
  'community',
  'phone',
] as const
export const riskStatuses = ['denied', 'present', 'not_assessed'] as const
export const homeworkResults = ['done', 'partly', 'not_done'] as const

const ids = {
  client: '019c0000-0000-7000-8000-0000000000a1',
  plan: '019c0000-0000-7000-8000-0000000000c7',
  riskAssessment: '019c0000-0000-7000-8000-0000000000d8',
}

const exampleAttendance = { clientId: ids.client, presence: 'present' as const, minutes: 51 }

const Attendance = component(
  'NoteAttendance',
  strictObject(
    {
      clientId: Id('A present member of the chart.', ids.client),
      presence: OneOf(presences),
      minutes: Type.Optional(
        Type.Integer({ minimum: 0, maximum: 1_440, description: 'How long they were there.' }),
      ),
    },
    { description: 'Who of the chart was there.', examples: [exampleAttendance] },
  ),
)

const examplePlace = {
  kind: 'telehealth_home' as const,
  stateCode: 'CA',
  checkIn: {
    address: '1 Example Way, Sampletown (fictional)',
    emergencyContact: 'A sister, +15555550123 (fictional)',
    confirmedPrivate: true,
  },
}

const Place = component(
  'NotePlace',
  strictObject(
    {
      kind: OneOf(sessionPlaces),
      stateCode: Type.Optional(
        Type.String({ pattern: '^[A-Z]{2}$', description: 'USPS code of where the client was.' }),
      ),
      checkIn: Type.Optional(
        strictObject(
          {
            address: Text(300, { description: 'Where the client is, for an emergency.' }),
            emergencyContact: Text(300),
            confirmedPrivate: Type.Boolean({ description: 'The client said that nobody listens.' }),
          },
          { description: 'What was asked as a session by video or phone began.' },
        ),
      ),
    },
    { description: 'Where the client was.', examples: [examplePlace] },
  ),
)

const exampleObjective = { planId: ids.plan, objectiveKey: 'o1' }

const Objective = component(
  'NoteObjective',
  strictObject(
    {
      planId: Id('A treatment plan of the chart.', ids.plan),
      objectiveKey: Type.String({ pattern: '^o[1-9][0-9]{0,2}$', description: 'Its objective.' }),
    },
    { description: 'An objective that was worked on.', examples: [exampleObjective] },
  ),
)

const exampleDiagnosis = { system: 'icd10cm' as const, code: 'F41.1' }

const Diagnosis = component(
  'NoteDiagnosis',
  strictObject(
    {
      system: OneOf(['icd10cm', 'icd11'] as const),
      code: Type.String({ pattern: '^[A-Z0-9][A-Z0-9./&-]{1,19}$' }),
    },
    { description: 'A diagnosis that was addressed.', examples: [exampleDiagnosis] },
  ),
)

const exampleRisk = { status: 'denied' as const }

const Risk = component(
  'NoteRisk',
  strictObject(
    {
      status: OneOf(riskStatuses),
      riskAssessmentId: Type.Optional(
        Id('Where risk is present: the risk assessment that goes with it.', ids.riskAssessment),
      ),
    },
    { description: 'What was asked about harm to self and others, and found.', examples: [exampleRisk] },
  ),
)

const exampleHomework = { what: 'Sleep log every morning', due: '2026-11-30', confidence: 8 }

const Homework = component(
  'NoteHomework',
  strictObject(
    {
      what: Text(500),
      due: Type.Optional(CalendarDate('By when.', '2026-11-30')),
      confidence: Type.Optional(
        Type.Integer({ minimum: 0, maximum: 10, description: 'How sure the client is to do it, 0 to 10.' }),
      ),
    },
    { description: 'Something to do until the next session.', examples: [exampleHomework] },
  ),
)

const exampleReview = {
  what: 'Sleep log every morning',
  result: 'partly' as const,
  note: 'Five of seven days.',
}

const HomeworkReview = component(
  'NoteHomeworkReview',
  strictObject(
    {
      what: Text(500),
      result: Type.Optional(OneOf(homeworkResults, { description: 'Left out until it was asked.' })),
      note: Type.Optional(Text(500, { description: 'What was in the way, or what it showed.' })),
    },
    { description: 'What became of something agreed last time.', examples: [exampleReview] },
  ),
)

const exampleMeasure = { instrumentKey: 'phq-9', scale: 'total', value: 9, completedOn: '2026-11-20' }

const Measure = component(
  'NoteMeasure',
  strictObject(
    {
      instrumentKey: Type.String({ maxLength: 60 }),
      scale: Type.String({ maxLength: 60 }),
      value: Type.Number(),
      completedOn: CalendarDate('When it was answered.', '2026-11-20'),
    },
    { description: 'A score that was looked at.', examples: [exampleMeasure] },
  ),
)

const headerFields = {
  attendance: Type.Array(Attendance, { maxItems: 30, description: 'Needed to sign.' }),
  place: Place,
  objectives: Type.Array(Objective, { maxItems: 30, uniqueItems: true }),
  diagnoses: Type.Array(Diagnosis, { maxItems: 20, uniqueItems: true }),
  measures: Type.Array(Measure, { maxItems: 40 }),
  risk: Risk,
  interventions: Type.Array(Text(200), { maxItems: 30, description: 'What was done, in few words each.' }),
  response: Text(4_000, { description: 'How the client took it up.' }),
  progress: OneOf(progressRatings),
  homeworkReview: Type.Array(HomeworkReview, { maxItems: 20, description: 'The homework of last time.' }),
  homework: Type.Array(Homework, { maxItems: 20 }),
  next: Text(2_000, { description: 'What comes next.' }),
} satisfies TProperties

export const exampleHeader = {
  attendance: [exampleAttendance],
  place: examplePlace,
  objectives: [exampleObjective],
  diagnoses: [exampleDiagnosis],
  measures: [exampleMeasure],
  risk: exampleRisk,
  interventions: ['Sleep hygiene', 'Cognitive restructuring'],
  response: 'Took it up readily. (Fictional.)',
  progress: 'some' as const,
  homeworkReview: [exampleReview],
  homework: [exampleHomework],
  next: 'Look at the sleep log.',
}

export const NoteHeader = component(
  'NoteHeader',
  Type.Partial(strictObject(headerFields), {
    additionalProperties: false,
    description:
      'What every kind of session has. All of it may be left out of a draft; a signature needs attendance (but in a group’s process record) and risk.',
    examples: [exampleHeader],
  }),
)

const changed = Object.fromEntries(
  Object.entries(headerFields).map(([name, schema]) => [name, Nullable(schema)]),
) as { [Name in keyof typeof headerFields]: ReturnType<typeof Nullable<(typeof headerFields)[Name]>> }

export const NoteHeaderChange = component(
  'NoteHeaderChange',
  Type.Partial(strictObject(changed), {
    additionalProperties: false,
    description: 'The fields that changed, each as a whole; null empties one. The others stay.',
    examples: [{ progress: 'some' }],
  }),
)

export type NoteHeader = Static<typeof NoteHeader>
export type NoteHeaderChange = Static<typeof NoteHeaderChange>
