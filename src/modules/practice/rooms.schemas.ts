import { type Static, Type } from 'typebox'
import {
  component,
  Id,
  Instant,
  listOf,
  OneOf,
  PageQuery,
  strictObject,
  Text,
  Version,
} from '../../lib/schemas.ts'

export const roomStatuses = ['active', 'closed'] as const

const fields = {
  name: Text(80, { description: 'Unique within the location.' }),
  capacity: Type.Integer({ minimum: 1, maximum: 200, description: 'People it seats.' }),
}

export const Room = component(
  'Room',
  strictObject(
    {
      id: Id('The room.', '019c0000-0000-7000-8000-0000000000e1'),
      locationId: Id('Where it is.', '019c0000-0000-7000-8000-0000000000a1'),
      ...fields,
      status: OneOf(roomStatuses),
      version: Version,
      createdAt: Instant('When it was created.'),
      updatedAt: Instant('When it last changed.'),
    },
    {
      description: 'A room that appointments reserve.',
      examples: [
        {
          id: '019c0000-0000-7000-8000-0000000000e1',
          locationId: '019c0000-0000-7000-8000-0000000000a1',
          name: 'Lighthouse',
          capacity: 3,
          status: 'active',
          version: 1,
          createdAt: '2026-11-01T17:00:00.000Z',
          updatedAt: '2026-11-01T17:00:00.000Z',
        },
      ],
    },
  ),
)

export const NewRoom = component(
  'NewRoom',
  strictObject(
    { name: fields.name, capacity: Type.Optional(fields.capacity) },
    {
      description: 'A room to create; it seats two when nothing is said.',
      examples: [{ name: 'Lighthouse', capacity: 3 }],
    },
  ),
)

export const RoomChange = component(
  'RoomChange',
  Type.Partial(
    strictObject({
      ...fields,
      status: OneOf(roomStatuses, { description: 'A closed room takes no new appointments.' }),
    }),
    {
      additionalProperties: false,
      minProperties: 1,
      description: 'The fields to change; what is left out stays.',
      examples: [{ capacity: 4 }],
    },
  ),
)

export const RoomParams = strictObject({
  locationId: Id('The location.', '019c0000-0000-7000-8000-0000000000a1'),
  roomId: Id('The room.', '019c0000-0000-7000-8000-0000000000e1'),
})
export const RoomQuery = strictObject({
  ...PageQuery,
  status: Type.Optional(OneOf(roomStatuses, { description: 'Only these.', examples: ['active'] })),
})
export const RoomPage = listOf('RoomPage', Room)

export type Room = Static<typeof Room>
export type NewRoom = Static<typeof NewRoom>
export type RoomChange = Static<typeof RoomChange>
export type RoomQuery = Static<typeof RoomQuery>
