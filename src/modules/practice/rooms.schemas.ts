import { type Static, Type } from 'typebox'
import {
  component,
  Id,
  Instant,
  listOf,
  Name,
  Nullable,
  OneOf,
  PageQuery,
  strictObject,
  Version,
} from '../../lib/schemas.ts'
import { Features, WeeklyHours } from './weekly-hours.ts'

export const roomStatuses = ['active', 'closed'] as const

const fields = {
  name: Name(80, { description: 'Unique within the location.' }),
  capacity: Type.Integer({ minimum: 1, maximum: 200, description: 'People it seats.' }),
  features: Features('What it has that services may ask for.'),
  openingHours: Nullable(
    Type.Array(WeeklyHours, {
      maxItems: 50,
      description: 'When sessions may be offered in it, on the clock of the location; null is at any time.',
    }),
  ),
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
          features: ['two-sofas'],
          openingHours: [{ weekday: 2, startsAt: '08:00', endsAt: '20:00' }],
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
    {
      name: fields.name,
      capacity: Type.Optional(fields.capacity),
      features: Type.Optional(fields.features),
      openingHours: Type.Optional(fields.openingHours),
    },
    {
      description: 'A room to create; it seats two and is open at any time when nothing is said.',
      examples: [{ name: 'Lighthouse', capacity: 3, features: ['two-sofas'] }],
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
