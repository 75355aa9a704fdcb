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
} from '../../../lib/schemas.ts'
import { dualRoleReason } from '../../charts/index.ts'
import { ClockTime } from '../../practice/index.ts'
import { BookingWarning } from '../appointments.schemas.ts'
import { durationMinutes, place } from '../session-fields.schemas.ts'
import { dateExample, SeriesDate } from './dates.schemas.ts'
import { example } from './examples.ts'

export const seriesStatuses = ['active', 'ended'] as const

export const agreed = {
  rule: Type.String({
    pattern: '^[A-Za-z]+=[A-Za-z0-9,+-]+(;[A-Za-z]+=[A-Za-z0-9,+-]+)*$',
    maxLength: 200,
    description:
      'A recurrence rule (RFC 5545) of dates: FREQ (DAILY, WEEKLY, MONTHLY, YEARLY), INTERVAL, COUNT or UNTIL, BYMONTH, BYWEEKNO, BYYEARDAY, BYMONTHDAY, BYDAY, BYSETPOS, WKST. COUNT counts from `firstOn`, whether a date was booked or not. An UNTIL with a time becomes the last day on which a session starts by then.',
    examples: ['FREQ=WEEKLY;BYDAY=TU'],
  }),
  firstOn: CalendarDate(
    'From which day on the rule gives dates (DTSTART); the first date is this one or, where the rule does not give it, the next.',
    '2026-12-01',
  ),
  time: ClockTime(
    'When each session starts on the clock of the place, all year round. On a night on which that time does not exist it is moved forward by the gap; of a time that comes twice the first counts.',
    '18:00',
  ),
}

export const onClosedDays = OneOf(['leave_out', 'book'] as const, {
  description:
    'What becomes of dates on which the practice or the location has a holiday, or the clinician is off; they are left out where nothing is said.',
  examples: ['leave_out'],
})

export const onClash = OneOf(['refuse', 'leave_out'] as const, {
  description:
    'When somebody or something is taken on one of the dates: `refuse` does nothing at all, `leave_out` does the rest and says which dates it left. `refuse` where nothing is said.',
  examples: ['refuse'],
})

const Pause = component(
  'SeriesPause',
  strictObject(
    {
      id: Id('The pause.', example.pause),
      from: CalendarDate('First day without sessions.', '2026-12-21'),
      until: CalendarDate('Last day without sessions.', '2027-01-03'),
    },
    {
      description: 'Days on which a series has no sessions.',
      examples: [{ id: example.pause, from: '2026-12-21', until: '2027-01-03' }],
    },
  ),
)

const seriesExample = {
  id: example.series,
  chartId: example.chart,
  clientId: example.client,
  coupleId: null,
  displayName: 'Robin Example',
  serviceId: example.service,
  clinicianId: example.clinician,
  mode: 'in_person',
  locationId: example.location,
  roomId: example.room,
  rule: 'FREQ=WEEKLY;BYDAY=TU',
  firstOn: '2026-12-01',
  time: '18:00',
  durationMinutes: 50,
  timeZone: 'America/Los_Angeles',
  onClosedDays: 'leave_out',
  bookedUntil: '2027-12-08',
  status: 'active',
  pauses: [],
  version: 1,
  createdAt: '2026-11-20T17:00:00.000Z',
  updatedAt: '2026-11-20T17:00:00.000Z',
}

export const AppointmentSeries = component(
  'AppointmentSeries',
  strictObject(
    {
      id: Id('The series.', example.series),
      chartId: Id('The chart it belongs to.', example.chart),
      clientId: Nullable(Id('The client; null for a couple.', example.client)),
      coupleId: Nullable(Id('The couple; null for one client.', example.couple)),
      displayName: Nullable(
        Type.String({
          description: 'Whom it is for, as on an appointment; null where that may not be seen.',
        }),
      ),
      serviceId: Id('What is given.', example.service),
      ...place,
      ...agreed,
      durationMinutes,
      timeZone: TimeZone('The zone of the location; of the practice for telehealth.'),
      onClosedDays,
      bookedUntil: CalendarDate('Dates up to this one are booked or left out.', '2027-12-08'),
      status: OneOf(seriesStatuses, {
        description:
          'Of an `active` one a job books the dates to come, a year ahead. One that has `ended` has no more.',
        examples: ['active'],
      }),
      pauses: Type.Array(Pause, { description: 'By first day; those that were withdrawn are left out.' }),
      version: Version,
      createdAt: Instant('When it was booked.'),
      updatedAt: Instant('When it last changed.'),
    },
    {
      description: 'Sessions of one client or couple that come again by a rule. Billers see no room.',
      examples: [seriesExample],
    },
  ),
)

const dates = Type.Array(SeriesDate, {
  description: 'Every date within `bookedUntil` that this is about, in order.',
})

const warnings = Type.Array(BookingWarning, { description: 'For telehealth; otherwise empty.' })

export const SeriesPlan = component(
  'SeriesPlan',
  strictObject(
    {
      series: AppointmentSeries,
      version: Version,
      dates,
      warnings,
    },
    {
      description:
        'A series with what became of its dates; of a preview what would become of them, with the series as it stands.',
      examples: [{ series: seriesExample, version: 1, dates: [dateExample], warnings: [] }],
    },
  ),
)

export const SeriesPreview = component(
  'SeriesPreview',
  strictObject(
    { dates, warnings },
    {
      description: 'What would become of the dates of a series that is not booked.',
      examples: [{ dates: [dateExample], warnings: [] }],
    },
  ),
)

export const NewAppointmentSeries = component(
  'NewAppointmentSeries',
  strictObject(
    {
      clientId: Type.Optional(Id('The client. Give this or `coupleId`.', example.client)),
      coupleId: Type.Optional(Id('The couple. Give this or `clientId`.', example.couple)),
      serviceId: Id('What is given.', example.service),
      clinicianId: place.clinicianId,
      mode: place.mode,
      locationId: Type.Optional(place.locationId),
      roomId: Type.Optional(place.roomId),
      ...agreed,
      durationMinutes: Type.Optional(durationMinutes),
      plannedState: Type.Optional(
        Type.String({
          pattern: '^[A-Z]{2}$',
          description: 'For telehealth: the state in which the client will be (USPS code).',
          examples: ['CA'],
        }),
      ),
      onClosedDays: Type.Optional(onClosedDays),
      onClash: Type.Optional(onClash),
      dualRoleReason: Type.Optional(dualRoleReason),
    },
    {
      description: 'A series to book for one client or one couple.',
      examples: [
        {
          clientId: example.client,
          serviceId: example.service,
          clinicianId: example.clinician,
          mode: 'in_person',
          locationId: example.location,
          roomId: example.room,
          rule: 'FREQ=WEEKLY;BYDAY=TU',
          firstOn: '2026-12-01',
          time: '18:00',
        },
      ],
    },
  ),
)

export const SeriesParams = strictObject({ seriesId: Id('The series.', example.series) })

export const PauseParams = strictObject({
  seriesId: Id('The series.', example.series),
  pauseId: Id('One of its pauses.', example.pause),
})

export const SeriesQuery = strictObject({
  ...PageQuery,
  clinicianId: Type.Optional(Id('Only of this clinician.', example.clinician)),
  chartId: Type.Optional(Id('Only of this chart.', example.chart)),
  status: Type.Optional(OneOf(seriesStatuses, { description: 'Only these.', examples: ['active'] })),
})

export const SeriesPage = listOf('AppointmentSeriesPage', AppointmentSeries)

export type AppointmentSeries = Static<typeof AppointmentSeries>
export type SeriesPlan = Static<typeof SeriesPlan>
export type SeriesPreview = Static<typeof SeriesPreview>
export type NewAppointmentSeries = Static<typeof NewAppointmentSeries>
export type SeriesQuery = Static<typeof SeriesQuery>
