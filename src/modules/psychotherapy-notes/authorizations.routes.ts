import { created, ok, operation } from '../../plugins/operations/index.ts'
import * as schemas from './authorizations.schemas.ts'
import * as service from './authorizations.service.ts'

const common = { tag: 'Psychotherapy notes', hidden: true } as const
const authorization = '/v1/psychotherapy-authorizations/{psychotherapyAuthorizationId}'

export const authorizationRoutes = [
  operation({
    ...common,
    method: 'POST',
    path: '/v1/charts/{chartId}/psychotherapy-authorizations',
    operationId: 'recordPsychotherapyAuthorization',
    summary: 'Record an authorization for psychotherapy notes',
    description:
      'Records what a client signed: that the caller’s psychotherapy notes, or their SUD counseling notes, in this chart may be disclosed to one recipient. It names nothing else: together with anything else it is refused (`authorization-combined`). A recipient on the staff reads the completed notes while it holds.',
    permission: 'psychotherapy:write',
    idempotency: 'required',
    params: schemas.ChartParams,
    body: schemas.NewPsychotherapyAuthorization,
    success: { status: 201, schema: schemas.PsychotherapyAuthorization, description: 'The authorization.' },
    problems: ['authorization-combined', 'unknown-reference', 'invalid-state'],
    handler: async (trx, { params, body }) => {
      const recorded = await service.recordAuthorization(trx, params.chartId, body)
      return created(`/v1/psychotherapy-authorizations/${recorded.id}`, recorded)
    },
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/psychotherapy-authorizations',
    operationId: 'listPsychotherapyAuthorizations',
    summary: 'List authorizations for psychotherapy notes',
    description:
      'Those the caller recorded for notes of their own and those that name the caller, the newest first, also when they hold no longer.',
    permission: 'psychotherapy:read',
    query: schemas.AuthorizationsQuery,
    success: {
      status: 200,
      schema: schemas.PsychotherapyAuthorizationPage,
      description: 'A page of authorizations.',
    },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await service.listAuthorizations(trx, query)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: authorization,
    operationId: 'getPsychotherapyAuthorization',
    summary: 'Read an authorization for psychotherapy notes',
    description: 'Shown to the author of the notes and to the recipient, and to nobody else.',
    permission: 'psychotherapy:read',
    params: schemas.AuthorizationParams,
    success: { status: 200, schema: schemas.PsychotherapyAuthorization, description: 'The authorization.' },
    handler: async (trx, { params }) =>
      ok(await service.getAuthorization(trx, params.psychotherapyAuthorizationId)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: `${authorization}/revocation`,
    operationId: 'revokePsychotherapyAuthorization',
    summary: 'Revoke an authorization for psychotherapy notes',
    description: 'The client took it back: from the next request on its recipient finds nothing.',
    permission: 'psychotherapy:write',
    ifMatch: true,
    params: schemas.AuthorizationParams,
    success: {
      status: 200,
      schema: schemas.PsychotherapyAuthorization,
      description: 'The revoked authorization.',
    },
    problems: ['invalid-state'],
    handler: async (trx, { params, version }) =>
      ok(await service.revokeAuthorization(trx, params.psychotherapyAuthorizationId, version)),
  }),
]
