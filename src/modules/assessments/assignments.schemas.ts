import { type Static, Type } from 'typebox'
import {
  CalendarDate,
  component,
  dictionary,
  Id,
  Instant,
  listOf,
  Nullable,
  OneOf,
  PageQuery,
  Reason,
  strictObject,
  Text,
  Version,
} from '../../lib/schemas.ts'
import { assignmentStatuses, changes, modes } from './assignments.rules.ts'
import { Crisis, exampleCrisis } from './crisis.schemas.ts'
import { InstrumentKey, ItemKey, targets } from './definitions.schemas.ts'

export const ids = {
  chart: '019c0000-0000-7000-8000-0000000000e1',
  client: '019c0000-0000-7000-8000-0000000000c1',
  staff: '019c0000-0000-7000-8000-0000000000f1',
  assignment: '019c0000-0000-7000-8000-0000000000a1',
}

const Weeks = Type.Integer({ minimum: 1, maximum: 52, description: 'Every so many weeks.', examples: [4] })

export const Answers = dictionary(ItemKey, Type.Integer(), {
  maxProperties: 200,
  description: 'The value answered to each item, by its key.',
  examples: [{ '1': 2, '2': 0 }],
})

export const AnswerChange = dictionary(ItemKey, Nullable(Type.Integer()), {
  maxProperties: 200,
  description: 'The values to change; null takes an answer back, what is left out stays.',
  examples: [{ '3': 1 }],
})

const AssignedInstrument = component(
  'AssignedInstrument',
  strictObject(
    { key: InstrumentKey, edition: Type.Integer({ minimum: 1 }), title: Type.String() },
    { description: 'What is asked.', examples: [{ key: 'phq-9', edition: 1, title: 'PHQ-9' }] },
  ),
)

const head = {
  id: Id('The assignment.', ids.assignment),
  chartId: Id('The chart.', ids.chart),
  clientId: Nullable(Id('The partner it is about; in a couple’s chart only.', ids.client)),
  instrument: AssignedInstrument,
  dataClass: OneOf(['clinical', 'restricted'] as const, {
    description: 'Only the care team is shown what is restricted.',
  }),
  mode: OneOf(modes, { description: 'Who answers: the client, or a clinician about the client.' }),
  target: Nullable(OneOf(targets, { description: 'Of whom it asks, where it asks of several people.' })),
  status: OneOf(assignmentStatuses),
  overdue: Type.Boolean({ description: 'It still waits for answers after the day it was due.' }),
  dueOn: Nullable(CalendarDate('By when.', '2026-12-01')),
  expiresOn: Nullable(CalendarDate('The last day on which it can be answered.', '2026-12-08')),
  repeatEveryWeeks: Nullable(Weeks),
  seriesId: Id('The first assignment of its series.', ids.assignment),
  occurrence: Type.Integer({ minimum: 1, description: 'Its place in the series.' }),
  replacesId: Nullable(Id('The voided assignment that this one corrects.')),
  assignedById: Id('The staff member who asked for it.', ids.staff),
  completedAt: Nullable(Instant('When it was completed.')),
  releasedAt: Nullable(Instant('When its scores were released to the client.')),
  version: Version,
  createdAt: Instant('When it was assigned.'),
  updatedAt: Instant('When it last changed.'),
}

const exampleHead = {
  id: ids.assignment,
  chartId: ids.chart,
  clientId: null,
  instrument: { key: 'phq-9', edition: 1, title: 'PHQ-9' },
  dataClass: 'clinical' as const,
  mode: 'self' as const,
  target: null,
  status: 'reviewed' as const,
  overdue: false,
  dueOn: '2026-12-01',
  expiresOn: null,
  repeatEveryWeeks: 4,
  seriesId: ids.assignment,
  occurrence: 1,
  replacesId: null,
  assignedById: ids.staff,
  completedAt: '2026-11-30T18:00:00.000Z',
  releasedAt: null,
  version: 4,
  createdAt: '2026-11-23T16:00:00.000Z',
  updatedAt: '2026-12-01T16:00:00.000Z',
}

export const AssessmentAssignment = component(
  'AssessmentAssignment',
  strictObject(head, {
    description:
      'An instrument that somebody is asked to answer, or has answered. It holds no answer and no score.',
    examples: [exampleHead],
  }),
)

const Source = {
  source: Type.String(),
  year: Nullable(Type.Integer()),
  population: Nullable(Type.String()),
}

export const ScaleResult = component(
  'AssessmentScaleResult',
  strictObject(
    {
      scale: Type.String({ examples: ['total'] }),
      label: Type.String(),
      value: Nullable(Type.Number({ description: 'Null when too much was left out.' })),
      missing: Type.Integer({ minimum: 0, description: 'How many items were left out.' }),
      prorated: Type.Boolean({ description: 'The mean of the other answers fills in for those left out.' }),
      higherIs: OneOf(['worse', 'better', 'neither'] as const),
      confidence: OneOf(['confirmed', 'unconfirmed'] as const, {
        description: 'Whether the key of this scale was seen in its published source.',
      }),
      band: Nullable(
        strictObject(
          { key: Type.String(), label: Type.String(), ...Source },
          { description: 'The published range it falls into.' },
        ),
      ),
      screens: Type.Array(strictObject({ key: Type.String(), label: Type.String(), ...Source }), {
        description: 'Published thresholds it meets: results of a screen, not a diagnosis.',
      }),
    },
    {
      description: 'One score, with what its source says about it.',
      examples: [
        {
          scale: 'total',
          label: 'Total',
          value: 7,
          missing: 0,
          prorated: false,
          higherIs: 'worse',
          confidence: 'confirmed',
          band: {
            key: 'mild',
            label: 'Mild symptoms',
            source: 'Kroenke, Spitzer & Williams, J Gen Intern Med 16',
            year: 2001,
            population: 'Primary care patients',
          },
          screens: [],
        },
      ],
    },
  ),
)

export const FormItem = component(
  'AssessmentFormItem',
  strictObject(
    {
      key: Type.String({ examples: ['1'] }),
      text: Type.String({ description: 'The practice’s wording, or our short label.' }),
      options: Type.Array(strictObject({ value: Type.Integer(), label: Type.String() })),
      askIf: Nullable(
        strictObject(
          { item: Type.String(), atLeast: Type.Integer() },
          { description: 'Asked only after this answer to an earlier item.' },
        ),
      ),
    },
    {
      description: 'One question as it is shown.',
      examples: [{ key: '1', text: 'Interest', options: [{ value: 0, label: 'Never' }], askIf: null }],
    },
  ),
)

const exampleItem = { key: '1', text: 'Interest', options: [{ value: 0, label: 'Never' }], askIf: null }

export const exampleForm = {
  recall: '2 weeks',
  licenseNote: 'Free to use without permission.',
  language: null,
  items: [exampleItem],
}

export const Form = component(
  'AssessmentForm',
  strictObject(
    {
      recall: Nullable(Type.String({ description: 'The time it asks about.' })),
      licenseNote: Type.String(),
      language: Nullable(Type.String({ description: 'Of the wording; null for our short labels.' })),
      items: Type.Array(FormItem),
    },
    { description: 'The questions as they are shown.', examples: [exampleForm] },
  ),
)

const Result = strictObject({
  algorithmVersion: Type.Integer({ minimum: 1 }),
  completedOn: CalendarDate('The day it was completed, where the client lives.', '2026-11-30'),
  enteredBy: OneOf(['staff', 'client'] as const),
  recordedById: Nullable(Id('The staff member who entered it.', ids.staff)),
  scales: Type.Array(ScaleResult),
  flags: Type.Array(
    strictObject({
      key: Type.String(),
      label: Type.String(),
      severity: OneOf(['attention', 'urgent'] as const),
    }),
    { description: 'Answers that somebody has to look at soon.' },
  ),
})

const Change = strictObject({
  change: OneOf(changes),
  comment: Nullable(Type.String()),
  recordedById: Nullable(
    Id('The staff member; null for the client, and where it ran out by itself.', ids.staff),
  ),
  createdAt: Instant('When.'),
})

export const Assessment = component(
  'Assessment',
  strictObject(
    {
      ...head,
      form: Form,
      answers: Answers,
      result: Nullable(Result),
      crisis: Nullable(Crisis),
      replacementId: Nullable(Id('The assignment that corrects this voided one.')),
      history: Type.Array(Change, { description: 'Oldest first.' }),
    },
    {
      description:
        'An assignment with its questions, what was answered so far, and, once completed, its scores.',
      examples: [
        {
          ...exampleHead,
          form: exampleForm,
          answers: { '1': 0 },
          result: {
            algorithmVersion: 2,
            completedOn: '2026-11-30',
            enteredBy: 'client',
            recordedById: null,
            scales: [],
            flags: [],
          },
          crisis: exampleCrisis,
          replacementId: null,
          history: [
            {
              change: 'assigned',
              comment: null,
              recordedById: ids.staff,
              createdAt: '2026-11-23T16:00:00.000Z',
            },
          ],
        },
      ],
    },
  ),
)

export const NewAssignment = component(
  'NewAssessmentAssignment',
  strictObject(
    {
      instrumentKey: InstrumentKey,
      clientId: Type.Optional(
        Id('The partner it is about: needed in a couple’s chart, and only there.', ids.client),
      ),
      mode: Type.Optional(OneOf(modes, { description: '`self` when left out.' })),
      target: Type.Optional(OneOf(targets)),
      dueOn: Type.Optional(
        CalendarDate('By when. Today where it repeats and this is left out.', '2026-12-01'),
      ),
      expiresOn: Type.Optional(
        CalendarDate('The last day on which it can be answered; not in the past.', '2026-12-08'),
      ),
      repeatEveryWeeks: Type.Optional(Weeks),
    },
    {
      description: 'An instrument to be answered.',
      examples: [{ instrumentKey: 'phq-9' }],
    },
  ),
)

export const AssignmentDays = component(
  'AssessmentAssignmentChange',
  Type.Partial(
    strictObject({ dueOn: head.dueOn, expiresOn: head.expiresOn, repeatEveryWeeks: head.repeatEveryWeeks }),
    {
      additionalProperties: false,
      minProperties: 1,
      description: 'The fields to change. A series ends with `repeatEveryWeeks` null.',
      examples: [{ repeatEveryWeeks: null }],
    },
  ),
)

export const AnswersChange = component(
  'AssessmentAnswersChange',
  strictObject(
    { answers: AnswerChange },
    { description: 'Answers to save.', examples: [{ answers: { '1': 0 } }] },
  ),
)

export const Completion = component(
  'AssessmentCompletion',
  strictObject(
    { answers: Type.Optional(AnswerChange) },
    { description: 'The last answers, if there are any left to send.', examples: [{ answers: { '1': 0 } }] },
  ),
)

export const SavedAnswers = component(
  'SavedAssessmentAnswers',
  strictObject(
    {
      id: head.id,
      status: head.status,
      answered: Type.Integer({ minimum: 0, description: 'How many items have an answer.' }),
      items: Type.Integer({ minimum: 1, description: 'How many there are.' }),
      version: Version,
      updatedAt: head.updatedAt,
    },
    {
      description: 'That answers were saved. They are left out: the caller has them.',
      examples: [
        {
          id: ids.assignment,
          status: 'in_progress',
          answered: 3,
          items: 10,
          version: 2,
          updatedAt: '2026-11-30T17:58:00.000Z',
        },
      ],
    },
  ),
)

export const Review = component(
  'AssessmentReview',
  strictObject(
    { comment: Type.Optional(Text(5_000)) },
    {
      description: 'That a clinician looked at it.',
      examples: [{ comment: 'Talked about it in session (fictional).' }],
    },
  ),
)

export const Voiding = component(
  'AssessmentVoiding',
  strictObject(
    {
      reason: Reason(2_000),
      replace: Type.Boolean({ description: 'Assigns it anew, to be answered correctly.' }),
    },
    {
      description: 'Why it does not count.',
      examples: [{ reason: 'Answered for another week (fictional).', replace: true }],
    },
  ),
)

export const ChartParams = strictObject({ chartId: Id('The chart.', ids.chart) })
export const AssignmentParams = strictObject({
  chartId: Id('The chart.', ids.chart),
  assessmentId: Id('The assignment.', ids.assignment),
})
export const AssignmentQuery = strictObject({
  ...PageQuery,
  status: Type.Optional(OneOf(assignmentStatuses, { description: 'Only these.', examples: ['completed'] })),
  clientId: Type.Optional(Id('Only about this partner.', ids.client)),
})
export const CaseloadQuery = strictObject({
  ...PageQuery,
  overdue: Type.Optional(Type.Boolean({ description: 'Only those that are overdue.', examples: [true] })),
})
export const AssignmentPage = listOf('AssessmentAssignmentPage', AssessmentAssignment)

export type AssessmentAssignment = Static<typeof AssessmentAssignment>
export type Assessment = Static<typeof Assessment>
export type ScaleResult = Static<typeof ScaleResult>
export type NewAssignment = Static<typeof NewAssignment>
export type AssignmentDays = Static<typeof AssignmentDays>
export type SavedAnswers = Static<typeof SavedAnswers>
export type Completion = Static<typeof Completion>
export type Review = Static<typeof Review>
export type Voiding = Static<typeof Voiding>
export type AssignmentQuery = Static<typeof AssignmentQuery>
export type CaseloadQuery = Static<typeof CaseloadQuery>
