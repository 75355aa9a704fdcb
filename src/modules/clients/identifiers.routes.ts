import { created, ok, operation } from '../../plugins/operations/index.ts'
import { ClientParams } from './clients.schemas.ts'
import * as schemas from './identifiers.schemas.ts'
import * as service from './identifiers.service.ts'

const common = { tag: 'Clients' } as const

export const identifierRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: '/v1/clients/{clientId}/identifiers',
    operationId: 'listClientIdentifiers',
    summary: "List a client's identifiers",
    description:
      'Insurance member ids, social security number and the like, by their last characters. All on one page, those that ended last.',
    permission: 'clients:read',
    params: ClientParams,
    success: { status: 200, schema: schemas.ClientIdentifierPage, description: 'All of them.' },
    handler: async (trx, { params }) => ok(await service.listIdentifiers(trx, params.clientId)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/clients/{clientId}/identifiers',
    operationId: 'addClientIdentifier',
    summary: 'Record an identifier',
    description: 'The value is sealed at once; `POST /v1/clients/search` finds it when it is given whole.',
    permission: 'clients:write',
    params: ClientParams,
    body: schemas.NewClientIdentifier,
    success: { status: 201, schema: schemas.ClientIdentifier, description: 'The identifier.' },
    problems: ['already-exists', 'invalid-state'],
    handler: async (trx, { params, body }) => {
      const identifier = await service.addIdentifier(trx, params.clientId, body)
      return created(`/v1/clients/${params.clientId}/identifiers/${identifier.id}`, identifier)
    },
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/clients/{clientId}/identifiers/{identifierId}',
    operationId: 'getClientIdentifier',
    summary: 'Read an identifier',
    description:
      'With its whole value where the caller may have it; the audit trail says so. Billing staff see those that claims are made with and no others.',
    permission: 'clients:read',
    params: schemas.IdentifierParams,
    success: { status: 200, schema: schemas.ClientIdentifier, description: 'The identifier.' },
    handler: async (trx, { params }) =>
      ok(await service.getIdentifier(trx, params.clientId, params.identifierId)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/clients/{clientId}/identifiers/{identifierId}/end',
    operationId: 'endClientIdentifier',
    summary: 'End an identifier',
    description: 'It stays on record. A changed member id is a new identifier, the old one ended.',
    permission: 'clients:write',
    ifMatch: true,
    params: schemas.IdentifierParams,
    success: { status: 200, schema: schemas.ClientIdentifier, description: 'The identifier, ended.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, version }) =>
      ok(await service.endIdentifier(trx, params.clientId, params.identifierId, version)),
  }),
]
