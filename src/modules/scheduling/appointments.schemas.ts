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
  TimeZone,
  Version,
} from '../../lib/schemas.ts'
import { dualRoleReason } from '../charts/index.ts'
import { Attendance } from './attendance.schemas.ts'
import { by, durationMinutes, exampleIds, note, place, reasonCode } from './session-fields.schemas.ts'

export const appointmentStatuses = [
  'scheduled',
  'confirmed',
  'arrived',
  'in_session',
  'completed',
  'no_show',
  'canceled',
  'late_canceled',
] as const

export const startsAt = Instant('When the session starts, on a whole minute.')

const overbook = Type.Boolean({
  description:
    'Book although clinician or room are taken; needs `appointments:overbook`. Clients are never booked twice.',
})

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

/** As the documentation shows it. */
const booked = {
  id: exampleIds.appointment,
  chartId: exampleIds.chart,
  clientId: exampleIds.client,
  coupleId: null,
  displayName: 'Robin Example',
  serviceId: exampleIds.service,
  clinicianId: exampleIds.clinician,
  mode: 'in_person',
  locationId: exampleIds.location,
  roomId: exampleIds.room,
  startsAt: '2026-11-23T16:00:00.000Z',
  endsAt: '2026-11-23T16:50:00.000Z',
  durationMinutes: 50,
  timeZone: 'America/Los_Angeles',
  localStart: '2026-11-23T08:00:00-08:00',
  status: 'scheduled',
  overbooked: false,
  series: null,
  cancellation: null,
  attendance: null,
  version: 1,
  createdAt: '2026-11-20T17:00:00.000Z',
  updatedAt: '2026-11-20T17:00:00.000Z',
}

const DateOfSeries = component(
  'DateOfSeries',
  strictObject(
    {
      seriesId: Id('The series.', exampleIds.series),
      date: CalendarDate(
        'The date that its rule gave; it stays when the appointment is moved.',
        '2026-11-23',
      ),
    },
    {
      description: 'Of which series an appointment is; null for a single one.',
      examples: [{ seriesId: exampleIds.series, date: '2026-11-23' }],
    },
  ),
)

export const Appointment = component(
  'Appointment',
  strictObject(
    {
      id: Id('The appointment.', exampleIds.appointment),
      chartId: Id(
        'The chart it belongs to: the individual chart of a client, or the chart of a couple.',
        exampleIds.chart,
      ),
      clientId: Nullable(Id('The client; null for an appointment of a couple.', exampleIds.client)),
      coupleId: Nullable(Id('The couple; null for an appointment of one client.', exampleIds.couple)),
      displayName: Nullable(
        Type.String({
          description:
            'Whom it is for, to show on a calendar; of a couple both. Null for a caller who may not read clients, or couples.',
        }),
      ),
      serviceId: Id('What is given.', exampleIds.service),
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
      overbooked: Type.Boolean({
        description:
          'Booked on purpose although the clinician or the room was taken; it holds no reservation there.',
      }),
      series: Nullable(DateOfSeries),
      cancellation: Nullable(Cancellation),
      attendance: Nullable(Attendance),
      version: Version,
      createdAt: Instant('When it was booked.'),
      updatedAt: Instant('When it last changed.'),
    },
    {
      description: 'A session of one client or one couple. Billers see no room and no reason.',
      examples: [booked],
    },
  ),
)

export const BookingWarning = component(
  'BookingWarning',
  strictObject(
    {
      code: OneOf(['state_not_licensed', 'state_unknown'] as const, {
        description:
          '`state_not_licensed`: the clinician has no license of the state that is good on the day. `state_unknown`: nobody said where the client will be.',
      }),
      state: Nullable(Type.String({ pattern: '^[A-Z]{2}$', description: 'USPS code.' })),
    },
    {
      description: 'What does not hinder a booking, and would hinder the start of the session.',
      examples: [{ code: 'state_not_licensed', state: 'NV' }],
    },
  ),
)

export const BookedAppointment = component(
  'BookedAppointment',
  strictObject(
    {
      ...Appointment.properties,
      warnings: Type.Array(BookingWarning, { description: 'For telehealth; otherwise empty.' }),
    },
    {
      description: 'The appointment as it was booked, with what to mind until it begins.',
      examples: [{ ...booked, warnings: [] }],
    },
  ),
)

export const NewAppointment = component(
  'NewAppointment',
  strictObject(
    {
      clientId: Type.Optional(Id('The client. Give this or `coupleId`.', exampleIds.client)),
      coupleId: Type.Optional(Id('The couple. Give this or `clientId`.', exampleIds.couple)),
      serviceId: Id('What is given.', exampleIds.service),
      clinicianId: place.clinicianId,
      mode: place.mode,
      locationId: Type.Optional(place.locationId),
      roomId: Type.Optional(place.roomId),
      startsAt,
      durationMinutes: Type.Optional(durationMinutes),
      plannedState: Type.Optional(
        Type.String({
          pattern: '^[A-Z]{2}$',
          description:
            'For telehealth: the state in which the client will be (USPS code). Otherwise the state of the home address counts.',
          examples: ['CA'],
        }),
      ),
      overbook: Type.Optional(overbook),
      note: Type.Optional(note),
      dualRoleReason: Type.Optional(dualRoleReason),
      slotHoldId: Type.Optional(
        Id(
          'The hold that this takes the place of, of the caller or seen by the front desk.',
          exampleIds.hold,
        ),
      ),
    },
    {
      description: 'An appointment to book for one client or one couple.',
      examples: [
        {
          clientId: exampleIds.client,
          serviceId: exampleIds.service,
          clinicianId: exampleIds.clinician,
          mode: 'in_person',
          locationId: exampleIds.location,
          roomId: exampleIds.room,
          startsAt: '2026-11-23T16:00:00.000Z',
        },
      ],
    },
  ),
)

export const AppointmentMove = component(
  'AppointmentMove',
  Type.Partial(
    strictObject({ ...place, startsAt, durationMinutes, reasonCode, by, note, overbook, dualRoleReason }),
    {
      additionalProperties: false,
      minProperties: 1,
      description: 'The new time, place or clinician; what is left out stays.',
      examples: [{ startsAt: '2026-11-24T16:00:00.000Z', reasonCode: 'schedule_conflict', by: 'client' }],
    },
  ),
)

export const NewCancellation = component(
  'NewCancellation',
  strictObject(
    { reasonCode, by, note: Type.Optional(note) },
    { description: 'Who cancels, and why.', examples: [{ reasonCode: 'illness', by: 'client' }] },
  ),
)

export const AppointmentParams = strictObject({
  appointmentId: Id('The appointment.', exampleIds.appointment),
})

export const AppointmentQuery = strictObject({
  ...PageQuery,
  from: Instant('Those that start at this instant or later.', '2026-11-23T08:00:00Z'),
  to: Instant('Those that start before this instant; at most 62 days after `from`.', '2026-11-30T08:00:00Z'),
  clinicianId: Type.Optional(Id('Only of this clinician.', exampleIds.clinician)),
  chartId: Type.Optional(Id('Only of this chart.', exampleIds.chart)),
  clientId: Type.Optional(
    Id('Only of this client. Of a couple only where the caller may see the couple.', exampleIds.client),
  ),
  coupleId: Type.Optional(Id('Only of this couple.', exampleIds.couple)),
  locationId: Type.Optional(Id('Only at this location.', exampleIds.location)),
  status: Type.Optional(OneOf(appointmentStatuses, { description: 'Only these.', examples: ['scheduled'] })),
})

export const AppointmentPage = listOf('AppointmentPage', Appointment)

export type Appointment = Static<typeof Appointment>
export type NewAppointment = Static<typeof NewAppointment>
export type AppointmentMove = Static<typeof AppointmentMove>
export type NewCancellation = Static<typeof NewCancellation>
export type BookedAppointment = Static<typeof BookedAppointment>
export type BookingWarning = Static<typeof BookingWarning>
export type AppointmentQuery = Static<typeof AppointmentQuery>
export type AppointmentStatus = (typeof appointmentStatuses)[number]
