import { created, ok, operation } from '../../plugins/operations/index.ts'
import * as schemas from './services.schemas.ts'
import * as service from './services.service.ts'

const common = { tag: 'Practice' } as const

export const serviceRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: '/v1/services',
    operationId: 'listServices',
    summary: 'List services',
    description: 'What the practice offers and offered, oldest first.',
    permission: 'practice:read',
    query: schemas.ServiceQuery,
    success: { status: 200, schema: schemas.ServicePage, description: 'A page of services.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await service.listServices(trx, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/services',
    operationId: 'createService',
    summary: 'Create a service',
    description: 'Adds something to book: for whom, how long, how, and what it costs.',
    permission: 'practice:write',
    body: schemas.NewService,
    success: { status: 201, schema: schemas.Service, description: 'The service.' },
    problems: ['already-exists', 'unknown-reference'],
    handler: async (trx, { body }) => {
      const made = await service.createService(trx, body)
      return created(`/v1/services/${made.id}`, made)
    },
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/services/{serviceId}',
    operationId: 'getService',
    summary: 'Read a service',
    description: 'One service, with the ETag to change it.',
    permission: 'practice:read',
    params: schemas.ServiceParams,
    success: { status: 200, schema: schemas.Service, description: 'The service.' },
    handler: async (trx, { params }) => ok(await service.getService(trx, params.serviceId)),
  }),
  operation({
    ...common,
    method: 'PATCH',
    path: '/v1/services/{serviceId}',
    operationId: 'changeService',
    summary: 'Change a service',
    description:
      'Changes the fields given, for appointments booked from now on. A retired service takes no new appointments; those booked stay.',
    permission: 'practice:write',
    ifMatch: true,
    params: schemas.ServiceParams,
    body: schemas.ServiceChange,
    success: { status: 200, schema: schemas.Service, description: 'The service as it is now.' },
    problems: ['already-exists', 'unknown-reference'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.changeService(trx, params.serviceId, version, body)),
  }),
]
