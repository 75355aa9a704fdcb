import { created, ok, operation } from '../../../plugins/operations/index.ts'
import * as schemas from './amendments.schemas.ts'
import * as service from './amendments.service.ts'

const one = '/v1/amendment-requests/{amendmentRequestId}'
const common = { tag: 'Session notes' } as const
const reads = { ...common, permission: 'notes:read' } as const

/** A step of one request. */
const steps = {
  ...common,
  method: 'POST',
  permission: 'notes:write',
  ifMatch: true,
  idempotency: 'required',
  params: schemas.AmendmentParams,
} as const

const asItIsNow = {
  status: 200,
  schema: schemas.AmendmentRequest,
  description: 'The request as it is now.',
} as const

export const amendmentRoutes = [
  operation({
    ...common,
    method: 'POST',
    path: '/v1/session-notes/{noteId}/amendment-requests',
    operationId: 'enterNoteAmendmentRequest',
    summary: 'Enter a request to amend a note',
    description:
      'Enters a client’s request to amend a signed note (45 CFR 164.526), as it reached the practice. Its time to act begins on the day it was received. The note itself never changes.',
    permission: 'notes:write',
    idempotency: 'required',
    params: schemas.NoteParams,
    body: schemas.NewAmendmentRequest,
    success: { status: 201, schema: schemas.AmendmentRequest, description: 'The request.' },
    problems: ['invalid-state', 'unknown-reference'],
    handler: async (trx, { params, body }) => {
      const request = await service.enterRequest(trx, params.noteId, body)
      return created(`/v1/amendment-requests/${request.id}`, request)
    },
  }),
  operation({
    ...reads,
    method: 'GET',
    path: '/v1/amendment-requests',
    operationId: 'listNoteAmendmentRequests',
    summary: 'List requests to amend notes',
    description:
      'Requests about notes of charts open to the caller, without their papers, what is due first. Those of one note come with the note.',
    query: schemas.AmendmentQuery,
    success: { status: 200, schema: schemas.AmendmentPage, description: 'A page of requests.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await service.listRequests(trx, query)),
  }),
  operation({
    ...reads,
    method: 'GET',
    path: one,
    operationId: 'getNoteAmendmentRequest',
    summary: 'Read a request to amend a note',
    description: 'A request with all that was said about it.',
    params: schemas.AmendmentParams,
    success: { status: 200, schema: schemas.AmendmentRequest, description: 'The request.' },
    handler: async (trx, { params }) => ok(await service.getRequest(trx, params.amendmentRequestId)),
  }),
  operation({
    ...steps,
    path: `${one}/extension`,
    operationId: 'extendNoteAmendmentRequest',
    summary: 'Take more time for a request',
    description:
      'Moves the last day to act by the days its rule gives, once and while the time is not over. The text is what the client is told in writing.',
    body: schemas.AmendmentExtension,
    success: asItIsNow,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.extend(trx, params.amendmentRequestId, version, body.text)),
  }),
  operation({
    ...steps,
    path: `${one}/acceptance`,
    operationId: 'acceptNoteAmendmentRequest',
    summary: 'Accept a request to amend a note',
    description:
      'Accepts a request: what it changes becomes an addendum of the note, signed by the caller with this.',
    body: schemas.AmendmentAcceptance,
    success: asItIsNow,
    problems: ['invalid-state', 'conflict'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.accept(trx, params.amendmentRequestId, version, body)),
  }),
  operation({
    ...steps,
    path: `${one}/denial`,
    operationId: 'denyNoteAmendmentRequest',
    summary: 'Deny a request to amend a note',
    description: 'Denies a request on a ground of the list. The client may answer with a statement.',
    body: schemas.AmendmentDenial,
    success: asItIsNow,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.deny(trx, params.amendmentRequestId, version, body)),
  }),
  operation({
    ...steps,
    path: `${one}/disagreement`,
    operationId: 'enterNoteAmendmentDisagreement',
    summary: 'Enter a statement of disagreement',
    description: 'Enters the client’s statement of disagreement with a denial, as it reached the practice.',
    body: schemas.AmendmentStatement,
    success: asItIsNow,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.disagree(trx, params.amendmentRequestId, version, body.text)),
  }),
  operation({
    ...steps,
    path: `${one}/rebuttal`,
    operationId: 'rebutNoteAmendmentDisagreement',
    summary: 'Answer a statement of disagreement',
    description:
      'Adds the practice’s rebuttal of a statement of disagreement, of which the client gets a copy.',
    body: schemas.AmendmentStatement,
    success: asItIsNow,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.rebut(trx, params.amendmentRequestId, version, body.text)),
  }),
]
