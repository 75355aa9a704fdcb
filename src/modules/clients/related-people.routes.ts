import { created, ok, operation } from '../../plugins/operations/index.ts'
import { ClientParams } from './clients.schemas.ts'
import * as schemas from './related-people.schemas.ts'
import * as service from './related-people.service.ts'

const common = { tag: 'Clients' } as const

export const relatedPeopleRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: '/v1/clients/{clientId}/related-people',
    operationId: 'listRelatedPeople',
    summary: "List a client's related people",
    description: 'Emergency contacts, guardians, guarantors, partners: those who no longer are too.',
    permission: 'clients:read',
    params: ClientParams,
    query: schemas.RelatedPersonQuery,
    success: { status: 200, schema: schemas.RelatedPersonPage, description: 'A page of them.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) =>
      ok(await service.listRelatedPeople(trx, params.clientId, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/clients/{clientId}/related-people',
    operationId: 'addRelatedPerson',
    summary: 'Record a related person',
    description: 'Somebody around the client, and what they may be told. By default: nothing.',
    permission: 'clients:write',
    params: ClientParams,
    body: schemas.NewRelatedPerson,
    success: { status: 201, schema: schemas.RelatedPerson, description: 'The related person.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, body }) => {
      const person = await service.addRelatedPerson(trx, params.clientId, body)
      return created(`/v1/clients/${params.clientId}/related-people/${person.id}`, person)
    },
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/clients/{clientId}/related-people/{relatedPersonId}',
    operationId: 'getRelatedPerson',
    summary: 'Read a related person',
    description: 'One related person, with the ETag to change it.',
    permission: 'clients:read',
    params: schemas.RelatedPersonParams,
    success: { status: 200, schema: schemas.RelatedPerson, description: 'The related person.' },
    handler: async (trx, { params }) =>
      ok(await service.getRelatedPerson(trx, params.clientId, params.relatedPersonId)),
  }),
  operation({
    ...common,
    method: 'PATCH',
    path: '/v1/clients/{clientId}/related-people/{relatedPersonId}',
    operationId: 'changeRelatedPerson',
    summary: 'Change a related person',
    description: 'Changes the fields given. Who is no longer around is ended, never removed.',
    permission: 'clients:write',
    ifMatch: true,
    params: schemas.RelatedPersonParams,
    body: schemas.RelatedPersonChange,
    success: { status: 200, schema: schemas.RelatedPerson, description: 'The person as recorded now.' },
    problems: ['unknown-reference', 'invalid-state'],
    handler: async (trx, { params: { clientId, relatedPersonId }, body, version }) =>
      ok(await service.changeRelatedPerson(trx, { clientId, id: relatedPersonId, version }, body)),
  }),
]
