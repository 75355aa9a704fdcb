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
  TimeZone,
  Version,
} from '../../../lib/schemas.ts'
import { factsStatuses } from './billing.rules.ts'
import { confidences } from './codes.rules.ts'

const ids = {
  note: '019c0000-0000-7000-8000-0000000000e1',
  chart: '019c0000-0000-7000-8000-0000000000c1',
  author: '019c0000-0000-7000-8000-0000000000b1',
  client: '019c0000-0000-7000-8000-0000000000a1',
  appointment: '019c0000-0000-7000-8000-0000000000d1',
}

// The shape alone: which codes exist, and what they mean, is licensed content.
const procedureCode = Type.String({
  pattern: '^([0-9]{4}[0-9A-Z]|[A-Z][0-9]{4})$',
  description: 'Five characters of the CPT or HCPCS shape.',
})
const label = Type.String({ description: 'Our own short words.' })
const modifiers = Type.Array(Type.String({ pattern: '^[0-9A-Z]{2}$' }), {
  maxItems: 4,
  uniqueItems: true,
  description: 'In the order in which they are billed.',
})
const placeOfService = Nullable(
  Type.String({ pattern: '^[0-9]{2}$', description: 'Where the client was, as CMS numbers it.' }),
)
const units = Type.Integer({ minimum: 1, maximum: 99 })
const reason = Nullable(
  Text(500, {
    description:
      'Why it differs from the suggestion. Who bills reads it: say nothing of the session’s content.',
  }),
)

const exampleSuggestion = {
  code: '90834',
  label: 'Individual session, about 45 minutes',
  addOns: [],
  modifiers: ['95'],
  placeOfService: '10',
  reason: '51 minutes face to face: 90834 is for 38 to 52 minutes.',
  alternatives: [],
  source: 'Psychotherapy time rules as professional associations publish them',
  confidence: 'published' as const,
}

const Suggestion = component(
  'BillingSuggestion',
  strictObject(
    {
      code: Nullable(procedureCode),
      label: Nullable(label),
      addOns: Type.Array(strictObject({ code: procedureCode, label, units })),
      modifiers,
      placeOfService,
      reason: Type.String({ description: 'In words, also where there is no code.' }),
      alternatives: Type.Array(strictObject({ code: procedureCode, label, reason: Type.String() })),
      source: Nullable(Type.String({ description: 'Where the rule is from.' })),
      confidence: Nullable(OneOf(confidences, { description: 'How sure the rule is.' })),
    },
    {
      description:
        'What the time rules of the day suggest. Payers have rules of their own: a clinician confirms it.',
      examples: [exampleSuggestion],
    },
  ),
)

const exampleDecision = {
  code: '90834',
  label: 'Individual session, about 45 minutes',
  addOns: [],
  modifiers: ['95'],
  placeOfService: '10',
  changed: false,
  reason: null,
  decidedById: ids.author,
  decidedAt: '2026-11-23T18:00:00.000Z',
}

const Decision = component(
  'BillingDecision',
  strictObject(
    {
      code: Nullable(procedureCode),
      label: Nullable(label),
      addOns: Type.Array(strictObject({ code: procedureCode, label: Nullable(label), units })),
      modifiers,
      placeOfService,
      changed: Type.Boolean({ description: 'It differs from the suggestion.' }),
      reason,
      decidedById: Id('The clinician.', ids.author),
      decidedAt: Instant('When.', exampleDecision.decidedAt),
    },
    { description: 'What a clinician confirmed, or decided instead.', examples: [exampleDecision] },
  ),
)

const exampleDiagnosis = { system: 'icd10cm' as const, code: 'F41.1' }

export const BillingFacts = component(
  'NoteBillingFacts',
  strictObject(
    {
      noteId: Id('The note.', ids.note),
      chartId: Id('Its chart.', ids.chart),
      revision: Type.Integer({ minimum: 1, description: 'The signed revision they are of.' }),
      status: OneOf(factsStatuses, {
        description:
          '`suggested` → `confirmed` by a clinician → `final` once the note is locked; `withdrawn` when the note was entered in error.',
      }),
      authorId: Id('Who held the session and wrote the note.', ids.author),
      appointmentId: Nullable(Id('The appointment; null for an unscheduled session.', ids.appointment)),
      sessionDate: CalendarDate('The day of the session.', '2026-11-23'),
      startedAt: Nullable(Instant('When it really began.', '2026-11-23T16:02:00.000Z')),
      endedAt: Nullable(Instant('When it really ended.', '2026-11-23T16:53:00.000Z')),
      timeZone: TimeZone('The zone of the session.'),
      minutes: Nullable(
        Type.Integer({
          minimum: 0,
          description: 'Whole minutes face to face; null where they are not documented.',
        }),
      ),
      attendanceCount: Type.Integer({ minimum: 0, description: 'How many clients were there.' }),
      presentClientIds: Type.Array(Id('A client who was there.', ids.client)),
      identifiedPatientId: Nullable(
        Id('In whose name a couple’s session is billed, as it was on its day.', ids.client),
      ),
      diagnoses: Type.Array(
        strictObject({ system: OneOf(['icd10cm', 'icd11'] as const), code: Type.String() }),
        { description: 'In the order of the note.', examples: [[exampleDiagnosis]] },
      ),
      suggestion: Suggestion,
      decision: Nullable(Decision),
      version: Version,
      createdAt: Instant('When the note was signed.', '2026-11-23T17:30:00.000Z'),
    },
    {
      description: 'What billing needs of a signed note, without the note.',
      examples: [
        {
          noteId: ids.note,
          chartId: ids.chart,
          revision: 1,
          status: 'confirmed' as const,
          authorId: ids.author,
          appointmentId: ids.appointment,
          sessionDate: '2026-11-23',
          startedAt: '2026-11-23T16:02:00.000Z',
          endedAt: '2026-11-23T16:53:00.000Z',
          timeZone: 'America/Los_Angeles',
          minutes: 51,
          attendanceCount: 1,
          presentClientIds: [ids.client],
          identifiedPatientId: null,
          diagnoses: [exampleDiagnosis],
          suggestion: exampleSuggestion,
          decision: exampleDecision,
          version: 2,
          createdAt: '2026-11-23T17:30:00.000Z',
        },
      ],
    },
  ),
)

export const BillingFactsPage = listOf('NoteBillingFactsPage', BillingFacts)

export const NewBillingDecision = component(
  'NewBillingDecision',
  strictObject(
    {
      code: Nullable(procedureCode),
      addOns: Type.Array(strictObject({ code: procedureCode, units }), { maxItems: 5 }),
      modifiers,
      placeOfService,
      reason,
    },
    {
      description:
        'The suggestion as it is, or what is billed instead, with a reason. A code of null: nothing is billed.',
      examples: [
        {
          code: '90832',
          addOns: [],
          modifiers: ['95'],
          placeOfService: '10',
          reason: 'The payer counts 30 minutes of this session. (Fictional.)',
        },
      ],
    },
  ),
)

export const NoteParams = strictObject({ noteId: Id('The note.', ids.note) })
export const BillingFactsQuery = strictObject({
  ...PageQuery,
  status: Type.Optional(OneOf(factsStatuses, { description: 'Only these.', examples: ['suggested'] })),
  from: Type.Optional(CalendarDate('Sessions of this day and later.', '2026-01-01')),
  to: Type.Optional(CalendarDate('Sessions of this day and earlier.', '2026-12-31')),
})

export type BillingFacts = Static<typeof BillingFacts>
export type NewBillingDecision = Static<typeof NewBillingDecision>
export type BillingFactsQuery = Static<typeof BillingFactsQuery>
