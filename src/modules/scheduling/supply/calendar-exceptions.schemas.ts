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
} from '../../../lib/schemas.ts'

export const exceptionKinds = ['time_off', 'extra_hours', 'holiday'] as const

const example = {
  exception: '019c0000-0000-7000-8000-0000000000f7',
  staff: '019c0000-0000-7000-8000-0000000000b1',
  location: '019c0000-0000-7000-8000-0000000000a1',
}

const LocalTime = (description: string, shown: string) =>
  Type.String({
    pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]$',
    description: `${description} A date with a time on the wall clock of each place it touches, without a zone.`,
    examples: [shown],
  })

const fields = {
  kind: OneOf(exceptionKinds, {
    description:
      '`time_off` and `extra_hours` of one clinician; `holiday` closes the practice, or one location.',
  }),
  staffId: Nullable(Id('Whose it is; null for a holiday.', example.staff)),
  locationId: Nullable(
    Id('Where the extra hours are, or which location is closed; null is everywhere.', example.location),
  ),
  telehealth: Type.Boolean({ description: 'Whether telehealth may be offered in the extra hours.' }),
  name: Nullable(Text(80, { description: 'Of a holiday.' })),
  startsAt: LocalTime('From when.', '2026-12-24T12:00'),
  endsAt: LocalTime('Until when.', '2026-12-27T00:00'),
}

export const CalendarException = component(
  'CalendarException',
  strictObject(
    {
      id: Id('The exception.', example.exception),
      ...fields,
      recordedById: Nullable(Id('Who entered it; null for an API client.', example.staff)),
      createdAt: Instant('When it was entered.'),
    },
    {
      description: 'What differs from the weekly hours.',
      examples: [
        {
          id: example.exception,
          kind: 'time_off',
          staffId: example.staff,
          locationId: null,
          telehealth: false,
          name: null,
          startsAt: '2026-12-24T12:00',
          endsAt: '2026-12-27T00:00',
          recordedById: example.staff,
          createdAt: '2026-11-01T17:00:00.000Z',
        },
      ],
    },
  ),
)

export const NewCalendarException = component(
  'NewCalendarException',
  strictObject(
    {
      kind: OneOf(['time_off', 'extra_hours'], { description: 'Which of them.', examples: ['time_off'] }),
      staffId: Id('Whose it is.', example.staff),
      locationId: Type.Optional(Nullable(Id('Where the extra hours are.', example.location))),
      telehealth: Type.Optional(fields.telehealth),
      startsAt: fields.startsAt,
      endsAt: fields.endsAt,
    },
    {
      description: 'Time off or extra hours of a clinician.',
      examples: [
        {
          kind: 'time_off',
          staffId: example.staff,
          startsAt: '2026-12-24T12:00',
          endsAt: '2026-12-27T00:00',
        },
      ],
    },
  ),
)

export const NewHoliday = component(
  'NewHoliday',
  strictObject(
    {
      name: Text(80, { description: 'What is kept.' }),
      locationId: Type.Optional(
        Nullable(Id('Which location is closed; all of them when left out.', example.location)),
      ),
      startsAt: fields.startsAt,
      endsAt: fields.endsAt,
    },
    {
      description: 'Days on which the practice, or one location, is closed.',
      examples: [{ name: 'Founders Day', startsAt: '2026-12-07T00:00', endsAt: '2026-12-08T00:00' }],
    },
  ),
)

export const CalendarExceptionParams = strictObject({
  exceptionId: Id('The exception.', example.exception),
})

export const CalendarExceptionQuery = strictObject({
  ...PageQuery,
  from: CalendarDate('Those that end on this day or later.', '2026-12-01'),
  until: CalendarDate('Those that begin on this day or earlier.', '2026-12-31'),
  staffId: Type.Optional(Id('Only of this clinician; no holidays.', example.staff)),
  kind: Type.Optional(OneOf(exceptionKinds, { description: 'Only these.', examples: ['time_off'] })),
})
export const CalendarExceptionPage = listOf('CalendarExceptionPage', CalendarException)

export type CalendarException = Static<typeof CalendarException>
export type NewCalendarException = Static<typeof NewCalendarException>
export type NewHoliday = Static<typeof NewHoliday>
export type CalendarExceptionQuery = Static<typeof CalendarExceptionQuery>
