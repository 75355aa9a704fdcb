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
  TimeZone,
  Version,
} from '../../lib/schemas.ts'
import { AmendmentRequest, exampleRequest } from './amendments/amendments.schemas.ts'
import { OpenEmdrTarget } from './emdr/targets.schemas.ts'
import { exampleHeader, NoteHeader } from './header.schemas.ts'
import { templateKeys } from './note-templates.ts'
import { examplePart, Part, partKindWords } from './parts/parts.schemas.ts'
import { noteStatuses } from './session-notes.rules.ts'
import {
  EnteredInError,
  exampleAddendum,
  exampleSignature,
  exampleStaff,
  NoteAddendum,
  NoteLock,
  NoteReturn,
  NoteSignature,
  WarningReason,
} from './steps.schemas.ts'

export const sectionText = Type.String({ maxLength: 20_000 })
export const sectionKey = Type.String({ pattern: '^[a-z][A-Za-z]{0,39}$' })

export const Sections = dictionary(sectionKey, sectionText, {
  maxProperties: 20,
  description: 'Text by section key; the keys are those of the template.',
})

const ids = {
  note: '019c0000-0000-7000-8000-0000000000e1',
  chart: '019c0000-0000-7000-8000-0000000000c1',
  appointment: '019c0000-0000-7000-8000-0000000000d1',
  block: '019c0000-0000-7000-8000-0000000000b5',
}

export const exampleSections = {
  data: 'Reports sleeping better and two evenings with less worry. Calm, engaged. (Fictional.)',
  assessment: 'Progress toward the goal of steadier sleep. No safety concerns raised.',
  plan: 'Continue the wind-down routine and bring the sleep log next week.',
}

export const session = {
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

export const head = {
  id: Id('The note.', ids.note),
  chartId: Id('The chart it belongs to.', ids.chart),
  authorId: Id('The member of staff who writes it.', exampleStaff.author),
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

export const intensiveBlockIds = Type.Array(Id('A block of an intensive.', ids.block), {
  maxItems: 20,
  uniqueItems: true,
  description: 'The blocks of one day of an intensive that it documents.',
})

const exampleHead = {
  id: ids.note,
  chartId: ids.chart,
  authorId: exampleStaff.author,
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
  intensiveBlockIds: [],
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
      intensiveBlockIds,
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
      intensiveBlockIds: Type.Optional(intensiveBlockIds),
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
          authorId: exampleStaff.author,
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

export const ChartParams = strictObject({ chartId: Id('The chart.', ids.chart) })
export const NoteParams = strictObject({ noteId: Id('The note.', ids.note) })
export const AddendumParams = strictObject({
  noteId: Id('The note.', ids.note),
  addendumId: Id('The addendum.', exampleAddendum.id),
})
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
  authorId: Type.Optional(Id('Only notes of this author.', exampleStaff.author)),
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
      '`mine`: notes I write or wrote. `unsigned`: my drafts, also those that are ready. `overdue`: those of them whose session ended longer ago than the practice’s `lateEntryAfterHours`. `awaiting_cosign`: notes of my supervisees that wait for my co-signature, and notes with an addendum of theirs that does.',
    examples: ['unsigned'],
  }),
})
export const SessionNotePage = listOf('SessionNotePage', SessionNoteSummary)

export type SessionNoteSummary = Static<typeof SessionNoteSummary>
export type SessionNote = Static<typeof SessionNote>
export type NoteRevision = Static<typeof NoteRevision>
export type ChartNotesQuery = Static<typeof ChartNotesQuery>
export type WorklistQuery = Static<typeof WorklistQuery>
