import { type Static, Type } from 'typebox'
import {
  CalendarDate,
  component,
  Id,
  Instant,
  listOf,
  Nullable,
  OneOf,
  PageQuery,
  strictObject,
  Text,
  TimeZone,
  Version,
} from '../../../lib/schemas.ts'
import { ClockEnd, ClockTime, Weekday } from '../../practice/index.ts'

const example = {
  entry: '019c0000-0000-7000-8000-0000000000d9',
  offer: '019c0000-0000-7000-8000-0000000000da',
  opening: '019c0000-0000-7000-8000-0000000000db',
  chart: '019c0000-0000-7000-8000-0000000000c1',
  client: '019c0000-0000-7000-8000-0000000000b1',
  couple: '019c0000-0000-7000-8000-0000000000b7',
  service: '019c0000-0000-7000-8000-0000000000a7',
  group: '019c0000-0000-7000-8000-0000000000d4',
  member: '019c0000-0000-7000-8000-0000000000d6',
  appointment: '019c0000-0000-7000-8000-0000000000d1',
  clinician: '019c0000-0000-7000-8000-0000000000e1',
  location: '019c0000-0000-7000-8000-0000000000a1',
  room: '019c0000-0000-7000-8000-0000000000a4',
}

/** By their rank in the database, 1 first. */
export const priorities = ['urgent', 'soon', 'routine'] as const
export const entryStatuses = ['waiting', 'booked', 'withdrawn'] as const
export const offerStatuses = ['open', 'accepted', 'declined', 'expired', 'withdrawn'] as const
const modes = ['in_person', 'telehealth'] as const

const ids = (description: string, shown: string, maxItems: number) =>
  Type.Array(Id(description, shown), { maxItems, uniqueItems: true, description })

const wishes = {
  clinicianIds: ids('Only with these clinicians; empty is anybody who may give it.', example.clinician, 20),
  locationIds: ids('In person only there; empty is anywhere.', example.location, 20),
  modes: Type.Array(OneOf(modes), {
    maxItems: modes.length,
    uniqueItems: true,
    description: 'Only so; empty is either.',
  }),
  weekdays: Type.Array(Weekday, {
    maxItems: 7,
    uniqueItems: true,
    description: 'Only on these days; empty is any.',
    examples: [[2, 4]],
  }),
  earliest: ClockTime('Starts no earlier, on the clock of the place.', '08:00'),
  latest: ClockEnd('Ends no later, on the clock of the place.', '20:00'),
  from: Nullable(CalendarDate('Not before this day.', '2026-12-01')),
  until: Nullable(CalendarDate('Not after this day.', '2027-03-31')),
}

const priority = OneOf(priorities, { description: 'Who is asked first; of one rank who waits longest.' })
const note = Text(500, { description: 'What else matters to them; kept sealed.' })

const entryShown = {
  id: example.entry,
  chartId: example.chart,
  clientId: example.client,
  coupleId: null,
  displayName: 'Robin Example',
  serviceId: example.service,
  groupId: null,
  clinicianIds: [example.clinician],
  locationIds: [],
  modes: [],
  weekdays: [2, 4],
  earliest: '08:00',
  latest: '20:00',
  from: '2026-12-01',
  until: null,
  priority: 'soon',
  note: null,
  status: 'waiting',
  appointmentId: null,
  groupMemberId: null,
  version: 1,
  createdAt: '2026-11-20T17:00:00.000Z',
  updatedAt: '2026-11-20T17:00:00.000Z',
}

export const WaitlistEntry = component(
  'WaitlistEntry',
  strictObject(
    {
      id: Id('The entry.', example.entry),
      chartId: Id('The chart of whoever waits.', example.chart),
      clientId: Nullable(Id('The client; null for a couple.', example.client)),
      coupleId: Nullable(
        Id('The couple; null for one client, and for a caller who may not read couples.', example.couple),
      ),
      displayName: Nullable(
        Type.String({
          description: 'Who waits; null for a caller who may not read clients, or couples.',
        }),
      ),
      serviceId: Nullable(Id('For what; null for a seat.', example.service)),
      groupId: Nullable(Id('The group in which they want a seat; null for a time.', example.group)),
      ...wishes,
      priority,
      note: Nullable(note),
      status: OneOf(entryStatuses),
      appointmentId: Nullable(Id('What an accepted offer booked.', example.appointment)),
      groupMemberId: Nullable(Id('The seat that an accepted offer took.', example.member)),
      version: Version,
      createdAt: Instant('Since when they wait.', '2026-11-20T17:00:00.000Z'),
      updatedAt: Instant('When it last changed.', '2026-11-20T17:00:00.000Z'),
    },
    {
      description:
        'A client or a couple who waits for a time or a seat. The note is for people of the practice.',
      examples: [entryShown],
    },
  ),
)

const optionalWishes = {
  clinicianIds: Type.Optional(wishes.clinicianIds),
  locationIds: Type.Optional(wishes.locationIds),
  modes: Type.Optional(wishes.modes),
  weekdays: Type.Optional(wishes.weekdays),
  earliest: Type.Optional(wishes.earliest),
  latest: Type.Optional(wishes.latest),
  from: Type.Optional(wishes.from),
  until: Type.Optional(wishes.until),
}

export const NewWaitlistEntry = component(
  'NewWaitlistEntry',
  strictObject(
    {
      clientId: Type.Optional(Id('The client. Give this or `coupleId`.', example.client)),
      coupleId: Type.Optional(Id('The couple. Give this or `clientId`.', example.couple)),
      serviceId: Type.Optional(Id('For a time of this service. Give this or `groupId`.', example.service)),
      groupId: Type.Optional(Id('For a seat of this group. Give this or `serviceId`.', example.group)),
      ...optionalWishes,
      priority,
      note: Type.Optional(note),
    },
    {
      description: 'Whoever waits, for what, and what would suit them. Of a seat only the priority counts.',
      examples: [
        {
          clientId: example.client,
          serviceId: example.service,
          clinicianIds: [example.clinician],
          weekdays: [2, 4],
          earliest: '08:00',
          latest: '20:00',
          priority: 'soon',
        },
      ],
    },
  ),
)

export const WaitlistEntryChange = component(
  'WaitlistEntryChange',
  Type.Partial(strictObject({ ...wishes, priority, note: Nullable(note) }), {
    additionalProperties: false,
    minProperties: 1,
    description: 'What is to change; offers that were made stand.',
    examples: [{ priority: 'urgent' }],
  }),
)

const slot = {
  clinicianId: Id('Who would give it.', example.clinician),
  mode: OneOf(modes),
  locationId: Nullable(Id('Where; null for telehealth.', example.location)),
  roomId: Nullable(Id('The room, if any.', example.room)),
  startsAt: Instant('From when it is free.', '2026-12-01T17:00:00.000Z'),
  endsAt: Instant('Until when.', '2026-12-01T17:50:00.000Z'),
}

const openingShown = {
  id: example.opening,
  groupId: null,
  slot: {
    clinicianId: example.clinician,
    mode: 'in_person',
    locationId: example.location,
    roomId: example.room,
    startsAt: '2026-12-01T17:00:00.000Z',
    endsAt: '2026-12-01T17:50:00.000Z',
    timeZone: 'America/Los_Angeles',
  },
  way: 'in_turn',
  offerMinutes: 240,
  status: 'open',
  createdAt: '2026-11-23T16:00:00.000Z',
}

const way = OneOf(['in_turn', 'first_come'] as const, {
  description:
    '`in_turn`: to one after the other. `first_come`: to several at once; whoever accepts first gets it.',
})
const offerMinutes = Type.Integer({
  minimum: 5,
  maximum: 10_080,
  description: 'How long an offer stands.',
  examples: [240],
})

export const WaitlistOpening = component(
  'WaitlistOpening',
  strictObject(
    {
      id: Id('The opening.', example.opening),
      groupId: Nullable(Id('The group with a free seat; null for a time.', example.group)),
      slot: Nullable(
        strictObject(
          { ...slot, timeZone: TimeZone('The zone of the location; of the practice for telehealth.') },
          { description: 'The time; null for a seat.' },
        ),
      ),
      way,
      offerMinutes,
      status: OneOf(['open', 'filled', 'closed'] as const, {
        description: '`closed`: nobody was left to ask, or the time has passed or is taken.',
      }),
      createdAt: Instant('Since when it is offered.', '2026-11-23T16:00:00.000Z'),
    },
    { description: 'Something that became free.', examples: [openingShown] },
  ),
)

export const NewWaitlistOpening = component(
  'NewWaitlistOpening',
  strictObject(
    {
      groupId: Type.Optional(Id('A group with a free seat. Give this or `slot`.', example.group)),
      slot: Type.Optional(
        strictObject(
          {
            ...slot,
            locationId: Type.Optional(slot.locationId),
            roomId: Type.Optional(slot.roomId),
          },
          { description: 'A time that is free. Give this or `groupId`.' },
        ),
      ),
      way: Type.Optional(way),
      offerMinutes: Type.Optional(offerMinutes),
    },
    {
      description:
        'Something to offer to those who wait; as the practice’s policies say where nothing is said.',
      examples: [
        {
          slot: {
            clinicianId: example.clinician,
            mode: 'in_person',
            locationId: example.location,
            roomId: example.room,
            startsAt: '2026-12-01T17:00:00.000Z',
            endsAt: '2026-12-01T17:50:00.000Z',
          },
          way: 'first_come',
        },
      ],
    },
  ),
)

export const WaitlistOffer = component(
  'WaitlistOffer',
  strictObject(
    {
      id: Id('The offer.', example.offer),
      waitlistEntryId: Id('To whom.', example.entry),
      opening: WaitlistOpening,
      status: OneOf(offerStatuses, {
        description: '`withdrawn`: somebody else got it, or they wait no more.',
      }),
      expiresAt: Instant('Until when it stands.', '2026-11-23T20:00:00.000Z'),
      answeredAt: Nullable(Instant('When it ended.')),
      version: Version,
      createdAt: Instant('When it was made.', '2026-11-23T16:00:00.000Z'),
      updatedAt: Instant('When it last changed.', '2026-11-23T16:00:00.000Z'),
    },
    {
      description: 'A time or a seat that is offered to somebody who waits. It is not kept for them.',
      examples: [
        {
          id: example.offer,
          waitlistEntryId: example.entry,
          opening: openingShown,
          status: 'open',
          expiresAt: '2026-11-23T20:00:00.000Z',
          answeredAt: null,
          version: 1,
          createdAt: '2026-11-23T16:00:00.000Z',
          updatedAt: '2026-11-23T16:00:00.000Z',
        },
      ],
    },
  ),
)

export const WaitlistEntryParams = strictObject({ waitlistEntryId: Id('The entry.', example.entry) })
export const WaitlistOfferParams = strictObject({ waitlistOfferId: Id('The offer.', example.offer) })
export const WaitlistQuery = strictObject({
  ...PageQuery,
  status: Type.Optional(OneOf(entryStatuses, { description: 'Only these.', examples: ['waiting'] })),
  serviceId: Type.Optional(Id('Only for this service.', example.service)),
  groupId: Type.Optional(Id('Only for a seat of this group.', example.group)),
})
export const OfferQuery = strictObject({
  ...PageQuery,
  status: Type.Optional(OneOf(offerStatuses, { description: 'Only these.', examples: ['open'] })),
  openingId: Type.Optional(Id('Only of this opening.', example.opening)),
  waitlistEntryId: Type.Optional(Id('Only to this entry.', example.entry)),
})

export const WaitlistPage = listOf('WaitlistPage', WaitlistEntry)
export const WaitlistOfferPage = listOf('WaitlistOfferPage', WaitlistOffer)

export type WaitlistEntry = Static<typeof WaitlistEntry>
export type NewWaitlistEntry = Static<typeof NewWaitlistEntry>
export type WaitlistEntryChange = Static<typeof WaitlistEntryChange>
export type WaitlistOpening = Static<typeof WaitlistOpening>
export type NewWaitlistOpening = Static<typeof NewWaitlistOpening>
export type WaitlistOffer = Static<typeof WaitlistOffer>
export type WaitlistQuery = Static<typeof WaitlistQuery>
export type OfferQuery = Static<typeof OfferQuery>
