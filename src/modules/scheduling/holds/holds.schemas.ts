import { type Static, Type } from 'typebox'
import { limits } from '../../../lib/limits.ts'
import { component, Id, Instant, Nullable, OneOf, strictObject, TimeZone } from '../../../lib/schemas.ts'

const { holdMinutes, together } = limits.scheduling

const example = {
  hold: '019c0000-0000-7000-8000-0000000000f8',
  service: '019c0000-0000-7000-8000-0000000000a7',
  client: '019c0000-0000-7000-8000-0000000000b1',
  couple: '019c0000-0000-7000-8000-0000000000b7',
  clinician: '019c0000-0000-7000-8000-0000000000e1',
  location: '019c0000-0000-7000-8000-0000000000a1',
  room: '019c0000-0000-7000-8000-0000000000a4',
}

const place = {
  clinicianIds: Type.Array(Id('A clinician whose time is kept.', example.clinician), {
    minItems: 1,
    maxItems: together,
    uniqueItems: true,
  }),
  mode: OneOf(['in_person', 'telehealth'], {
    description: 'One of the modes of the service.',
    examples: ['in_person'],
  }),
  locationId: Nullable(Id('Where; null for telehealth.', example.location)),
  roomId: Nullable(Id('The room that is kept, if any.', example.room)),
}

export const SlotHold = component(
  'SlotHold',
  strictObject(
    {
      id: Id('The hold.', example.hold),
      serviceId: Id('What is to be given.', example.service),
      ...place,
      startsAt: Instant('When the session would start.', '2026-12-01T17:00:00.000Z'),
      endsAt: Instant('When it would end.', '2026-12-01T17:50:00.000Z'),
      timeZone: TimeZone('The zone of the location; of the practice for telehealth.'),
      status: OneOf(['held', 'expired', 'released', 'booked'], {
        description: 'Only what is `held` keeps others from the slot.',
      }),
      expiresAt: Instant('Until when it is kept.', '2026-11-23T16:10:00.000Z'),
      createdAt: Instant('When it was made.', '2026-11-23T16:00:00.000Z'),
    },
    {
      description: 'A slot that is kept for some minutes. It does not say for whom.',
      examples: [
        {
          id: example.hold,
          serviceId: example.service,
          clinicianIds: [example.clinician],
          mode: 'in_person',
          locationId: example.location,
          roomId: example.room,
          startsAt: '2026-12-01T17:00:00.000Z',
          endsAt: '2026-12-01T17:50:00.000Z',
          timeZone: 'America/Los_Angeles',
          status: 'held',
          expiresAt: '2026-11-23T16:10:00.000Z',
          createdAt: '2026-11-23T16:00:00.000Z',
        },
      ],
    },
  ),
)

export const NewSlotHold = component(
  'NewSlotHold',
  strictObject(
    {
      serviceId: Id('What is to be given. Its buffers are kept too.', example.service),
      clinicianIds: place.clinicianIds,
      mode: place.mode,
      locationId: Type.Optional(place.locationId),
      roomId: Type.Optional(place.roomId),
      startsAt: Instant('When the session would start, on a whole minute.', '2026-12-01T17:00:00.000Z'),
      durationMinutes: Type.Optional(
        Type.Integer({
          minimum: 5,
          maximum: 1440,
          description: 'Length without buffers; that of the service when left out.',
          examples: [50],
        }),
      ),
      clientId: Type.Optional(
        Id('Whose time is kept too, if that is known. This or `coupleId`.', example.client),
      ),
      coupleId: Type.Optional(Id('The couple whose time is kept too. This or `clientId`.', example.couple)),
      minutes: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: holdMinutes.max,
          default: holdMinutes.default,
          description: 'How long it is kept.',
          examples: [10],
        }),
      ),
    },
    {
      description: 'A slot to keep.',
      examples: [
        {
          serviceId: example.service,
          clinicianIds: [example.clinician],
          mode: 'in_person',
          locationId: example.location,
          roomId: example.room,
          startsAt: '2026-12-01T17:00:00.000Z',
          clientId: example.client,
        },
      ],
    },
  ),
)

export const SlotHoldParams = strictObject({ slotHoldId: Id('The hold.', example.hold) })

export type SlotHold = Static<typeof SlotHold>
export type NewSlotHold = Static<typeof NewSlotHold>
