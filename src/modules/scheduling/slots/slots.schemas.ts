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
} from '../../../lib/schemas.ts'
import { ClockEnd, ClockTime, Features, Weekday } from '../../practice/index.ts'

const example = {
  service: '019c0000-0000-7000-8000-0000000000a7',
  client: '019c0000-0000-7000-8000-0000000000b1',
  couple: '019c0000-0000-7000-8000-0000000000b7',
  clinician: '019c0000-0000-7000-8000-0000000000e1',
  location: '019c0000-0000-7000-8000-0000000000a1',
  room: '019c0000-0000-7000-8000-0000000000a4',
}

function OneOfNumbers<const T extends readonly number[]>(numbers: T, options: Record<string, unknown>) {
  return Type.Unsafe<T[number]>({ type: 'integer', enum: [...numbers], ...options })
}

const { scheduling } = limits
const ids = (description: string, shown: string, maxItems: number) =>
  Type.Array(Id(description, shown), { minItems: 1, maxItems, uniqueItems: true })

/** What is looked for, whatever the pattern in time. */
const wanted = {
  serviceId: Id('What is to be given. Its buffers are kept free.', example.service),
  durationMinutes: Type.Optional(
    Type.Integer({
      minimum: 5,
      maximum: 1440,
      description: 'Length without buffers; that of the service when left out.',
      examples: [50],
    }),
  ),
  mode: OneOf(['in_person', 'telehealth'], {
    description: 'One of the modes of the service.',
    examples: ['in_person'],
  }),
  clientId: Type.Optional(
    Id('For whom, if that is known: slots leave out the hours this client has already.', example.client),
  ),
  coupleId: Type.Optional(Id('For which couple: both have to be free. This or `clientId`.', example.couple)),
  clinicianIds: Type.Optional({
    ...ids('A clinician to be considered.', example.clinician, scheduling.searchClinicians),
    description: 'Who is considered; everybody who may give the service when left out.',
  }),
  together: Type.Optional(
    Type.Boolean({
      description: `All of \`clinicianIds\` (at most ${scheduling.together}) give it together; otherwise any one of them.`,
    }),
  ),
  locationIds: Type.Optional({
    ...ids('A location to be considered.', example.location, 50),
    description: 'In person only; everywhere the service is given when left out.',
  }),
  roomIds: Type.Optional({
    ...ids('A room to be considered.', example.room, 50),
    description: 'In person only; any room that is large enough and has what is needed when left out.',
  }),
  roomFeatures: Type.Optional(Features('What the room must have beside what the service asks for.')),
  withoutRoom: Type.Optional(
    Type.Boolean({ description: 'In person without reserving a room, for instance outdoors.' }),
  ),
}

const range = {
  from: CalendarDate('First day, as the place counts its days.', '2026-12-01'),
  until: CalendarDate(`Last day; at most ${scheduling.searchDays} days.`, '2026-12-14'),
}

const wishes = {
  weekdays: Type.Optional(
    Type.Array(Weekday, {
      minItems: 1,
      maxItems: 7,
      uniqueItems: true,
      description: 'Only on these days of the week.',
      examples: [[2, 4]],
    }),
  ),
  earliest: Type.Optional(ClockTime('Starts no earlier, on the clock of the place.', '08:00')),
  latest: Type.Optional(ClockEnd('Ends no later, on the clock of the place.', '20:00')),
  gridMinutes: Type.Optional(
    OneOfNumbers([5, 10, 15, 20, 30, 60], {
      default: 15,
      description: 'Slots start at multiples of this on the wall clock.',
      examples: [15],
    }),
  ),
}

const limit = (most: number, description: string) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum: most, default: 50, description, examples: [20] }))

const setting = {
  clinicianIds: Type.Array(Id('A clinician who gives it.', example.clinician)),
  locationId: Nullable(Id('Where; null for telehealth.', example.location)),
  timeZone: TimeZone('The zone of the location; of the practice for telehealth.'),
}

const roomId = Nullable(
  Id('A room that is free, the smallest that does; null where none is needed.', example.room),
)

const slotExample = {
  clinicianIds: [example.clinician],
  locationId: example.location,
  timeZone: 'America/Los_Angeles',
  roomId: example.room,
  startsAt: '2026-12-01T17:00:00.000Z',
  endsAt: '2026-12-01T17:50:00.000Z',
  localStart: '2026-12-01T09:00:00-08:00',
}

export const Slot = component(
  'Slot',
  strictObject(
    {
      ...setting,
      roomId,
      startsAt: Instant('When it starts.', '2026-12-01T17:00:00.000Z'),
      endsAt: Instant('When it ends.', '2026-12-01T17:50:00.000Z'),
      localStart: Type.String({
        description: 'The start on the wall clock of `timeZone`, with the offset that holds then.',
        examples: ['2026-12-01T09:00:00-08:00'],
      }),
    },
    {
      description: 'A time that can be booked, unless somebody is faster.',
      examples: [slotExample],
    },
  ),
)

export const SlotSearch = component(
  'SlotSearch',
  strictObject(
    {
      ...wanted,
      ...range,
      ...wishes,
      order: Type.Optional(
        OneOf(['first_available', 'spread_out'], {
          default: 'first_available',
          description:
            '`first_available` gives the next slots. `spread_out` gives a choice: round by round each day gives its first slot, its last, and then the one farthest from those it gave.',
          examples: ['first_available'],
        }),
      ),
      limit: limit(scheduling.slots, 'Most slots to return.'),
    },
    {
      description: 'What is to be given, to whom, by whom, where and about when.',
      examples: [
        {
          serviceId: example.service,
          mode: 'in_person',
          clientId: example.client,
          from: '2026-12-01',
          until: '2026-12-14',
          weekdays: [2, 4],
          earliest: '08:00',
          latest: '20:00',
        },
      ],
    },
  ),
)

export const SlotList = component(
  'SlotList',
  strictObject(
    { slots: Type.Array(Slot, { description: 'By start.' }) },
    { description: 'Slots that are free now.', examples: [{ slots: [slotExample] }] },
  ),
)

export const WeeklySearch = component(
  'WeeklySearch',
  strictObject(
    {
      ...wanted,
      firstOn: CalendarDate('The first of the dates; its weekday is that of all.', '2026-12-01'),
      time: ClockTime('The time on the clock of the place.', '18:00'),
      weeks: Type.Integer({
        minimum: 1,
        maximum: scheduling.searchWeeks,
        description: 'How many dates.',
        examples: [12],
      }),
      everyWeeks: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: 8,
          default: 1,
          description: '2 is every other week.',
          examples: [1],
        }),
      ),
      limit: limit(50, 'Most options to return.'),
    },
    {
      description: 'One time of the week, over many weeks.',
      examples: [
        {
          serviceId: example.service,
          mode: 'in_person',
          clientId: example.client,
          firstOn: '2026-12-01',
          time: '18:00',
          weeks: 12,
        },
      ],
    },
  ),
)

const WeeklyDate = component(
  'WeeklyDate',
  strictObject(
    {
      date: CalendarDate('The day.', '2026-12-01'),
      startsAt: Instant('When it would start.', '2026-12-02T02:00:00.000Z'),
      fits: Type.Boolean({ description: 'Whether it can be had. Why not is not said.' }),
      roomId,
    },
    {
      description: 'One date of many.',
      examples: [
        { date: '2026-12-01', startsAt: '2026-12-02T02:00:00.000Z', fits: true, roomId: example.room },
      ],
    },
  ),
)

export const WeeklyOptions = component(
  'WeeklyOptions',
  strictObject(
    {
      options: Type.Array(
        strictObject({
          ...setting,
          fitting: Type.Integer({ description: 'How many of the dates can be had.', examples: [12] }),
          dates: Type.Array(WeeklyDate),
        }),
        { description: 'Those that fit most often first; who fits on no date is left out.' },
      ),
    },
    {
      description: 'Who could give it each week, and on which dates not.',
      examples: [
        {
          options: [
            {
              clinicianIds: [example.clinician],
              locationId: example.location,
              timeZone: 'America/Los_Angeles',
              fitting: 1,
              dates: [
                {
                  date: '2026-12-01',
                  startsAt: '2026-12-02T02:00:00.000Z',
                  fits: true,
                  roomId: example.room,
                },
              ],
            },
          ],
        },
      ],
    },
  ),
)

export const DaysSearch = component(
  'ConsecutiveDaysSearch',
  strictObject(
    {
      ...wanted,
      ...range,
      ...wishes,
      days: Type.Integer({ minimum: 2, maximum: 14, description: 'How many days in a row.', examples: [3] }),
      atOneTime: Type.Optional(
        Type.Boolean({ description: 'Every day starts at the same time on the wall clock.' }),
      ),
      limit: limit(50, 'Most runs to return.'),
    },
    {
      description: 'Some days in a row, for instance for an intensive.',
      examples: [
        {
          serviceId: example.service,
          mode: 'in_person',
          durationMinutes: 180,
          from: '2026-12-01',
          until: '2026-12-14',
          days: 3,
          atOneTime: true,
        },
      ],
    },
  ),
)

export const DaysOptions = component(
  'ConsecutiveDaysOptions',
  strictObject(
    {
      runs: Type.Array(
        strictObject({
          firstOn: CalendarDate('The first day.', '2026-12-01'),
          slots: Type.Array(Slot, { description: 'One for each day, the earliest that can be had.' }),
        }),
        { description: 'By first day.' },
      ),
    },
    {
      description: 'Days in a row with the same clinicians at the same place.',
      examples: [{ runs: [{ firstOn: '2026-12-01', slots: [slotExample] }] }],
    },
  ),
)

export type SlotSearch = Static<typeof SlotSearch>
export type WeeklySearch = Static<typeof WeeklySearch>
export type DaysSearch = Static<typeof DaysSearch>
export type SlotAnswer = Static<typeof Slot>
export type WeeklyAnswer = Static<typeof WeeklyOptions>
export type DaysAnswer = Static<typeof DaysOptions>
/** What all three questions ask for. */
export type SlotWishes = Omit<SlotSearch, 'from' | 'until' | 'order' | 'limit' | keyof typeof wishes>
