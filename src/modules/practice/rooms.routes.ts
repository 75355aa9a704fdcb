import { created, ok, operation } from '../../plugins/operations/index.ts'
import { LocationParams } from './locations.schemas.ts'
import * as schemas from './rooms.schemas.ts'
import * as service from './rooms.service.ts'

const common = { tag: 'Practice' } as const

export const roomRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: '/v1/locations/{locationId}/rooms',
    operationId: 'listRooms',
    summary: 'List rooms',
    description: 'The rooms of a location, oldest first.',
    permission: 'practice:read',
    params: LocationParams,
    query: schemas.RoomQuery,
    success: { status: 200, schema: schemas.RoomPage, description: 'A page of rooms.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await service.listRooms(trx, params.locationId, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/locations/{locationId}/rooms',
    operationId: 'createRoom',
    summary: 'Create a room',
    description: 'Adds a room to a location.',
    permission: 'practice:write',
    params: LocationParams,
    body: schemas.NewRoom,
    success: { status: 201, schema: schemas.Room, description: 'The room.' },
    problems: ['already-exists'],
    handler: async (trx, { params, body }) => {
      const room = await service.createRoom(trx, params.locationId, body)
      return created(`/v1/locations/${params.locationId}/rooms/${room.id}`, room)
    },
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/locations/{locationId}/rooms/{roomId}',
    operationId: 'getRoom',
    summary: 'Read a room',
    description: 'One room, with the ETag to change it.',
    permission: 'practice:read',
    params: schemas.RoomParams,
    success: { status: 200, schema: schemas.Room, description: 'The room.' },
    handler: async (trx, { params }) => ok(await service.getRoom(trx, params.locationId, params.roomId)),
  }),
  operation({
    ...common,
    method: 'PATCH',
    path: '/v1/locations/{locationId}/rooms/{roomId}',
    operationId: 'changeRoom',
    summary: 'Change a room',
    description: 'Changes the fields given. A closed room takes no new appointments; those booked stay.',
    permission: 'practice:write',
    ifMatch: true,
    params: schemas.RoomParams,
    body: schemas.RoomChange,
    success: { status: 200, schema: schemas.Room, description: 'The room as it is now.' },
    problems: ['already-exists'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.changeRoom(trx, params.locationId, params.roomId, version, body)),
  }),
]
