import { created, done, ok, operation } from '../../plugins/operations/index.ts'
import * as schemas from './api-clients.schemas.ts'
import * as service from './api-clients.service.ts'

const common = { tag: 'API clients' } as const

export const apiClientRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: '/v1/api-clients',
    operationId: 'listApiClients',
    summary: 'List API clients',
    description: 'Programs that work for the practice, oldest first, revoked ones too.',
    permission: 'api-clients:read',
    query: schemas.ApiClientQuery,
    success: { status: 200, schema: schemas.ApiClientPage, description: 'A page of API clients.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await service.listApiClients(trx, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/api-clients',
    operationId: 'createApiClient',
    summary: 'Create an API client',
    description:
      'Its secret is shown in this answer and never again. Needs a recent second factor: the access token of `POST /v1/me/step-up`; without an authenticator app, enroll one at `POST /v1/me/totp` first.',
    permission: 'api-clients:write',
    stepUp: true,
    body: schemas.NewApiClient,
    success: { status: 201, schema: schemas.ApiClientWithSecret, description: 'The client and its secret.' },
    handler: async (trx, { body }) => {
      const client = await service.createApiClient(trx, body)
      return created(`/v1/api-clients/${client.id}`, client)
    },
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/api-clients/{apiClientId}',
    operationId: 'getApiClient',
    summary: 'Read an API client',
    description: 'One client, with the ETag to change it.',
    permission: 'api-clients:read',
    params: schemas.ApiClientParams,
    success: { status: 200, schema: schemas.ApiClient, description: 'The client.' },
    handler: async (trx, { params }) => ok(await service.getApiClient(trx, params.apiClientId)),
  }),
  operation({
    ...common,
    method: 'PATCH',
    path: '/v1/api-clients/{apiClientId}',
    operationId: 'changeApiClient',
    summary: 'Change an API client',
    description: 'Changes the fields given. Its access tokens end with their next use.',
    permission: 'api-clients:write',
    stepUp: true,
    ifMatch: true,
    params: schemas.ApiClientParams,
    body: schemas.ApiClientChange,
    success: { status: 200, schema: schemas.ApiClient, description: 'The client as it is now.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.changeApiClient(trx, params.apiClientId, version, body)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/api-clients/{apiClientId}/secret',
    operationId: 'rotateApiClientSecret',
    summary: 'Give an API client a new secret',
    description:
      'The secret before works no more, and tokens made with it neither. For a change without a gap create a second client, move over, and revoke the first.',
    permission: 'api-clients:write',
    stepUp: true,
    ifMatch: true,
    params: schemas.ApiClientParams,
    success: { status: 200, schema: schemas.ApiClientWithSecret, description: 'The client and its secret.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, version }) =>
      ok(await service.rotateSecret(trx, params.apiClientId, version)),
  }),
  operation({
    ...common,
    method: 'DELETE',
    path: '/v1/api-clients/{apiClientId}',
    operationId: 'revokeApiClient',
    summary: 'Revoke an API client',
    description: 'For good, and at once: its access tokens are refused from the next request on.',
    permission: 'api-clients:write',
    params: schemas.ApiClientParams,
    success: { status: 204, description: 'Revoked.' },
    handler: async (trx, { params }) => {
      await service.revokeApiClient(trx, params.apiClientId)
      return done()
    },
  }),
]
