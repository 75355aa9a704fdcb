import { created, ok, operation } from '../../plugins/operations/index.ts'
import { reviewAddendum } from './addenda.service.ts'
import { amendAgain } from './amendments/amendments.service.ts'
import * as corrections from './corrections.service.ts'
import { NewSessionNote, SessionNoteChange } from './drafts.schemas.ts'
import * as drafts from './drafts.service.ts'
import * as locking from './locking.service.ts'
import { missingNotesRoute } from './missing-notes.ts'
import * as schemas from './session-notes.schemas.ts'
import * as service from './session-notes.service.ts'
import * as signing from './signing.service.ts'
import * as steps from './steps.schemas.ts'

const common = { tag: 'Session notes' } as const

const draftRoutes = [
  operation({
    ...common,
    method: 'POST',
    path: '/v1/charts/{chartId}/session-notes',
    operationId: 'startSessionNote',
    summary: 'Start a note',
    description:
      'Starts a progress note in a chart, as the draft of the signed-in clinician. A couple’s note is written in the couple’s chart. Nobody else sees it before it is signed.',
    permission: 'notes:write',
    params: schemas.ChartParams,
    body: NewSessionNote,
    success: { status: 201, schema: schemas.SessionNote, description: 'The draft.' },
    problems: ['already-exists', 'unknown-reference', 'invalid-state'],
    handler: async (trx, { params, body }) => {
      const note = await drafts.startNote(trx, params.chartId, body)
      return created(`/v1/session-notes/${note.id}`, note)
    },
  }),
  operation({
    ...common,
    method: 'PATCH',
    path: '/v1/session-notes/{noteId}',
    operationId: 'saveSessionNote',
    summary: 'Save a draft',
    description:
      'Saves what changed in sections, header and parts; made to be called while somebody types. When another device saved meanwhile the answer is 412 and nothing is overwritten: read the note, merge, and save again. The audit trail has one row for all that one session saves of one draft within a quarter of an hour. The answer leaves out the text, which the caller has.',
    permission: 'notes:write',
    ifMatch: true,
    audit: 'first-of-sitting',
    params: schemas.NoteParams,
    body: SessionNoteChange,
    success: { status: 200, schema: schemas.SessionNoteSummary, description: 'The draft as it is now.' },
    problems: ['invalid-state', 'unknown-reference'],
    handler: async (trx, { params, body, version }) =>
      ok(await drafts.saveNote(trx, params.noteId, version, body)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/session-notes/{noteId}/readiness',
    operationId: 'setSessionNoteReadiness',
    summary: 'Put a draft aside for signing',
    description:
      'Marks a draft that lacks nothing as ready to be signed, which keeps its text as it is, or makes a draft of it again. Nobody but its author sees it either way.',
    permission: 'notes:write',
    ifMatch: true,
    params: schemas.NoteParams,
    body: steps.Readiness,
    success: { status: 200, schema: schemas.SessionNoteSummary, description: 'The note as it is now.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await drafts.setReadiness(trx, params.noteId, version, body.ready)),
  }),
]

const readingRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: '/v1/session-notes/{noteId}',
    operationId: 'getSessionNote',
    summary: 'Read a note',
    description:
      'A note with its text, the signatures on it and its addenda. A draft is shown to its author only; an integration is shown signed notes that no co-signature is missing from.',
    permission: 'notes:read',
    params: schemas.NoteParams,
    success: { status: 200, schema: schemas.SessionNote, description: 'The note.' },
    handler: async (trx, { params }) => ok(await service.getNote(trx, params.noteId)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/session-notes/{noteId}/revisions/{revision}',
    operationId: 'getSessionNoteRevision',
    summary: 'Read a signed revision',
    description:
      'What was signed, exactly as it was signed. A revision that a supervisor returned is shown to the author and their supervisor.',
    permission: 'notes:read',
    params: schemas.RevisionParams,
    success: { status: 200, schema: schemas.NoteRevision, description: 'The signed revision.' },
    handler: async (trx, { params }) => ok(await service.getRevision(trx, params.noteId, params.revision)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/charts/{chartId}/session-notes',
    operationId: 'listChartSessionNotes',
    summary: 'List the notes of a chart',
    description: 'Notes without their text, the newest session first. Drafts of others are not among them.',
    permission: 'notes:read',
    params: schemas.ChartParams,
    query: schemas.ChartNotesQuery,
    success: { status: 200, schema: schemas.SessionNotePage, description: 'A page of notes.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await service.listChartNotes(trx, params.chartId, query)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/session-notes',
    operationId: 'listSessionNoteWorklist',
    summary: 'List the notes that wait for me',
    description: 'A worklist of the signed-in person, the newest session first.',
    permission: 'notes:read',
    query: schemas.WorklistQuery,
    success: { status: 200, schema: schemas.SessionNotePage, description: 'A page of notes.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await service.listWorklist(trx, query)),
  }),
]

const signingRoutes = [
  operation({
    ...common,
    method: 'POST',
    path: '/v1/session-notes/{noteId}/signature',
    operationId: 'signSessionNote',
    summary: 'Sign a note',
    description:
      'Signs the draft as its author. Until `checks` of the note has nothing missing it is refused, and each warning needs a reason. The signature binds the SHA-256 of the content, the signer’s credentials as they are now and the instant. The text can never be changed afterwards. The note of an author who needs a co-signature waits for it; a note signed long after its session is marked as a late entry.',
    permission: 'notes:write',
    ifMatch: true,
    idempotency: 'required',
    params: schemas.NoteParams,
    body: steps.NoteSigning,
    success: { status: 200, schema: schemas.SessionNote, description: 'The signed note.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await signing.signNote(trx, params.noteId, version, body ?? {})),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/session-notes/{noteId}/cosignature',
    operationId: 'cosignSessionNote',
    summary: 'Co-sign a note',
    description: 'Co-signs what the author signed, as the author’s present supervisor.',
    permission: 'notes:cosign',
    ifMatch: true,
    idempotency: 'required',
    params: schemas.NoteParams,
    success: { status: 200, schema: schemas.SessionNote, description: 'The co-signed note.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, version }) => ok(await signing.cosignNote(trx, params.noteId, version)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/session-notes/{noteId}/return',
    operationId: 'returnSessionNote',
    summary: 'Return a note to its author',
    description:
      'Returns a note that waits for a co-signature, with remarks, as the author’s present supervisor. It becomes the author’s draft again; what was signed is kept as a revision.',
    permission: 'notes:cosign',
    ifMatch: true,
    idempotency: 'required',
    params: schemas.NoteParams,
    body: steps.ReturnRemarks,
    success: { status: 200, schema: schemas.SessionNoteSummary, description: 'The note, a draft again.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await signing.returnNote(trx, params.noteId, version, body.remarks)),
  }),
]

const lockRoute = operation({
  ...common,
  method: 'POST',
  path: '/v1/session-notes/{noteId}/lock',
  operationId: 'lockSessionNote',
  summary: 'Lock a signed note',
  description:
    'Ends what may still change about a signed note: it can be added to and marked as entered in error, and billing may take it. Its author may, and the author’s present supervisor; without anybody it happens `lockNotesAfterHours` after its last change. There is no way back.',
  permission: 'notes:read',
  ifMatch: true,
  idempotency: 'required',
  params: schemas.NoteParams,
  success: { status: 200, schema: schemas.SessionNote, description: 'The locked note.' },
  problems: ['invalid-state'],
  handler: async (trx, { params, version }) => ok(await locking.lockNote(trx, params.noteId, version)),
})

const correctionRoutes = [
  operation({
    ...common,
    method: 'POST',
    path: '/v1/session-notes/{noteId}/addenda',
    operationId: 'addSessionNoteAddendum',
    summary: 'Add to a signed note',
    description:
      'Adds a signed addendum to a signed note. Any clinician of the chart may; the addendum names who did, and waits where they need a co-signature. There may be several, and none can be changed.',
    permission: 'notes:write',
    idempotency: 'required',
    params: schemas.NoteParams,
    body: steps.NewAddendum,
    success: { status: 201, schema: steps.NoteAddendum, description: 'The addendum.' },
    problems: ['invalid-state', 'conflict', 'unknown-reference'],
    handler: async (trx, { params, body }) => {
      const { amendmentRequestId, ...words } = body
      const addendum = amendmentRequestId
        ? await amendAgain(trx, params.noteId, amendmentRequestId, words)
        : await corrections.addAddendum(trx, params.noteId, words)
      return created(`/v1/session-notes/${params.noteId}`, addendum)
    },
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/session-notes/{noteId}/addenda/{addendumId}/review',
    operationId: 'reviewSessionNoteAddendum',
    summary: 'Co-sign or return an addendum',
    description:
      'Co-signs an addendum that waits for it, or returns it with remarks, as the present supervisor of who wrote it. Once: a returned one stays as it is, and its author writes another.',
    permission: 'notes:cosign',
    idempotency: 'required',
    params: schemas.AddendumParams,
    body: steps.AddendumDecision,
    success: { status: 200, schema: steps.NoteAddendum, description: 'The addendum as it stands.' },
    problems: ['invalid-state', 'conflict'],
    handler: async (trx, { params, body }) => ok(await reviewAddendum(trx, params, body)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/session-notes/{noteId}/entered-in-error',
    operationId: 'markSessionNoteAsError',
    summary: 'Mark a signed note as entered in error',
    description:
      'Marks a signed note that should not have been written, for instance in the wrong chart. Only its author can. The text stays, marked with the reason.',
    permission: 'notes:write',
    ifMatch: true,
    idempotency: 'required',
    params: schemas.NoteParams,
    body: steps.ErrorReason,
    success: { status: 200, schema: schemas.SessionNote, description: 'The marked note.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await corrections.markAsError(trx, params.noteId, version, body.reason)),
  }),
]

export const sessionNoteRoutes = [
  ...draftRoutes,
  ...readingRoutes,
  missingNotesRoute,
  ...signingRoutes,
  lockRoute,
  ...correctionRoutes,
]
