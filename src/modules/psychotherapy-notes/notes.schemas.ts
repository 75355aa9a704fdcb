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
  Reason,
  strictObject,
  Text,
  Version,
} from '../../lib/schemas.ts'
import { noteKinds, noteStatuses } from './notes.rules.ts'

const ids = {
  note: '019c0000-0000-7000-8000-0000000007a1',
  chart: '019c0000-0000-7000-8000-0000000000c1',
  author: '019c0000-0000-7000-8000-0000000000b1',
  addendum: '019c0000-0000-7000-8000-0000000007b1',
}

const noteText = { maxLength: 50_000, description: 'What its author thinks of the conversation.' }
const exampleText = 'My own unease when the silence grew; ask myself what it repeats. (Fictional.)'

const kind = OneOf(noteKinds, {
  description:
    '`psychotherapy`: as 45 CFR 164.501 says. `sud_counseling`: of a Part 2 program, as 42 CFR 2.11 says.',
  examples: ['psychotherapy'],
})
const conversationOn = CalendarDate('The day of the conversation it is about.', '2026-01-20')

const summary = {
  id: Id('The note.', ids.note),
  chartId: Id('The chart of those who were spoken with.', ids.chart),
  authorId: Id('The member of staff who writes it.', ids.author),
  kind,
  conversationOn,
  status: OneOf(noteStatuses, {
    description:
      'A draft is its author’s alone. A completed one is kept as it is: its author adds to it, reopens it, or marks it as entered in error.',
  }),
  revision: Type.Integer({
    minimum: 0,
    description: 'How often it was completed; each of these texts is kept.',
  }),
  completedAt: Nullable(Instant('When it was last completed.', '2026-11-20T18:30:00.000Z')),
  version: Version,
  createdAt: Instant('When it was started.', '2026-11-20T18:10:00.000Z'),
  updatedAt: Instant('When it last changed.', '2026-11-20T18:30:00.000Z'),
}

const exampleSummary = {
  id: ids.note,
  chartId: ids.chart,
  authorId: ids.author,
  kind: 'psychotherapy' as const,
  conversationOn: '2026-01-20',
  status: 'completed' as const,
  revision: 1,
  completedAt: '2026-11-20T18:30:00.000Z',
  version: 4,
  createdAt: '2026-11-20T18:10:00.000Z',
  updatedAt: '2026-11-20T18:30:00.000Z',
}

export const PsychotherapyNoteSummary = component(
  'PsychotherapyNoteSummary',
  strictObject(summary, { description: 'A note without its text.', examples: [exampleSummary] }),
)

const addendumReceipt = {
  id: Id('The addendum.', ids.addendum),
  addedAt: Instant('When it was added.', '2026-11-21T17:00:00.000Z'),
}

const PsychotherapyNoteAddendum = component(
  'PsychotherapyNoteAddendum',
  strictObject(
    { ...addendumReceipt, text: Type.String() },
    {
      description: 'Something its author added to a completed note.',
      examples: [
        { id: ids.addendum, addedAt: '2026-11-21T17:00:00.000Z', text: 'On second thought. (Fictional.)' },
      ],
    },
  ),
)

export const PsychotherapyNoteAddendumReceipt = component(
  'PsychotherapyNoteAddendumReceipt',
  strictObject(addendumReceipt, {
    description: 'An addendum that was added. The answer leaves out the text, which the caller has.',
    examples: [{ id: ids.addendum, addedAt: '2026-11-21T17:00:00.000Z' }],
  }),
)

const PsychotherapyNoteError = component(
  'PsychotherapyNoteError',
  strictObject(
    { markedAt: Instant('When.', '2026-11-21T17:00:00.000Z'), reason: Type.String() },
    {
      description: 'The mark of a note that should not have been written; its text stays.',
      examples: [
        { markedAt: '2026-11-21T17:00:00.000Z', reason: 'Written in the wrong chart. (Fictional.)' },
      ],
    },
  ),
)

export const PsychotherapyNote = component(
  'PsychotherapyNote',
  strictObject(
    {
      ...summary,
      text: Type.String({ description: noteText.description }),
      addenda: Type.Array(PsychotherapyNoteAddendum, { description: 'Oldest first.' }),
      enteredInError: Nullable(PsychotherapyNoteError),
    },
    {
      description:
        'What a therapist writes for themselves about a conversation. It has no place for what belongs to the record: diagnosis, minutes, codes, plan, medication, results, progress.',
      examples: [{ ...exampleSummary, text: exampleText, addenda: [], enteredInError: null }],
    },
  ),
)

export const PsychotherapyNoteRevision = component(
  'PsychotherapyNoteRevision',
  strictObject(
    {
      psychotherapyNoteId: summary.id,
      revision: Type.Integer({ minimum: 1 }),
      completedAt: Instant('When it was completed.', '2026-11-20T18:30:00.000Z'),
      text: Type.String(),
    },
    {
      description: 'A text as it was completed.',
      examples: [
        {
          psychotherapyNoteId: ids.note,
          revision: 1,
          completedAt: '2026-11-20T18:30:00.000Z',
          text: exampleText,
        },
      ],
    },
  ),
)

export const NewPsychotherapyNote = component(
  'NewPsychotherapyNote',
  strictObject(
    { kind, conversationOn, text: Type.Optional(Type.String(noteText)) },
    {
      description: 'A note to start, as a draft.',
      examples: [{ kind: 'psychotherapy' as const, conversationOn: '2026-01-20', text: exampleText }],
    },
  ),
)

export const PsychotherapyNoteChange = component(
  'PsychotherapyNoteChange',
  Type.Partial(strictObject({ conversationOn, text: Type.String(noteText) }), {
    additionalProperties: false,
    minProperties: 1,
    description: 'What changed in a draft. What is left out stays.',
    examples: [{ text: exampleText }],
  }),
)

export const NewPsychotherapyNoteAddendum = component(
  'NewPsychotherapyNoteAddendum',
  strictObject(
    { text: Text(20_000, { description: 'What is added.' }) },
    { description: 'Something to add.', examples: [{ text: 'On second thought. (Fictional.)' }] },
  ),
)

export const PsychotherapyNoteErrorReason = component(
  'PsychotherapyNoteErrorReason',
  strictObject(
    { reason: Reason(1_000, { description: 'Why the note should not have been written.' }) },
    {
      description: 'Why a note is marked as entered in error.',
      examples: [{ reason: 'Written in the wrong chart. (Fictional.)' }],
    },
  ),
)

export const ChartParams = strictObject({ chartId: Id('The chart.', ids.chart) })
export const NoteParams = strictObject({ psychotherapyNoteId: Id('The note.', ids.note) })
export const RevisionParams = strictObject({
  psychotherapyNoteId: Id('The note.', ids.note),
  revision: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    description: 'Which completed text.',
    examples: [1],
  }),
})

export const NotesQuery = strictObject({
  ...PageQuery,
  chartId: Type.Optional(Id('Only of this chart.', ids.chart)),
  kind: Type.Optional(OneOf(noteKinds, { description: 'Only these.', examples: ['psychotherapy'] })),
  status: Type.Optional(OneOf(noteStatuses, { description: 'Only these.', examples: ['completed'] })),
})
export const PsychotherapyNotePage = listOf('PsychotherapyNotePage', PsychotherapyNoteSummary)

export type PsychotherapyNoteSummary = Static<typeof PsychotherapyNoteSummary>
export type PsychotherapyNote = Static<typeof PsychotherapyNote>
export type PsychotherapyNoteRevision = Static<typeof PsychotherapyNoteRevision>
export type PsychotherapyNoteAddendumReceipt = Static<typeof PsychotherapyNoteAddendumReceipt>
export type NewPsychotherapyNote = Static<typeof NewPsychotherapyNote>
export type PsychotherapyNoteChange = Static<typeof PsychotherapyNoteChange>
export type NotesQuery = Static<typeof NotesQuery>
