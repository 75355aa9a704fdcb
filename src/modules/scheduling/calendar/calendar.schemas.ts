import { type Static, Type } from 'typebox'
import { limits } from '../../../lib/limits.ts'
import {
  CalendarDate,
  component,
  Id,
  Instant,
  Nullable,
  OneOf,
  strictObject,
  TimeZone,
  Version,
} from '../../../lib/schemas.ts'

const { calendarColumns, calendarDays } = limits.scheduling

const example = {
  entry: '019c0000-0000-7000-8000-0000000000d1',
  chart: '019c0000-0000-7000-8000-0000000000c1',
  service: '019c0000-0000-7000-8000-0000000000a7',
  clinician: '019c0000-0000-7000-8000-0000000000e1',
  location: '019c0000-0000-7000-8000-0000000000a1',
  room: '019c0000-0000-7000-8000-0000000000a4',
  whole: '019c0000-0000-7000-8000-0000000000f6',
}

export const CalendarQuery = strictObject({
  from: CalendarDate('First day.', '2026-11-23'),
  until: CalendarDate(`Last day; at most ${calendarDays} days.`, '2026-11-29'),
  clinicianIds: Type.Optional(
    Type.Array(Id('A clinician whose calendar is shown.', example.clinician), {
      maxItems: calendarColumns,
      uniqueItems: true,
      description:
        'Whose calendars are shown, the name once for each; everybody who gives sessions when neither clinicians nor rooms are named.',
      examples: [[example.clinician]],
    }),
  ),
  roomIds: Type.Optional(
    Type.Array(Id('A room whose calendar is shown.', example.room), {
      maxItems: calendarColumns,
      uniqueItems: true,
      description: 'The rooms that are shown, the name once for each.',
      examples: [[example.room]],
    }),
  ),
  timeZone: Type.Optional(
    TimeZone('The zone in which days are counted and wall clocks are shown; the practice’s when left out.'),
  ),
})

const wallClock = (description: string, shown: string) =>
  Type.String({
    description: `${description} On the wall clock of the calendar’s zone.`,
    examples: [shown],
  })

const span = {
  startsAt: Instant('When it starts.', '2026-11-23T16:00:00.000Z'),
  endsAt: Instant('When it ends.', '2026-11-23T16:50:00.000Z'),
  localStart: wallClock('When it starts.', '2026-11-23T08:00'),
  localEnd: wallClock('When it ends.', '2026-11-23T08:50'),
}

const spanExample = {
  startsAt: '2026-11-23T16:00:00.000Z',
  endsAt: '2026-11-23T16:50:00.000Z',
  localStart: '2026-11-23T08:00',
  localEnd: '2026-11-23T08:50',
}

const entryExample = {
  kind: 'appointment',
  id: example.entry,
  ...spanExample,
  timeZone: 'America/Los_Angeles',
  displayName: 'Robin Example',
  chartId: example.chart,
  partOf: null,
  serviceId: example.service,
  clinicianIds: [example.clinician],
  mode: 'in_person',
  locationId: example.location,
  roomId: example.room,
  status: 'scheduled',
  overbooked: false,
  version: 1,
} as const

export const CalendarEntry = component(
  'CalendarEntry',
  strictObject(
    {
      kind: OneOf(['appointment', 'intensive_block', 'group_session'], {
        description: 'What takes the time.',
      }),
      id: Id('The appointment, the block of an intensive, or the session of a group.', example.entry),
      ...span,
      timeZone: TimeZone('Its own zone: of the location; of the practice for telehealth.'),
      displayName: Nullable(
        Type.String({
          description:
            'Whom it is for, or what the group is called. Null for a caller who may not read clients, or couples.',
        }),
      ),
      chartId: Id('The chart it belongs to.', example.chart),
      partOf: Nullable(
        strictObject(
          {
            kind: OneOf(['series', 'intensive', 'group']),
            id: Id('The series, intensive or group.', example.whole),
          },
          { description: 'What it is a part of; null for an appointment that stands by itself.' },
        ),
      ),
      serviceId: Id('What is given.', example.service),
      clinicianIds: Type.Array(Id('Who gives it.', example.clinician)),
      mode: OneOf(['in_person', 'telehealth']),
      locationId: Nullable(Id('Where; null for telehealth.', example.location)),
      roomId: Nullable(Id('The room. Null for billers.', example.room)),
      status: Type.String({
        description: 'How it stands, in the words of what it is.',
        examples: ['scheduled'],
      }),
      overbooked: Type.Boolean({ description: 'Booked on purpose although somebody or the room was taken.' }),
      version: Version,
    },
    { description: 'What the caller may see of what is booked.', examples: [entryExample] },
  ),
)

const CalendarSpan = component(
  'CalendarSpan',
  strictObject(
    {
      clinicianId: Nullable(Id('Of which clinician; null where it is of a room.', example.clinician)),
      roomId: Nullable(Id('Of which room; null where it is of a clinician.', example.room)),
      ...span,
    },
    {
      description: 'Some time of a clinician or of a room.',
      examples: [{ clinicianId: example.clinician, roomId: null, ...spanExample }],
    },
  ),
)

export const Calendar = component(
  'Calendar',
  strictObject(
    {
      timeZone: TimeZone('The zone in which its days are counted.'),
      startsAt: Instant('When its first day begins.', '2026-11-23T08:00:00.000Z'),
      endsAt: Instant('When its last day ends.', '2026-11-30T08:00:00.000Z'),
      clinicianIds: Type.Array(Id('A clinician who is shown.', example.clinician)),
      roomIds: Type.Array(Id('A room that is shown.', example.room)),
      entries: Type.Array(CalendarEntry, {
        description: 'What the caller may see, each once, by start; what was canceled is left out.',
      }),
      busy: Type.Array(CalendarSpan, {
        description:
          'Time that is taken by what the caller may not see, and by holds, with the buffers. Joined where it touches: it does not say of how many.',
      }),
      working: Type.Array(CalendarSpan, {
        description:
          'When clinicians work: weekly and extra hours without time off and holidays. Empty without `staff:read`.',
      }),
    },
    {
      description: 'Some days of clinicians and rooms.',
      examples: [
        {
          timeZone: 'America/Los_Angeles',
          startsAt: '2026-11-23T08:00:00.000Z',
          endsAt: '2026-11-30T08:00:00.000Z',
          clinicianIds: [example.clinician],
          roomIds: [example.room],
          entries: [entryExample],
          busy: [],
          working: [
            {
              clinicianId: example.clinician,
              roomId: null,
              startsAt: '2026-11-23T16:00:00.000Z',
              endsAt: '2026-11-24T01:00:00.000Z',
              localStart: '2026-11-23T08:00',
              localEnd: '2026-11-23T17:00',
            },
          ],
        },
      ],
    },
  ),
)

export type CalendarQuery = Static<typeof CalendarQuery>
export type CalendarEntry = Static<typeof CalendarEntry>
export type CalendarSpan = Static<typeof CalendarSpan>
export type Calendar = Static<typeof Calendar>
