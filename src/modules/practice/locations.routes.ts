import { created, ok, operation } from '../../plugins/operations/index.ts'
import * as schemas from './locations.schemas.ts'
import * as service from './locations.service.ts'

const common = { tag: 'Practice' } as const

export const locationRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: '/v1/locations',
    operationId: 'listLocations',
    summary: 'List locations',
    description: 'The places where the practice works, oldest first.',
    permission: 'practice:read',
    query: schemas.LocationQuery,
    success: { status: 200, schema: schemas.LocationPage, description: 'A page of locations.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await service.listLocations(trx, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/locations',
    operationId: 'createLocation',
    summary: 'Create a location',
    description: 'Adds a place where the practice works. Its calendar is kept in its own time zone.',
    permission: 'practice:write',
    body: schemas.NewLocation,
    success: { status: 201, schema: schemas.Location, description: 'The location.' },
    problems: ['already-exists'],
    handler: async (trx, { body }) => {
      const location = await service.createLocation(trx, body)
      return created(`/v1/locations/${location.id}`, location)
    },
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/locations/{locationId}',
    operationId: 'getLocation',
    summary: 'Read a location',
    description: 'One place, with the ETag to change it.',
    permission: 'practice:read',
    params: schemas.LocationParams,
    success: { status: 200, schema: schemas.Location, description: 'The location.' },
    handler: async (trx, { params }) => ok(await service.getLocation(trx, params.locationId)),
  }),
  operation({
    ...common,
    method: 'PATCH',
    path: '/v1/locations/{locationId}',
    operationId: 'changeLocation',
    summary: 'Change a location',
    description: 'Changes the fields given. A closed location takes no new appointments; those booked stay.',
    permission: 'practice:write',
    ifMatch: true,
    params: schemas.LocationParams,
    body: schemas.LocationChange,
    success: { status: 200, schema: schemas.Location, description: 'The location as it is now.' },
    problems: ['already-exists'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.changeLocation(trx, params.locationId, version, body)),
  }),
]
