import { created, ok, operation } from '../../plugins/operations/index.ts'
import * as schemas from './notes.schemas.ts'
import * as service from './notes.service.ts'

/** To whoever may not, in every method: the 404 of a missing thing. */
const common = { tag: 'Psychotherapy notes', hidden: true } as const
const note = '/v1/psychotherapy-notes/{psychotherapyNoteId}'

const writingRoutes = [
  operation({
    ...common,
    method: 'POST',
    path: '/v1/charts/{chartId}/psychotherapy-notes',
    operationId: 'startPsychotherapyNote',
    summary: 'Start a psychotherapy note',
    description:
      'Starts a psychotherapy note or SUD counseling note as a draft of the caller, who is on the chart’s care team. It is kept apart from the record: no timeline, count, search, event, document or integration knows of it.',
    permission: 'psychotherapy:write',
    params: schemas.ChartParams,
    body: schemas.NewPsychotherapyNote,
    success: { status: 201, schema: schemas.PsychotherapyNoteSummary, description: 'The draft.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, body }) => {
      const started = await service.startNote(trx, params.chartId, body)
      return created(`/v1/psychotherapy-notes/${started.id}`, started)
    },
  }),
  operation({
    ...common,
    method: 'PATCH',
    path: note,
    operationId: 'savePsychotherapyNote',
    summary: 'Save a draft',
    description:
      'Saves what changed; made to be called while somebody types. When another device saved meanwhile the answer is 412 and nothing is overwritten. The audit trail has one row for all that one session saves of one draft within a quarter of an hour.',
    permission: 'psychotherapy:write',
    ifMatch: true,
    audit: 'first-of-sitting',
    params: schemas.NoteParams,
    body: schemas.PsychotherapyNoteChange,
    success: {
      status: 200,
      schema: schemas.PsychotherapyNoteSummary,
      description: 'The draft as it is now.',
    },
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.saveNote(trx, params.psychotherapyNoteId, version, body)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: `${note}/completion`,
    operationId: 'completePsychotherapyNote',
    summary: 'Complete a psychotherapy note',
    description: 'Keeps the text of the draft as it is. Later changes are addenda, or a further revision.',
    permission: 'psychotherapy:write',
    ifMatch: true,
    params: schemas.NoteParams,
    success: { status: 200, schema: schemas.PsychotherapyNoteSummary, description: 'The completed note.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, version }) =>
      ok(await service.completeNote(trx, params.psychotherapyNoteId, version)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: `${note}/reopening`,
    operationId: 'reopenPsychotherapyNote',
    summary: 'Reopen a psychotherapy note',
    description:
      'Makes a completed note a draft again, seen by its author alone. The completed text is kept as a revision.',
    permission: 'psychotherapy:write',
    ifMatch: true,
    params: schemas.NoteParams,
    success: { status: 200, schema: schemas.PsychotherapyNoteSummary, description: 'The draft.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, version }) =>
      ok(await service.reopenNote(trx, params.psychotherapyNoteId, version)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: `${note}/addenda`,
    operationId: 'addPsychotherapyNoteAddendum',
    summary: 'Add to a psychotherapy note',
    description: 'Adds to a completed note of the caller. There may be several, and none can be changed.',
    permission: 'psychotherapy:write',
    idempotency: 'required',
    params: schemas.NoteParams,
    body: schemas.NewPsychotherapyNoteAddendum,
    success: {
      status: 201,
      schema: schemas.PsychotherapyNoteAddendumReceipt,
      description: 'That it was added.',
    },
    problems: ['invalid-state', 'conflict'],
    handler: async (trx, { params, body }) => {
      const added = await service.addAddendum(trx, params.psychotherapyNoteId, body.text)
      return created(`/v1/psychotherapy-notes/${params.psychotherapyNoteId}`, added)
    },
  }),
  operation({
    ...common,
    method: 'POST',
    path: `${note}/entered-in-error`,
    operationId: 'markPsychotherapyNoteAsError',
    summary: 'Mark a psychotherapy note as entered in error',
    description: 'Marks a completed note that should not have been written. The text stays, with the reason.',
    permission: 'psychotherapy:write',
    ifMatch: true,
    params: schemas.NoteParams,
    body: schemas.PsychotherapyNoteErrorReason,
    success: { status: 200, schema: schemas.PsychotherapyNoteSummary, description: 'The marked note.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.markAsError(trx, params.psychotherapyNoteId, version, body.reason)),
  }),
]

const readingRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: '/v1/psychotherapy-notes',
    operationId: 'listPsychotherapyNotes',
    summary: 'List the psychotherapy notes I may read',
    description:
      'Without their text, the newest first: the caller’s own, completed ones of authors whom the caller supervises for training, and completed ones that a live authorization names the caller for.',
    permission: 'psychotherapy:read',
    query: schemas.NotesQuery,
    success: { status: 200, schema: schemas.PsychotherapyNotePage, description: 'A page of notes.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await service.listNotes(trx, query)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: note,
    operationId: 'getPsychotherapyNote',
    summary: 'Read a psychotherapy note',
    description:
      'A note with its text. Its author reads it while on the chart’s care team; a supervisor of the author whose supervision is for training, and whom a live authorization names for notes of this kind and nothing else, read it once it is completed. Nobody else does, whatever their role, nor by emergency access.',
    permission: 'psychotherapy:read',
    params: schemas.NoteParams,
    success: { status: 200, schema: schemas.PsychotherapyNote, description: 'The note.' },
    handler: async (trx, { params }) => ok(await service.getNote(trx, params.psychotherapyNoteId)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: `${note}/revisions/{revision}`,
    operationId: 'getPsychotherapyNoteRevision',
    summary: 'Read a completed text',
    description: 'A text of the note as it was completed, before it was reopened.',
    permission: 'psychotherapy:read',
    params: schemas.RevisionParams,
    success: { status: 200, schema: schemas.PsychotherapyNoteRevision, description: 'The text.' },
    handler: async (trx, { params }) =>
      ok(await service.getRevision(trx, params.psychotherapyNoteId, params.revision)),
  }),
]

export const noteRoutes = [...writingRoutes, ...readingRoutes]
