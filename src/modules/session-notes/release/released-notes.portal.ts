import { PdfDocument } from '../../../lib/schemas.ts'
import { created, file, ok, operation } from '../../../plugins/operations/index.ts'
import {
  AmendmentParams,
  AmendmentRequest,
  AmendmentStatement,
  PortalAmendmentRequest,
} from '../amendments/amendments.schemas.ts'
import * as amendments from '../amendments/amendments.service.ts'
import { NoteParams } from './release.schemas.ts'
import * as schemas from './released-notes.schemas.ts'
import * as service from './released-notes.service.ts'

const common = { tag: 'Portal', permission: 'portal:use' } as const
const base = '/v1/portal/session-notes'
const one = `${base}/{noteId}`

export const notePortalRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: base,
    operationId: 'listOwnSessionNotes',
    summary: 'List my notes',
    description:
      'Signed notes that were released to the client, the newest session first: of their own chart, and of a couple’s with the other’s agreement.',
    query: schemas.PortalNotesQuery,
    success: { status: 200, schema: schemas.PortalNotePage, description: 'A page of notes.' },
    problems: ['invalid-cursor', 'not-found'],
    handler: async (trx, { query }) => ok(await service.listReleased(trx, query)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: one,
    operationId: 'getOwnSessionNote',
    summary: 'Read my note',
    description: 'A released note with its signatures, its addenda and the requests to amend it.',
    params: NoteParams,
    success: { status: 200, schema: schemas.PortalNote, description: 'The note.' },
    handler: async (trx, { params }) => ok(await service.getReleased(trx, params.noteId)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: `${one}/document`,
    operationId: 'getOwnSessionNoteDocument',
    summary: 'Print my note',
    description: 'A released note as a PDF, with all that goes with it.',
    params: NoteParams,
    success: {
      status: 200,
      schema: PdfDocument,
      mediaType: 'application/pdf',
      description: 'The note as a PDF.',
    },
    problems: ['invalid-state'],
    handler: async (trx, { params }) => {
      const { version, bytes } = await service.printReleased(trx, params.noteId)
      return file(version, { mediaType: 'application/pdf', name: 'session-note.pdf', bytes })
    },
  }),
  operation({
    ...common,
    method: 'POST',
    path: `${one}/amendment-requests`,
    operationId: 'requestOwnNoteAmendment',
    summary: 'Ask to amend my note',
    description:
      'Asks the practice to amend a released note, as the client or in their name. The practice has until `dueOn` to act.',
    idempotency: 'required',
    params: NoteParams,
    body: PortalAmendmentRequest,
    success: { status: 201, schema: AmendmentRequest, description: 'The request.' },
    handler: async (trx, { params, body }) => {
      const request = await amendments.sendRequest(trx, params.noteId, body.text)
      return created(`${base}/${params.noteId}`, request)
    },
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/portal/amendment-requests/{amendmentRequestId}/disagreement',
    operationId: 'disagreeWithOwnNoteAmendment',
    summary: 'Disagree with a denial',
    description: 'Adds the client’s statement of disagreement to their request that was denied.',
    ifMatch: true,
    idempotency: 'required',
    params: AmendmentParams,
    body: AmendmentStatement,
    success: { status: 200, schema: AmendmentRequest, description: 'The request as it is now.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await amendments.sendDisagreement(trx, params.amendmentRequestId, version, body.text)),
  }),
]
