import { type Static, Type } from 'typebox'
import {
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
} from '../../lib/schemas.ts'

export const appointmentStatuses = ['booked', 'attended', 'no_show', 'canceled'] as const
export const appointmentModes = ['in_person', 'telehealth'] as const
export const changeKinds = ['booked', 'moved', 'canceled', 'uncanceled', 'no_show', 'attended'] as const
export const askedBy = ['client', 'practice'] as const
/** Coarse on purpose: a reason is shown on calendars, so it must not be a clinical statement. */
export const reasonCodes = [
  'illness',
  'schedule_conflict',
  'emergency',
  'travel',
  'weather',
  'clinician_unavailable',
  'room_unavailable',
  'booking_error',
  'not_needed',
  'other',
] as const

const example = {
  appointment: '019c0000-0000-7000-8000-0000000000d1',
  chart: '019c0000-0000-7000-8000-0000000000c1',
  client: '019c0000-0000-7000-8000-0000000000b1',
  couple: '019c0000-0000-7000-8000-0000000000b7',
  service: '019c0000-0000-7000-8000-0000000000a7',
  clinician: '019c0000-0000-7000-8000-0000000000e1',
  location: '019c0000-0000-7000-8000-0000000000a1',
  room: '019c0000-0000-7000-8000-0000000000a4',
}

const place = {
  clinicianId: Id('The member of staff who gives the session.', example.clinician),
  mode: OneOf(appointmentModes, { description: 'One of the modes of the service.', examples: ['in_person'] }),
  locationId: Nullable(Id('Where it is held; null for telehealth.', example.location)),
  roomId: Nullable(
    Id('A room of the location; null where none is needed, and for telehealth.', example.room),
  ),
}

const startsAt = Instant('When the session starts, on a whole minute.')
const durationMinutes = Type.Integer({
  minimum: 5,
  maximum: 1440,
  description: 'Length of the session without buffers.',
  examples: [50],
})
const reasonCode = OneOf(reasonCodes, { description: 'Why, in a word fit for a calendar.' })
const by = OneOf(askedBy, { description: 'Who asked for it.' })
const note = Text(500, { description: 'For the history only; kept sealed and never shown in lists.' })

export const Cancellation = component(
  'Cancellation',
  strictObject(
    { reasonCode: Nullable(reasonCode), by, canceledAt: Instant('When it was recorded.') },
    {
      description: 'Who canceled, and why. The reason is null for billers.',
      examples: [{ reasonCode: 'illness', by: 'client', canceledAt: '2026-11-22T18:00:00.000Z' }],
    },
  ),
)

export const Attendance = component(
  'Attendance',
  strictObject(
    {
      actualStartsAt: Instant('When the session really started.', '2026-11-23T16:02:00.000Z'),
      actualEndsAt: Instant('When the session really ended.', '2026-11-23T16:52:00.000Z'),
    },
    {
      description: 'The real start and end of a session that took place.',
      examples: [{ actualStartsAt: '2026-11-23T16:02:00.000Z', actualEndsAt: '2026-11-23T16:52:00.000Z' }],
    },
  ),
)

export const Appointment = component(
  'Appointment',
  strictObject(
    {
      id: Id('The appointment.', example.appointment),
      chartId: Id(
        'The chart it belongs to: the individual chart of a client, or the chart of a couple.',
        example.chart,
      ),
      clientId: Nullable(Id('The client; null for an appointment of a couple.', example.client)),
      coupleId: Nullable(Id('The couple; null for an appointment of one client.', example.couple)),
      displayName: Nullable(
        Type.String({
          description:
            'Whom it is for, to show on a calendar; of a couple both. Null for a caller who may not read clients, or couples.',
        }),
      ),
      serviceId: Id('What is given.', example.service),
      ...place,
      startsAt,
      endsAt: Instant('When the session ends; this instant is no longer part of it.'),
      durationMinutes,
      timeZone: TimeZone('The zone of the location; of the practice for telehealth.'),
      localStart: Type.String({
        description: 'The start on the wall clock of `timeZone`, with the offset that holds then.',
        examples: ['2026-11-23T08:00:00-08:00'],
      }),
      status: OneOf(appointmentStatuses),
      cancellation: Nullable(Cancellation),
      attendance: Nullable(Attendance),
      version: Version,
      createdAt: Instant('When it was booked.'),
      updatedAt: Instant('When it last changed.'),
    },
    {
      description: 'A session of one client or one couple. Billers see no room and no reason.',
      examples: [
        {
          id: example.appointment,
          chartId: example.chart,
          clientId: example.client,
          coupleId: null,
          displayName: 'Robin Example',
          serviceId: example.service,
          clinicianId: example.clinician,
          mode: 'in_person',
          locationId: example.location,
          roomId: example.room,
          startsAt: '2026-11-23T16:00:00.000Z',
          endsAt: '2026-11-23T16:50:00.000Z',
          durationMinutes: 50,
          timeZone: 'America/Los_Angeles',
          localStart: '2026-11-23T08:00:00-08:00',
          status: 'booked',
          cancellation: null,
          attendance: null,
          version: 1,
          createdAt: '2026-11-20T17:00:00.000Z',
          updatedAt: '2026-11-20T17:00:00.000Z',
        },
      ],
    },
  ),
)

export const NewAppointment = component(
  'NewAppointment',
  strictObject(
    {
      clientId: Type.Optional(Id('The client. Give this or `coupleId`.', example.client)),
      coupleId: Type.Optional(Id('The couple. Give this or `clientId`.', example.couple)),
      serviceId: Id('What is given.', example.service),
      clinicianId: place.clinicianId,
      mode: place.mode,
      locationId: Type.Optional(place.locationId),
      roomId: Type.Optional(place.roomId),
      startsAt,
      durationMinutes: Type.Optional(durationMinutes),
    },
    {
      description: 'An appointment to book for one client or one couple.',
      examples: [
        {
          clientId: example.client,
          serviceId: example.service,
          clinicianId: example.clinician,
          mode: 'in_person',
          locationId: example.location,
          roomId: example.room,
          startsAt: '2026-11-23T16:00:00.000Z',
        },
      ],
    },
  ),
)

export const AppointmentMove = component(
  'AppointmentMove',
  Type.Partial(strictObject({ ...place, startsAt, durationMinutes, reasonCode, by, note }), {
    additionalProperties: false,
    minProperties: 1,
    description: 'The new time, place or clinician; what is left out stays.',
    examples: [{ startsAt: '2026-11-24T16:00:00.000Z', reasonCode: 'schedule_conflict', by: 'client' }],
  }),
)

export const NewCancellation = component(
  'NewCancellation',
  strictObject(
    { reasonCode, by, note: Type.Optional(note) },
    { description: 'Who cancels, and why.', examples: [{ reasonCode: 'illness', by: 'client' }] },
  ),
)

export const AppointmentChange = component(
  'AppointmentChange',
  strictObject(
    {
      id: Id('This step.', '019c0000-0000-7000-8000-0000000000f1'),
      appointmentVersion: Version,
      kind: OneOf(changeKinds),
      recordedById: Nullable(Id('The staff member who did it; null for an API client.', example.clinician)),
      ...place,
      startsAt,
      endsAt: Instant('When the session ended after this step.'),
      reasonCode: Nullable(reasonCode),
      by: Nullable(by),
      note: Nullable(note),
      createdAt: Instant('When it was recorded.'),
    },
    {
      description: 'One step in the life of an appointment, with what held after it.',
      examples: [
        {
          id: '019c0000-0000-7000-8000-0000000000f1',
          appointmentVersion: 2,
          kind: 'moved',
          recordedById: example.clinician,
          clinicianId: example.clinician,
          mode: 'in_person',
          locationId: example.location,
          roomId: example.room,
          startsAt: '2026-11-24T16:00:00.000Z',
          endsAt: '2026-11-24T16:50:00.000Z',
          reasonCode: 'schedule_conflict',
          by: 'client',
          note: null,
          createdAt: '2026-11-21T17:00:00.000Z',
        },
      ],
    },
  ),
)

export const AppointmentParams = strictObject({ appointmentId: Id('The appointment.', example.appointment) })

export const AppointmentQuery = strictObject({
  ...PageQuery,
  from: Instant('Those that start at this instant or later.', '2026-11-23T08:00:00Z'),
  to: Instant('Those that start before this instant; at most 62 days after `from`.', '2026-11-30T08:00:00Z'),
  clinicianId: Type.Optional(Id('Only of this clinician.', example.clinician)),
  chartId: Type.Optional(Id('Only of this chart.', example.chart)),
  clientId: Type.Optional(
    Id('Only of this client. Of a couple only where the caller may see the couple.', example.client),
  ),
  coupleId: Type.Optional(Id('Only of this couple.', example.couple)),
  locationId: Type.Optional(Id('Only at this location.', example.location)),
  status: Type.Optional(OneOf(appointmentStatuses, { description: 'Only these.', examples: ['booked'] })),
})

export const ChangeQuery = strictObject(PageQuery)

export const AppointmentPage = listOf('AppointmentPage', Appointment)
export const AppointmentChangePage = listOf('AppointmentChangePage', AppointmentChange)

export type Appointment = Static<typeof Appointment>
export type NewAppointment = Static<typeof NewAppointment>
export type AppointmentMove = Static<typeof AppointmentMove>
export type NewCancellation = Static<typeof NewCancellation>
export type Attendance = Static<typeof Attendance>
export type AppointmentChange = Static<typeof AppointmentChange>
export type AppointmentQuery = Static<typeof AppointmentQuery>
export type ChangeQuery = Static<typeof ChangeQuery>
export type AppointmentStatus = (typeof appointmentStatuses)[number]
export type ChangeKind = (typeof changeKinds)[number]
