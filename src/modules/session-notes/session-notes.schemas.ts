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
import { AmendmentRequest, exampleRequest } from './amendments/amendments.schemas.ts'
import { OpenEmdrTarget } from './emdr/targets.schemas.ts'
import { exampleHeader, NoteHeader, NoteHeaderChange } from './header.schemas.ts'
import { templateKeys } from './note-templates.ts'
import { mostParts } from './parts/parts.rules.ts'
import {
  examplePart,
  NewPart,
  Part,
  PartChange,
  partId,
  partKindWords,
  uuidPattern as uuid,
} from './parts/parts.schemas.ts'
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
    {
      key: Type.String({
        description: `One of ${templateKeys.join(', ')}, or the id of a template of the practice or of the author; \`group_member\` for a note that was begun with a session of a group.`,
      }),
      version: Type.Integer({ minimum: 1 }),
    },
    {
      description: 'The section template and the version of it that the note was written under.',
      examples: [{ key: 'dap', version: 1 }],
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
      'A draft is seen by its author alone, also when it is ready to be signed. An associate’s note waits for its co-signature; a supervisor may return it, which makes it a draft again. A signed note is final: it is corrected by addenda, or marked as entered in error. A locked one is what billing takes; there is no way back.',
  }),
  partKinds: Type.Array(OneOf(partKindWords), { description: 'Which kinds of structured work are in it.' }),
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
  template: { key: 'dap', version: 1 },
  sessionDate: '2026-11-23',
  startedAt: '2026-11-23T16:02:00.000Z',
  endedAt: '2026-11-23T16:53:00.000Z',
  timeZone: 'America/Los_Angeles',
  status: 'signed' as const,
  partKinds: ['cbt'],
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

export const ContentHash = Type.String({
  pattern: '^[0-9a-f]{64}$',
  description: 'SHA-256 of the signed content as canonical JSON (RFC 8785), in hex.',
})
export const Credentials = Type.String({
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

const exampleHeadings = [
  { key: 'data', label: 'Data', required: true },
  { key: 'assessment', label: 'Assessment', required: true },
  { key: 'plan', label: 'Plan', required: true },
]

const Heading = component(
  'NoteHeading',
  strictObject(
    {
      key: sectionKey,
      label: Type.String(),
      required: Type.Boolean({ description: 'Needs text before the note can be signed.' }),
    },
    {
      description: 'One heading of a note, as it was when the note was started.',
      examples: [exampleHeadings[0]],
    },
  ),
)

const exampleReason = {
  pointer: '/header/risk',
  code: 'risk_without_assessment',
  reason: 'Assessed by the crisis team today. (Fictional.)',
}

export const WarningReason = component(
  'NoteWarningReason',
  strictObject(
    {
      pointer: Type.String({ maxLength: 300, description: 'As the warning has it.' }),
      code: Type.String({ maxLength: 60, description: 'As the warning has it.' }),
      reason: Text(1_000, { description: 'Why it is signed nevertheless.' }),
    },
    { description: 'The answer to a warning.', examples: [exampleReason] },
  ),
)

const exampleFinding = {
  pointer: '/header/risk',
  code: 'required',
  detail: 'Say what is known of risk before signing.',
}

const Finding = component(
  'NoteFinding',
  strictObject(
    {
      pointer: Type.String({ description: 'JSON pointer into the note; parts go by their id.' }),
      code: Type.String(),
      detail: Type.String(),
    },
    { description: 'Something to look at in a draft.', examples: [exampleFinding] },
  ),
)

const Checks = component(
  'NoteChecks',
  strictObject(
    {
      missing: Type.Array(Finding, { description: 'What a signature still needs.' }),
      warnings: Type.Array(Finding, { description: 'What a signature needs a reason for.' }),
    },
    {
      description: 'What stands between a draft and its signature.',
      examples: [{ missing: [exampleFinding], warnings: [] }],
    },
  ),
)

const NoteLock = component(
  'NoteLock',
  strictObject(
    {
      lockedAt: Instant('When.', '2026-11-30T17:30:00.000Z'),
      lockedById: Nullable(Id('Who locked it; null for the practice’s policy.', ids.author)),
    },
    {
      description: 'That a note was locked.',
      examples: [{ lockedAt: '2026-11-30T17:30:00.000Z', lockedById: null }],
    },
  ),
)

const said = {
  headings: Type.Array(Heading),
  header: NoteHeader,
  sections: Sections,
  parts: Type.Array(Part),
  carried: Type.Array(Type.String(), {
    description:
      'JSON pointers to what was brought in from a plan, an earlier note, a score or a template, and not edited since. Parts go by their id.',
  }),
  overrides: Type.Array(WarningReason, { description: 'Reasons the author signed with.' }),
}

const exampleSaid = {
  headings: exampleHeadings,
  header: exampleHeader,
  sections: exampleSections,
  parts: [examplePart],
  carried: [],
  overrides: [],
}

export const exampleNote = {
  ...exampleHead,
  ...exampleSaid,
  checks: null,
  openTargets: [],
  lock: null,
  signatures: [exampleSignature],
  addenda: [exampleAddendum],
  amendmentRequests: [exampleRequest],
  returns: [],
  enteredInError: null,
}

export const SessionNote = component(
  'SessionNote',
  strictObject(
    {
      ...head,
      ...said,
      checks: Nullable(Checks),
      openTargets: Type.Array(OpenEmdrTarget, {
        description:
          'Of a draft: the EMDR targets that earlier sessions began and did not finish, incomplete ones first.',
      }),
      lock: Nullable(NoteLock),
      signatures: Type.Array(NoteSignature, {
        description: 'On the current revision; empty while it is a draft.',
      }),
      addenda: Type.Array(NoteAddendum, { description: 'Oldest first.' }),
      amendmentRequests: Type.Array(AmendmentRequest, {
        description: 'Requests to amend it, with all that was said about them, oldest first.',
      }),
      returns: Type.Array(NoteReturn, {
        description: 'With remarks, oldest first; shown to the author and their supervisor.',
      }),
      enteredInError: Nullable(EnteredInError),
    },
    {
      description: 'A progress note.',
      examples: [exampleNote],
    },
  ),
)

export const NoteRevision = component(
  'SessionNoteRevision',
  strictObject(
    {
      format: Type.Integer({
        minimum: 1,
        maximum: 2,
        description: 'The shape of the signed document. In format 1 there are only sections.',
      }),
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
      headings: Type.Optional(said.headings),
      header: Type.Optional(said.header),
      parts: Type.Optional(said.parts),
      carried: Type.Optional(said.carried),
      overrides: Type.Optional(said.overrides),
      signatures: Type.Array(NoteSignature),
    },
    {
      description:
        'What was signed, exactly as it was signed. All of it but `signatures`, as canonical JSON (RFC 8785: keys in order, no blanks, UTF-8), has the SHA-256 that the signatures bind.',
      examples: [
        {
          format: 2,
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
          ...exampleSaid,
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
      template: Type.String({
        pattern: `^(${templateKeys.join('|')}|${uuid})$`,
        description:
          'The `key` of one of `GET /v1/note-templates` or of one’s own; its current version is used.',
        examples: ['dap'],
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
      header: Type.Optional(NoteHeader),
      sections: Type.Optional(Sections),
      parts: Type.Optional(Type.Array(NewPart, { maxItems: mostParts })),
      carryForward: Type.Optional(
        Type.Boolean({
          description:
            'Fills in what is left out from the plan in force, the author’s last signed note of this chart and the latest scores, and marks it in `carried`.',
        }),
      ),
    },
    {
      description: 'A note to start, as a draft.',
      examples: [
        {
          template: 'dap',
          sessionDate: '2026-11-20',
          startedAt: '2026-11-20T18:02:00.000Z',
          endedAt: '2026-11-20T18:53:00.000Z',
          header: { risk: { status: 'denied' }, progress: 'some', next: 'Look at the sleep log.' },
          sections: exampleSections,
          parts: [{ id: partId, kind: 'cbt', content: { mood: { before: 40, after: 55 } } }],
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
      header: NoteHeaderChange,
      parts: dictionary(Type.String({ pattern: `^${uuid}$` }), Nullable(PartChange), {
        maxProperties: mostParts,
        description:
          'The parts that changed, by id; null takes one away, and a fresh UUID adds one. The others stay.',
      }),
    }),
    {
      additionalProperties: false,
      minProperties: 1,
      description: 'What changed in a draft. What is left out stays.',
      examples: [
        {
          sections: { plan: 'Bring the sleep log next week. (Fictional.)' },
          parts: { [partId]: { kind: 'cbt', content: { summary: 'The thought was tested. (Fictional.)' } } },
        },
      ],
    },
  ),
)

const signing = strictObject({
  overrides: Type.Optional(
    Type.Array(WarningReason, { maxItems: 60, description: 'A reason for each warning of `checks`.' }),
  ),
  confirmCarried: Type.Optional(
    Type.Boolean({ description: 'Needed when all that the note says was carried over.' }),
  ),
})

export const NoteSigning = component(
  'NoteSigning',
  Type.Union([signing, Type.Null()], {
    description: 'What a signature needs besides the note; mostly nothing.',
    examples: [{ confirmCarried: true }],
  }),
)

export const Readiness = component(
  'NoteReadiness',
  strictObject(
    { ready: Type.Boolean({ description: 'False makes a draft of it again.' }) },
    { description: 'Whether a note is ready to be signed.', examples: [{ ready: true }] },
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
  authorId: Type.Optional(Id('Only notes of this author.', ids.author)),
  partKind: Type.Optional(
    OneOf(partKindWords, { description: 'Only notes with a part of this kind.', examples: ['cbt'] }),
  ),
  planId: Type.Optional(
    Id('Only signed notes that worked on this treatment plan.', '019c0000-0000-7000-8000-0000000000c7'),
  ),
  objectiveKey: Type.Optional(
    Type.String({
      pattern: '^o[1-9][0-9]{0,2}$',
      description: 'With `planId`: only those that worked on this objective.',
      examples: ['o1'],
    }),
  ),
})
export const worklistViews = ['unsigned', 'overdue', 'awaiting_cosign', 'mine'] as const
export const WorklistQuery = strictObject({
  ...PageQuery,
  view: OneOf(worklistViews, {
    description:
      '`mine`: notes I write or wrote. `unsigned`: my drafts, also those that are ready. `overdue`: those of them whose session ended longer ago than the practice’s `lateEntryAfterHours`. `awaiting_cosign`: notes of my supervisees that wait for my co-signature.',
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
export type NoteSigning = Static<typeof signing>
export type NewAddendum = Static<typeof NewAddendum>
export type ChartNotesQuery = Static<typeof ChartNotesQuery>
export type WorklistQuery = Static<typeof WorklistQuery>
