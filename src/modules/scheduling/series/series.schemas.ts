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
import { appointmentStatuses, BookingWarning } from '../appointments.schemas.ts'
import { by, durationMinutes, exampleIds, note, place, reasonCode } from '../session-fields.schemas.ts'

export const standings = [
  'free',
  'booked',
  'kept',
  'canceled',
  'busy',
  'closed',
  'paused',
  'unavailable',
] as const
export const seriesStatuses = ['active', 'ended'] as const
export const seriesChangeKinds = [
  'booked',
  'changed',
  'canceled',
  'paused',
  'resumed',
  'zone_changed',
] as const
const resources = ['clinician', 'room', 'client', 'unspecified'] as const

const example = {
  ...exampleIds,
  pause: '019c0000-0000-7000-8000-0000000000fa',
  change: '019c0000-0000-7000-8000-0000000000fb',
}

const agreed = {
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

const onClosedDays = OneOf(['leave_out', 'book'] as const, {
  description:
    'What becomes of dates on which the practice or the location has a holiday, or the clinician is off; they are left out where nothing is said.',
  examples: ['leave_out'],
})
const onClash = OneOf(['refuse', 'leave_out'] as const, {
  description:
    'When somebody or something is taken on one of the dates: `refuse` does nothing at all, `leave_out` does the rest and says which dates it left. `refuse` where nothing is said.',
  examples: ['refuse'],
})
const reason = { reasonCode, by, note: Type.Optional(note) }

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

const dateExample = {
  date: '2026-12-01',
  originalStartsAt: '2026-12-02T02:00:00.000Z',
  localStart: '2026-12-01T18:00:00-08:00',
  startsAt: '2026-12-02T02:00:00.000Z',
  endsAt: '2026-12-02T02:50:00.000Z',
  standing: 'booked',
  exception: false,
  appointmentId: example.appointment,
  appointmentStatus: 'scheduled',
  resource: null,
  clashesWithId: null,
}

export const SeriesDate = component(
  'SeriesDate',
  strictObject(
    {
      date: CalendarDate(
        'The date that the rule gave. It names this occurrence of the series.',
        '2026-12-01',
      ),
      originalStartsAt: Instant('When the session starts by the rule.', '2026-12-02T02:00:00.000Z'),
      localStart: Type.String({
        description: '`originalStartsAt` on the clock of the place, with the offset that holds then.',
        examples: ['2026-12-01T18:00:00-08:00'],
      }),
      startsAt: Instant(
        'When it starts now; another time than by the rule where it was moved by itself.',
        '2026-12-02T02:00:00.000Z',
      ),
      endsAt: Instant('When it ends now.', '2026-12-02T02:50:00.000Z'),
      standing: OneOf(standings, {
        description:
          '`free` (in a preview): would be booked or moved. `booked`: has its appointment. `kept`: has an appointment that this change left as it is. `canceled`: its appointment is. Left out because somebody or something is taken (`busy`), of a holiday or time off (`closed`), of a pause (`paused`), or because clinician, service, place or chart took no sessions when the job came to it (`unavailable`).',
        examples: ['booked'],
      }),
      exception: Type.Boolean({
        description: 'Whether it was moved by itself: changes of the series leave it as it is.',
      }),
      appointmentId: Nullable(Id('Its appointment, if there is one that may be seen.', example.appointment)),
      appointmentStatus: Nullable(OneOf(appointmentStatuses)),
      resource: Nullable(
        OneOf(resources, {
          description:
            'Where it is `busy`, in a preview or the answer of a change: what is taken, as for `resource-busy`.',
        }),
      ),
      clashesWithId: Nullable(Id('The appointment that is there, if it may be seen.', example.appointment)),
    },
    { description: 'One date of a series.', examples: [dateExample] },
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

export const SeriesChange = component(
  'AppointmentSeriesChange',
  Type.Partial(
    strictObject({
      from: CalendarDate(
        'The date of the first occurrence to change; all to come when left out.',
        '2027-02-02',
      ),
      ...place,
      ...agreed,
      durationMinutes,
      onClosedDays,
      onClash,
      reasonCode,
      by,
      note,
      dualRoleReason,
    }),
    {
      additionalProperties: false,
      minProperties: 1,
      description:
        'What is agreed from now on; what is left out stays. With a `rule` and no `firstOn` the new rule begins at `from`.',
      examples: [{ from: '2027-02-02', time: '17:00', reasonCode: 'schedule_conflict', by: 'client' }],
    },
  ),
)

export const SeriesCancellation = component(
  'SeriesCancellation',
  strictObject(
    {
      from: Type.Optional(
        CalendarDate('The date of the first occurrence to cancel; all to come when left out.', '2027-06-01'),
      ),
      ...reason,
    },
    {
      description: 'Who ends a series, from when, and why.',
      examples: [{ from: '2027-06-01', reasonCode: 'not_needed', by: 'client' }],
    },
  ),
)

export const NewSeriesPause = component(
  'NewSeriesPause',
  strictObject(
    {
      from: CalendarDate('First day without sessions.', '2026-12-21'),
      until: CalendarDate('Last day without sessions.', '2027-01-03'),
      ...reason,
    },
    {
      description: 'Days on which there are to be no sessions, and why.',
      examples: [{ from: '2026-12-21', until: '2027-01-03', reasonCode: 'travel', by: 'client' }],
    },
  ),
)

export const SeriesStep = component(
  'SeriesStep',
  strictObject(
    {
      id: Id('This step.', example.change),
      seriesVersion: Version,
      kind: OneOf(seriesChangeKinds, {
        description: '`zone_changed`: the rules of the time zone changed, and dates to come were moved.',
        examples: ['changed'],
      }),
      from: CalendarDate('The first date that it was about.', '2027-02-02'),
      recordedById: Nullable(
        Id('The staff member who did it; null for an API client or a job.', example.clinician),
      ),
      ...place,
      ...agreed,
      durationMinutes,
      booked: Type.Integer({ minimum: 0, description: 'Appointments that it booked.', examples: [0] }),
      moved: Type.Integer({ minimum: 0, description: 'Appointments that it moved.', examples: [44] }),
      canceled: Type.Integer({ minimum: 0, description: 'Appointments that it canceled.', examples: [0] }),
      leftOut: Type.Integer({ minimum: 0, description: 'Dates that it left out.', examples: [1] }),
      reasonCode: Nullable(reasonCode),
      by: Nullable(by),
      note: Nullable(note),
      createdAt: Instant('When it was recorded.'),
    },
    {
      description: 'One step in the life of a series, with what held for the dates to come after it.',
      examples: [
        {
          id: example.change,
          seriesVersion: 2,
          kind: 'changed',
          from: '2027-02-02',
          recordedById: example.clinician,
          clinicianId: example.clinician,
          mode: 'in_person',
          locationId: example.location,
          roomId: example.room,
          rule: 'FREQ=WEEKLY;BYDAY=TU',
          firstOn: '2026-12-01',
          time: '17:00',
          durationMinutes: 50,
          booked: 0,
          moved: 44,
          canceled: 0,
          leftOut: 1,
          reasonCode: 'schedule_conflict',
          by: 'client',
          note: null,
          createdAt: '2026-11-21T17:00:00.000Z',
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
export const SeriesDateQuery = strictObject({
  ...PageQuery,
  from: Type.Optional(CalendarDate('Dates of the rule from this one on; all when left out.', '2026-01-01')),
})
export const SeriesStepQuery = strictObject(PageQuery)

export const SeriesPage = listOf('AppointmentSeriesPage', AppointmentSeries)
export const SeriesDatePage = listOf('SeriesDatePage', SeriesDate)
export const SeriesStepPage = listOf('SeriesStepPage', SeriesStep)

export type AppointmentSeries = Static<typeof AppointmentSeries>
export type SeriesDate = Static<typeof SeriesDate>
export type SeriesPlan = Static<typeof SeriesPlan>
export type SeriesPreview = Static<typeof SeriesPreview>
export type NewAppointmentSeries = Static<typeof NewAppointmentSeries>
export type SeriesChange = Static<typeof SeriesChange>
export type SeriesCancellation = Static<typeof SeriesCancellation>
export type NewSeriesPause = Static<typeof NewSeriesPause>
export type SeriesStep = Static<typeof SeriesStep>
export type SeriesQuery = Static<typeof SeriesQuery>
export type SeriesDateQuery = Static<typeof SeriesDateQuery>
export type SeriesStepQuery = Static<typeof SeriesStepQuery>
export type Standing = (typeof standings)[number]
export type SeriesChangeKind = (typeof seriesChangeKinds)[number]
