import { created, ok, operation } from '../../plugins/operations/index.ts'
import * as schemas from './clients.schemas.ts'
import * as service from './clients.service.ts'
import { ClientSearch, ClientSearchResult } from './search.schemas.ts'
import { searchClients } from './search.service.ts'
import * as statusSchemas from './status-changes.schemas.ts'
import * as statusChanges from './status-changes.service.ts'

const common = { tag: 'Clients' } as const

export const clientRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: '/v1/clients',
    operationId: 'listClients',
    summary: 'List clients',
    description:
      'The clients the caller may see: oldest first, or with `updatedSince` in the order of their last change. Selecting by `status` leaves out clients whose status the caller may not see.',
    permission: 'clients:read',
    query: schemas.ClientQuery,
    success: { status: 200, schema: schemas.ClientPage, description: 'A page of clients.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await service.listClients(trx, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/clients',
    operationId: 'createClient',
    summary: 'Register a client',
    description:
      'Registers a person and opens their individual chart. A clinician who registers somebody becomes the primary clinician of that chart unless another is named. An external id that is taken is refused with `already-exists`; the problem has `existingId` when the caller may see its holder.',
    permission: 'clients:write',
    query: schemas.NewClientQuery,
    body: schemas.NewClient,
    success: { status: 201, schema: schemas.CreatedClient, description: 'The client.' },
    problems: ['already-exists', 'unknown-reference'],
    handler: async (trx, { query, body }) => {
      const client = await service.createClient(trx, body, query)
      return created(`/v1/clients/${client.id}`, client)
    },
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/clients/search',
    operationId: 'searchClients',
    summary: 'Find clients',
    description:
      'By name (forgiving typing errors), birth date, phone, e-mail, external id or a whole identifier, among the clients the caller may see. Every word of `text` must fit a word of the name: exactly (4 points), by its beginning (3), with one typing error (2) or two (1); the score is the share of the points there could be. At most 50, without pages: narrow the search instead. A former record that was merged leads to the one that goes on. It is a POST so that no name stands in a URL.',
    permission: 'clients:read',
    readsOnly: true,
    body: ClientSearch,
    success: { status: 200, schema: ClientSearchResult, description: 'The best first.' },
    handler: async (trx, { body }) => ok(await searchClients(trx, body)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/clients/{clientId}',
    operationId: 'getClient',
    summary: 'Read a client',
    description:
      'One client, with the ETag to change it. A record that was merged is still answered, as it was, with `mergedIntoId`: go on with that one.',
    permission: 'clients:read',
    params: schemas.ClientParams,
    success: { status: 200, schema: schemas.Client, description: 'The client.' },
    handler: async (trx, { params }) => ok(await service.getClient(trx, params.clientId)),
  }),
  operation({
    ...common,
    method: 'PATCH',
    path: '/v1/clients/{clientId}',
    operationId: 'changeClient',
    summary: 'Change a client',
    description:
      'Changes the fields given; lists and `externalIds` are replaced whole. The status is changed by `POST /v1/clients/{clientId}/status-changes`.',
    permission: 'clients:write',
    ifMatch: true,
    params: schemas.ClientParams,
    body: schemas.ClientChange,
    success: { status: 200, schema: schemas.Client, description: 'The client as it is now.' },
    problems: ['already-exists', 'invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.changeClient(trx, params.clientId, version, body)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/clients/{clientId}/status-changes',
    operationId: 'listClientStatusChanges',
    summary: "List a client's status changes",
    description: 'The history of the status with its reasons, oldest first.',
    permission: 'clients:read',
    params: schemas.ClientParams,
    query: statusSchemas.StatusChangeQuery,
    success: { status: 200, schema: statusSchemas.ClientStatusChangePage, description: 'A page of it.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) =>
      ok(await statusChanges.listStatusChanges(trx, params.clientId, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/clients/{clientId}/status-changes',
    operationId: 'changeClientStatus',
    summary: "Change a client's status",
    description:
      'Discharge, re-admission and every other step. A discharged client comes back with the reason `readmission`; a death is final, except that a discharge or death recorded in error is corrected with `recorded_in_error`.',
    permission: 'clients:write',
    ifMatch: true,
    params: schemas.ClientParams,
    body: statusSchemas.NewClientStatusChange,
    success: { status: 200, schema: schemas.Client, description: 'The client as it is now.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await statusChanges.changeStatus(trx, params.clientId, version, body)),
  }),
]
