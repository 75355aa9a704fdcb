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
export const changeKinds = [
  'booked',
  'moved',
  'confirmed',
  'arrived',
  'started',
  'completed',
  'no_show',
  'canceled',
  'late_canceled',
  'uncanceled',
] as const
export const presences = ['present', 'late', 'left_early', 'absent'] as const
/** Why a telehealth session began without a check-in that fits. */
export const overrideReasons = [
  'temporary_practice_rule',
  'privilege_not_recorded',
  'crisis',
  'recorded_elsewhere',
] as const
const startsAt = Instant('When the session starts, on a whole minute.')
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

const actualStartsAt = Instant('When the session really started.', '2026-11-23T16:02:00.000Z')
const actualEndsAt = Instant('When the session really ended.', '2026-11-23T16:52:00.000Z')

export const Participant = component(
  'AppointmentParticipant',
  strictObject(
    {
      clientId: Id('A client of the appointment.', exampleIds.client),
      presence: OneOf(presences, { description: 'Whether, and for how much of it, they were there.' }),
    },
    {
      description: 'A client of an appointment, and whether they were there.',
      examples: [{ clientId: exampleIds.client, presence: 'present' }],
    },
  ),
)

const participants = Type.Array(Participant, {
  maxItems: 10,
  description: 'Clients of the appointment, each once. Who is not named was present.',
  examples: [[{ clientId: exampleIds.client, presence: 'present' }]],
})

export const Attendance = component(
  'Attendance',
  strictObject(
    {
      actualStartsAt,
      actualEndsAt: Nullable(actualEndsAt),
      participants: Type.Array(Participant, {
        description: 'Who was there. Empty for callers who may not know the clients of a couple.',
      }),
    },
    {
      description: 'The real start and end of a session; the end is null while it lasts.',
      examples: [
        {
          actualStartsAt: '2026-11-23T16:02:00.000Z',
          actualEndsAt: '2026-11-23T16:52:00.000Z',
          participants: [{ clientId: exampleIds.client, presence: 'present' }],
        },
      ],
    },
  ),
)

export const Override = component(
  'CheckInOverride',
  strictObject(
    {
      reasonCode: OneOf(overrideReasons, {
        description:
          'Why this telehealth session may begin without a check-in that fits. It stays in the history.',
      }),
      note: Type.Optional(note),
    },
    {
      description:
        'A decision to begin a telehealth session although its check-in is missing or does not fit.',
      examples: [{ reasonCode: 'temporary_practice_rule', note: 'Visiting for a week (fictional).' }],
    },
  ),
)

export const NewStart = component(
  'NewAppointmentStart',
  strictObject(
    {
      startedAt: Type.Optional(
        Instant('When the session began; now when left out.', '2026-11-23T16:02:00.000Z'),
      ),
      participants: Type.Optional(participants),
      override: Type.Optional(Override),
    },
    {
      description: 'The session begins. Clients who are not named are there.',
      examples: [{ startedAt: '2026-11-23T16:02:00.000Z' }],
    },
  ),
)

export const NewAttendance = component(
  'NewAttendance',
  strictObject(
    {
      actualStartsAt: Type.Optional(actualStartsAt),
      actualEndsAt,
      participants: Type.Optional(participants),
      override: Type.Optional(Override),
    },
    {
      description:
        'The session took place. Its start may be left out where it was recorded before; clients who are not named were present.',
      examples: [{ actualStartsAt: '2026-11-23T16:02:00.000Z', actualEndsAt: '2026-11-23T16:52:00.000Z' }],
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

export const AppointmentChange = component(
  'AppointmentChange',
  strictObject(
    {
      id: Id('This step.', '019c0000-0000-7000-8000-0000000000f1'),
      appointmentVersion: Version,
      kind: OneOf(changeKinds),
      recordedById: Nullable(
        Id('The staff member who did it; null for an API client.', exampleIds.clinician),
      ),
      ...place,
      startsAt,
      endsAt: Instant('When the session ended after this step.'),
      reasonCode: Nullable(reasonCode),
      by: Nullable(by),
      note: Nullable(note),
      overrideReason: Nullable(OneOf(overrideReasons)),
      createdAt: Instant('When it was recorded.'),
    },
    {
      description: 'One step in the life of an appointment, with what held after it.',
      examples: [
        {
          id: '019c0000-0000-7000-8000-0000000000f1',
          appointmentVersion: 2,
          kind: 'moved',
          recordedById: exampleIds.clinician,
          clinicianId: exampleIds.clinician,
          mode: 'in_person',
          locationId: exampleIds.location,
          roomId: exampleIds.room,
          startsAt: '2026-11-24T16:00:00.000Z',
          endsAt: '2026-11-24T16:50:00.000Z',
          reasonCode: 'schedule_conflict',
          by: 'client',
          note: null,
          overrideReason: null,
          createdAt: '2026-11-21T17:00:00.000Z',
        },
      ],
    },
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

export const ChangeQuery = strictObject(PageQuery)

export const AppointmentPage = listOf('AppointmentPage', Appointment)
export const AppointmentChangePage = listOf('AppointmentChangePage', AppointmentChange)

export type Appointment = Static<typeof Appointment>
export type NewAppointment = Static<typeof NewAppointment>
export type AppointmentMove = Static<typeof AppointmentMove>
export type NewCancellation = Static<typeof NewCancellation>
export type BookedAppointment = Static<typeof BookedAppointment>
export type BookingWarning = Static<typeof BookingWarning>
export type Attendance = Static<typeof Attendance>
export type NewAttendance = Static<typeof NewAttendance>
export type NewStart = Static<typeof NewStart>
export type Override = Static<typeof Override>
export type AppointmentChange = Static<typeof AppointmentChange>
export type AppointmentQuery = Static<typeof AppointmentQuery>
export type ChangeQuery = Static<typeof ChangeQuery>
export type AppointmentStatus = (typeof appointmentStatuses)[number]
export type ChangeKind = (typeof changeKinds)[number]
