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
  strictObject,
  Text,
  TimeZone,
  Version,
} from '../../lib/schemas.ts'
import { templateKeys } from './note-templates.ts'
import { noteStatuses } from './session-notes.rules.ts'

const sectionText = Type.String({ maxLength: 20_000 })
const sectionKey = Type.String({ pattern: '^[a-z][A-Za-z]{0,39}$' })

const Sections = dictionary(sectionKey, sectionText, {
  maxProperties: 20,
  description: 'Text by section key; the keys are those of the template.',
})

const ids = {
  note: '019c0000-0000-7000-8000-0000000000e1',
  chart: '019c0000-0000-7000-8000-0000000000c1',
  author: '019c0000-0000-7000-8000-0000000000b1',
  supervisor: '019c0000-0000-7000-8000-0000000000b2',
  appointment: '019c0000-0000-7000-8000-0000000000d1',
}

const exampleSections = {
  data: 'Reports sleeping better and two evenings with less worry. Calm, engaged. (Fictional.)',
  assessment: 'Progress toward the goal of steadier sleep. No safety concerns raised.',
  plan: 'Continue the wind-down routine and bring the sleep log next week.',
}

const session = {
  sessionDate: CalendarDate('The day of the session, in `timeZone`.', '2026-11-23'),
  startedAt: Nullable(Instant('When the session really began.', '2026-11-23T16:02:00.000Z')),
  endedAt: Nullable(Instant('When it really ended.', '2026-11-23T16:53:00.000Z')),
}

const TemplateReference = component(
  'NoteTemplateReference',
  strictObject(
    { key: OneOf(templateKeys), version: Type.Integer({ minimum: 1 }) },
    {
      description: 'The section template and the version of it that the note was written under.',
      examples: [{ key: 'dap' as const, version: 1 }],
    },
  ),
)

const head = {
  id: Id('The note.', ids.note),
  chartId: Id('The chart it belongs to.', ids.chart),
  authorId: Id('The member of staff who writes it.', ids.author),
  appointmentId: Nullable(
    Id('The appointment it documents; null for an unscheduled session.', ids.appointment),
  ),
  template: TemplateReference,
  ...session,
  timeZone: TimeZone('The zone of the session.'),
  status: OneOf(noteStatuses, {
    description:
      'A draft is seen by its author alone. An associate’s note waits for its co-signature; a supervisor may return it, which makes it a draft again. A signed note is final: it is corrected by addenda, or marked as entered in error.',
  }),
  revision: Type.Integer({ minimum: 0, description: 'How often its author has signed it.' }),
  signedAt: Nullable(Instant('When its author last signed it.', '2026-11-23T17:30:00.000Z')),
  lateEntry: Type.Boolean({
    description: 'Signed later after the session than the practice’s `lateEntryAfterHours`.',
  }),
  version: Version,
  createdAt: Instant('When it was started.', '2026-11-23T17:05:00.000Z'),
  updatedAt: Instant('When it last changed.', '2026-11-23T17:30:00.000Z'),
}

const exampleHead = {
  id: ids.note,
  chartId: ids.chart,
  authorId: ids.author,
  appointmentId: ids.appointment,
  template: { key: 'dap' as const, version: 1 },
  sessionDate: '2026-11-23',
  startedAt: '2026-11-23T16:02:00.000Z',
  endedAt: '2026-11-23T16:53:00.000Z',
  timeZone: 'America/Los_Angeles',
  status: 'signed' as const,
  revision: 1,
  signedAt: '2026-11-23T17:30:00.000Z',
  lateEntry: false,
  version: 4,
  createdAt: '2026-11-23T17:05:00.000Z',
  updatedAt: '2026-11-23T17:30:00.000Z',
}

export const SessionNoteSummary = component(
  'SessionNoteSummary',
  strictObject(head, { description: 'A note without its text, for lists.', examples: [exampleHead] }),
)

const exampleSignature = {
  role: 'author' as const,
  signerId: ids.author,
  credentials: 'Casey Example, LMFT (CA 000000)',
  signedAt: '2026-11-23T17:30:00.000Z',
  contentHash: 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c',
}

const ContentHash = Type.String({
  pattern: '^[0-9a-f]{64}$',
  description: 'SHA-256 of the signed content as canonical JSON (RFC 8785), in hex.',
})
const Credentials = Type.String({
  description: 'The signer’s name and credentials as they were at that time.',
})

const NoteSignature = component(
  'NoteSignature',
  strictObject(
    {
      role: OneOf(['author', 'cosigner'] as const),
      signerId: Id('The member of staff who signed.', ids.author),
      credentials: Credentials,
      signedAt: Instant('When.', exampleSignature.signedAt),
      contentHash: ContentHash,
    },
    { description: 'A signature on one revision of a note.', examples: [exampleSignature] },
  ),
)

const exampleAddendum = {
  id: '019c0000-0000-7000-8000-0000000000f1',
  authorId: ids.author,
  reason: 'Detail left out',
  text: 'The client also asked about group dates. (Fictional.)',
  credentials: exampleSignature.credentials,
  signedAt: '2026-11-25T17:00:00.000Z',
  contentHash: 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c',
}

const addendumFields = {
  reason: Text(500, { description: 'Why something is added.' }),
  text: Text(20_000, { description: 'What is added.' }),
}

export const NoteAddendum = component(
  'NoteAddendum',
  strictObject(
    {
      id: Id('The addendum.', exampleAddendum.id),
      authorId: Id('Who added it.', ids.author),
      ...addendumFields,
      credentials: Credentials,
      signedAt: Instant('When it was signed.', exampleAddendum.signedAt),
      contentHash: ContentHash,
    },
    { description: 'Something added to a signed note, signed itself.', examples: [exampleAddendum] },
  ),
)

const NoteReturn = component(
  'NoteReturn',
  strictObject(
    {
      staffId: Id('The supervisor.', ids.supervisor),
      revision: Type.Integer({ minimum: 1, description: 'The revision that was returned.' }),
      returnedAt: Instant('When.', '2026-11-24T17:00:00.000Z'),
      remarks: Type.String(),
    },
    {
      description: 'A supervisor’s return of a note.',
      examples: [
        {
          staffId: ids.supervisor,
          revision: 1,
          returnedAt: '2026-11-24T17:00:00.000Z',
          remarks: 'Please link the intervention to the plan. (Fictional.)',
        },
      ],
    },
  ),
)

const EnteredInError = component(
  'NoteEnteredInError',
  strictObject(
    {
      staffId: Id('Who marked it.', ids.author),
      markedAt: Instant('When.', '2026-11-25T17:00:00.000Z'),
      reason: Type.String(),
    },
    {
      description: 'The mark of a note that should not have been written; its text stays.',
      examples: [
        {
          staffId: ids.author,
          markedAt: '2026-11-25T17:00:00.000Z',
          reason: 'Written in the wrong chart. (Fictional.)',
        },
      ],
    },
  ),
)

export const SessionNote = component(
  'SessionNote',
  strictObject(
    {
      ...head,
      sections: Sections,
      signatures: Type.Array(NoteSignature, {
        description: 'On the current revision; empty while it is a draft.',
      }),
      addenda: Type.Array(NoteAddendum, { description: 'Oldest first.' }),
      returns: Type.Array(NoteReturn, {
        description: 'With remarks, oldest first; shown to the author and their supervisor.',
      }),
      enteredInError: Nullable(EnteredInError),
    },
    {
      description: 'A progress note.',
      examples: [
        {
          ...exampleHead,
          sections: exampleSections,
          signatures: [exampleSignature],
          addenda: [exampleAddendum],
          returns: [],
          enteredInError: null,
        },
      ],
    },
  ),
)

export const NoteRevision = component(
  'SessionNoteRevision',
  strictObject(
    {
      format: Type.Literal(1, { description: 'The shape of the signed document.' }),
      noteId: head.id,
      chartId: head.chartId,
      authorId: head.authorId,
      appointmentId: head.appointmentId,
      template: head.template,
      ...session,
      timeZone: head.timeZone,
      revision: Type.Integer({ minimum: 1 }),
      lateEntry: head.lateEntry,
      sections: Sections,
      signatures: Type.Array(NoteSignature),
    },
    {
      description:
        'What was signed, exactly as it was signed. All of it but `signatures`, as canonical JSON (RFC 8785: keys in order, no blanks, UTF-8), has the SHA-256 that the signatures bind.',
      examples: [
        {
          format: 1,
          noteId: ids.note,
          chartId: ids.chart,
          authorId: ids.author,
          appointmentId: ids.appointment,
          template: exampleHead.template,
          sessionDate: exampleHead.sessionDate,
          startedAt: exampleHead.startedAt,
          endedAt: exampleHead.endedAt,
          timeZone: exampleHead.timeZone,
          revision: 1,
          lateEntry: false,
          sections: exampleSections,
          signatures: [exampleSignature],
        },
      ],
    },
  ),
)

export const NewSessionNote = component(
  'NewSessionNote',
  strictObject(
    {
      template: OneOf(templateKeys, {
        description: 'One of `GET /v1/note-templates`; its current version is used.',
      }),
      appointmentId: Type.Optional(head.appointmentId),
      sessionDate: Type.Optional(
        CalendarDate(
          'The day of the session. Taken from `startedAt` or the appointment when left out.',
          '2026-11-23',
        ),
      ),
      startedAt: Type.Optional(session.startedAt),
      endedAt: Type.Optional(session.endedAt),
      sections: Type.Optional(Sections),
    },
    {
      description: 'A note to start, as a draft.',
      examples: [
        {
          template: 'dap',
          sessionDate: '2026-11-20',
          startedAt: '2026-11-20T18:02:00.000Z',
          endedAt: '2026-11-20T18:53:00.000Z',
          sections: exampleSections,
        },
      ],
    },
  ),
)

export const SessionNoteChange = component(
  'SessionNoteChange',
  Type.Partial(
    strictObject({
      ...session,
      sections: dictionary(sectionKey, Nullable(sectionText), {
        maxProperties: 20,
        description: 'The sections that changed; null empties one. The others stay.',
      }),
    }),
    {
      additionalProperties: false,
      minProperties: 1,
      description: 'What changed in a draft. What is left out stays.',
      examples: [{ sections: { plan: 'Bring the sleep log next week. (Fictional.)' } }],
    },
  ),
)

export const NewAddendum = component(
  'NewNoteAddendum',
  strictObject(addendumFields, {
    description: 'Something to add to a signed note; sending it signs it.',
    examples: [{ reason: exampleAddendum.reason, text: exampleAddendum.text }],
  }),
)

export const ReturnRemarks = component(
  'NoteReturnRemarks',
  strictObject(
    { remarks: Text(4_000, { description: 'What the author is asked to change.' }) },
    {
      description: 'A return to the author.',
      examples: [{ remarks: 'Please link the intervention to the plan. (Fictional.)' }],
    },
  ),
)

export const ErrorReason = component(
  'NoteErrorReason',
  strictObject(
    { reason: Text(1_000, { description: 'Why the note should not have been written.' }) },
    {
      description: 'Why a note is marked as entered in error.',
      examples: [{ reason: 'Written in the wrong chart. (Fictional.)' }],
    },
  ),
)

export const ChartParams = strictObject({ chartId: Id('The chart.', ids.chart) })
export const NoteParams = strictObject({ noteId: Id('The note.', ids.note) })
export const RevisionParams = strictObject({
  noteId: Id('The note.', ids.note),
  revision: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    description: 'Which signed revision.',
    examples: [1],
  }),
})

export const ChartNotesQuery = strictObject({
  ...PageQuery,
  status: Type.Optional(OneOf(noteStatuses, { description: 'Only these.', examples: ['signed'] })),
})
export const worklistViews = ['unsigned', 'awaiting_cosign', 'mine'] as const
export const WorklistQuery = strictObject({
  ...PageQuery,
  view: OneOf(worklistViews, {
    description:
      '`mine`: notes I write or wrote. `unsigned`: my drafts. `awaiting_cosign`: notes of my supervisees that wait for my co-signature.',
    examples: ['unsigned'],
  }),
})
export const SessionNotePage = listOf('SessionNotePage', SessionNoteSummary)

export type SessionNoteSummary = Static<typeof SessionNoteSummary>
export type SessionNote = Static<typeof SessionNote>
export type NoteSignature = Static<typeof NoteSignature>
export type NoteAddendum = Static<typeof NoteAddendum>
export type NoteReturn = Static<typeof NoteReturn>
export type NoteRevision = Static<typeof NoteRevision>
export type NewSessionNote = Static<typeof NewSessionNote>
export type SessionNoteChange = Static<typeof SessionNoteChange>
export type NewAddendum = Static<typeof NewAddendum>
export type ChartNotesQuery = Static<typeof ChartNotesQuery>
export type WorklistQuery = Static<typeof WorklistQuery>
