import fc from 'fast-check'
import t from 'tap'
import { Temporal } from 'temporal-polyfill'
import type { CalendarException, WorkingSpan } from '../../src/modules/scheduling/slots/free-time.rules.ts'
import { localCalendar } from '../../src/modules/scheduling/slots/local-calendar.ts'
import {
  consecutiveDays,
  firstSlots,
  spreadSlots,
  weeklyOptions,
} from '../../src/modules/scheduling/slots/patterns.rules.ts'
import type { Grid, Slot, SlotSupply, Wanted } from '../../src/modules/scheduling/slots/slot-supply.ts'
import { covers, merged, type Span, touches, without } from '../../src/modules/scheduling/slots/spans.ts'

const ms = (text: string) => Temporal.Instant.from(text).epochMilliseconds
const iso = (instant: number) => new Date(instant).toISOString().slice(0, 16)

t.test('times are joined, taken away and looked up like sets of minutes', async t => {
  const span = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 }))
  const spans = fc.array(span, { maxLength: 6 })
  const minutesOf = (list: readonly Span[]) =>
    Array.from({ length: 60 }, (_, minute) => list.some(([from, to]) => from <= minute && minute < to))
  fc.assert(
    fc.property(spans, spans, span, (some, others, [start, end]) => {
      const [a, b] = [merged(some), merged(others)]
      t.same(minutesOf(a), minutesOf(some))
      const left = minutesOf(some).map((is, minute) => is && !minutesOf(others)[minute])
      t.same(minutesOf(without(a, b)), left)
      if (start >= end) return
      const inside = minutesOf(some).slice(start, end)
      t.equal(covers(a, start, end), inside.every(Boolean))
      t.equal(touches(a, start, end), inside.some(Boolean))
    }),
    { numRuns: 100 },
  )
})

t.test('wall-clock time becomes an instant by the zone of its day', async t => {
  const table: [zone: string, date: string, time: number, instant: string, exists: boolean][] = [
    ['America/New_York', '2026-03-08', 90, '2026-03-08T06:30', true],
    ['America/New_York', '2026-03-08', 150, '2026-03-08T07:30', false],
    ['America/New_York', '2026-03-08', 600, '2026-03-08T14:00', true],
    ['America/New_York', '2026-11-01', 90, '2026-11-01T05:30', true],
    ['America/New_York', '2026-11-01', 180, '2026-11-01T08:00', true],
    ['America/Los_Angeles', '2026-03-08', 120, '2026-03-08T10:00', false],
    ['America/Los_Angeles', '2026-03-09', 120, '2026-03-09T09:00', true],
    ['America/Phoenix', '2026-03-08', 150, '2026-03-08T09:30', true],
    ['Europe/London', '2026-03-29', 90, '2026-03-29T01:30', false],
    ['Europe/London', '2026-10-25', 90, '2026-10-25T00:30', true],
    ['Australia/Lord_Howe', '2026-10-04', 135, '2026-10-03T15:45', false],
    ['Australia/Lord_Howe', '2026-10-04', 165, '2026-10-03T15:45', true],
    ['Australia/Lord_Howe', '2026-04-05', 105, '2026-04-04T14:45', true],
    ['America/Santiago', '2026-09-06', 0, '2026-09-06T04:00', false],
    ['America/New_York', '2026-03-08', 1440, '2026-03-09T04:00', true],
  ]
  for (const [zone, date, minute, instant, exists] of table) {
    const calendar = localCalendar(zone)
    t.equal(iso(calendar.at(date, minute)), instant, `${zone} ${date} ${minute}`)
    t.equal(calendar.existing(date, minute) !== undefined, exists, `${zone} ${date} ${minute} exists`)
  }
})

const here = 'America/New_York'
const span = (weekday: number, from: number, to: number, more: Partial<WorkingSpan> = {}): WorkingSpan => ({
  weekday,
  startsMinute: from * 60,
  endsMinute: to * 60,
  locationId: 'harbor',
  telehealth: false,
  ...more,
})

const supplyOf = (more: Partial<SlotSupply>): SlotSupply => ({
  practiceZone: here,
  locations: [
    { id: 'harbor', timeZone: here },
    { id: 'dune', timeZone: 'America/Phoenix' },
  ],
  hours: [
    hoursOf(
      'ann',
      [1, 2, 3, 4, 5].map(day => span(day, 9, 12)),
    ),
  ],
  exceptions: [],
  clinicianIds: ['ann'],
  credentials: null,
  rooms: [],
  busy: [],
  elsewhere: [],
  travelTimes: [],
  ...more,
})

const hoursOf = (staffId: string, spans: readonly WorkingSpan[], more: object = {}) => ({
  id: `${staffId} hours`,
  staffId,
  effectiveFrom: '2026-01-01',
  mostSessionsPerDay: null,
  minimumNoticeMinutes: 0,
  spans,
  ...more,
})

const wanted: Wanted = {
  minutes: 60,
  bufferBefore: 0,
  bufferAfter: 0,
  clientIds: [],
  together: false,
  places: ['harbor'],
  needsRoom: false,
  now: ms('2026-01-01T00:00Z'),
}

const grid: Grid = {
  from: '2026-06-01',
  until: '2026-06-01',
  gridMinutes: 60,
  weekdays: [1, 2, 3, 4, 5, 6, 7],
  earliest: 0,
  latest: 1440,
}

const starts = (slots: readonly Slot[]) => slots.map(({ start }) => iso(start))
const search = (supply: Partial<SlotSupply>, want: Partial<Wanted> = {}, on: Partial<Grid> = {}) =>
  firstSlots(supplyOf(supply), { ...wanted, ...want }, { ...grid, ...on }, 100)

t.test('a session lies in the weekly hours, and its buffers where nothing else is', async t => {
  t.same(starts(search({})), ['2026-06-01T13:00', '2026-06-01T14:00', '2026-06-01T15:00'])
  const busy = [{ resourceId: 'ann', start: ms('2026-06-01T14:00Z'), end: ms('2026-06-01T15:00Z') }]
  t.same(starts(search({ busy })), ['2026-06-01T13:00', '2026-06-01T15:00'])
  t.same(starts(search({ busy }, { bufferBefore: 10 })), ['2026-06-01T13:00'])
  t.same(starts(search({ busy }, { bufferAfter: 10 })), ['2026-06-01T15:00'])
})

t.test('a busy client leaves no slot, whoever is free', async t => {
  const busy = [{ resourceId: 'casey', start: ms('2026-06-01T13:30Z'), end: ms('2026-06-01T14:30Z') }]
  t.same(starts(search({ busy }, { clientIds: ['casey'] })), ['2026-06-01T15:00'])
})

t.test('a new week follows the old one from its day on, and the one entered last counts', async t => {
  const hours = [
    hoursOf('ann', [span(1, 9, 12)]),
    hoursOf('ann', [span(1, 18, 20)], { id: 'b', effectiveFrom: '2026-06-08' }),
    hoursOf('ann', [span(1, 16, 17)], { id: 'a', effectiveFrom: '2026-06-08' }),
  ]
  const found = starts(search({ hours }, {}, { until: '2026-06-15' }))
  t.same(found, [
    '2026-06-01T13:00',
    '2026-06-01T14:00',
    '2026-06-01T15:00',
    '2026-06-08T22:00',
    '2026-06-08T23:00',
    '2026-06-15T22:00',
    '2026-06-15T23:00',
  ])
})

const exception = (
  kind: CalendarException['kind'],
  from: [string, number],
  to: [string, number],
  more: Partial<CalendarException> = {},
): CalendarException => ({
  kind,
  staffId: kind === 'holiday' ? null : 'ann',
  locationId: null,
  telehealth: false,
  startsOn: from[0],
  startsMinute: from[1] * 60,
  endsOn: to[0],
  endsMinute: to[1] * 60,
  ...more,
})

t.test('time off and holidays take away, extra hours add', async t => {
  const exceptions = [
    exception('time_off', ['2026-06-01', 10], ['2026-06-01', 11]),
    exception('holiday', ['2026-06-02', 0], ['2026-06-02', 24]),
    exception('holiday', ['2026-06-03', 0], ['2026-06-03', 24], { locationId: 'dune' }),
    exception('extra_hours', ['2026-06-06', 8], ['2026-06-06', 9], { locationId: 'harbor' }),
  ]
  t.same(starts(search({ exceptions }, {}, { until: '2026-06-07' })), [
    '2026-06-01T13:00',
    '2026-06-01T15:00',
    '2026-06-03T13:00',
    '2026-06-03T14:00',
    '2026-06-03T15:00',
    '2026-06-04T13:00',
    '2026-06-04T14:00',
    '2026-06-04T15:00',
    '2026-06-05T13:00',
    '2026-06-05T14:00',
    '2026-06-05T15:00',
    '2026-06-06T12:00',
  ])
})

t.test('the way from another place takes its time, there and back', async t => {
  const session = { resourceId: 'ann', start: ms('2026-06-01T14:00Z'), end: ms('2026-06-01T14:15Z') }
  const supply = {
    busy: [session],
    elsewhere: [{ ...session, locationId: 'dune' }],
    travelTimes: [{ between: ['dune', 'harbor'] as const, minutes: 30 }],
  }
  t.same(starts(search(supply)), ['2026-06-01T15:00'], 'an hour before it would end too late to get there')
  const near = { ...supply, elsewhere: [{ ...session, locationId: 'harbor' }] }
  t.same(starts(search(near)), ['2026-06-01T13:00', '2026-06-01T15:00'])
})

t.test('a full day, too short a notice and a credential that runs out leave no slot', async t => {
  const busy = [{ resourceId: 'ann', start: ms('2026-06-01T20:00Z'), end: ms('2026-06-01T21:00Z') }]
  const limited = (more: object) => [
    hoursOf(
      'ann',
      [1, 2, 3].map(day => span(day, 9, 10)),
      more,
    ),
  ]
  const three = { until: '2026-06-03' }
  t.same(starts(search({ busy, hours: limited({ mostSessionsPerDay: 1 }) }, {}, three)), [
    '2026-06-02T13:00',
    '2026-06-03T13:00',
  ])
  const now = ms('2026-05-31T13:00Z')
  t.same(starts(search({ hours: limited({ minimumNoticeMinutes: 2880 }) }, { now }, three)), [
    '2026-06-02T13:00',
    '2026-06-03T13:00',
  ])
  const credentials = [{ staffId: 'ann', from: '2026-06-02', until: '2026-06-02' }]
  t.same(starts(search({ credentials, hours: limited({}) }, {}, three)), ['2026-06-02T13:00'])
})

t.test('a room is open, free with the buffers, and the first that is', async t => {
  const rooms = [
    {
      id: 'small',
      locationId: 'harbor',
      openingHours: [{ weekday: 1, startsMinute: 600, endsMinute: 1440 }],
    },
    { id: 'large', locationId: 'harbor', openingHours: null },
    { id: 'far', locationId: 'dune', openingHours: null },
  ]
  const busy = [{ resourceId: 'small', start: ms('2026-06-01T15:00Z'), end: ms('2026-06-01T16:00Z') }]
  const found = search({ rooms, busy }, { needsRoom: true })
  t.same(
    found.map(({ roomId }) => roomId),
    ['large', 'small', 'large'],
  )
  const gone = search({ rooms: rooms.slice(0, 1), busy }, { needsRoom: true, bufferAfter: 5 })
  t.same(starts(gone), [], 'the only one opens too late, and is then needed too soon')
})

t.test('together means everybody at one place; otherwise each by themselves', async t => {
  const supply = {
    clinicianIds: ['ann', 'bea'],
    hours: [hoursOf('ann', [span(1, 9, 11)]), hoursOf('bea', [span(1, 10, 12)])],
  }
  const each = search(supply)
  t.same(
    each.map(({ clinicianIds: [id], start }) => `${id} ${iso(start).slice(11)}`),
    ['ann 13:00', 'ann 14:00', 'bea 14:00', 'bea 15:00'],
  )
  const both = search(supply, { together: true })
  t.same(starts(both), ['2026-06-01T14:00'])
  t.same(both[0]?.clinicianIds, ['ann', 'bea'])
})

t.test('telehealth is given where the week says so, on the practice’s clock', async t => {
  const hours = [
    hoursOf('ann', [
      span(1, 9, 10),
      span(1, 10, 11, { telehealth: true }),
      span(1, 9, 10, { locationId: 'dune', telehealth: true }),
      span(1, 18, 19, { locationId: null, telehealth: true }),
    ]),
  ]
  const found = search({ hours }, { places: [null] })
  t.same(starts(found), ['2026-06-01T14:00', '2026-06-01T16:00', '2026-06-01T22:00'])
  t.same(new Set(found.map(({ timeZone }) => timeZone)), new Set([here]))
})

t.test('on the days the clocks change hours keep their wall-clock time', async t => {
  const hours = [hoursOf('ann', [span(7, 0, 4), span(7, 9, 10)])]
  const spring = search({ hours }, {}, { from: '2026-03-08', until: '2026-03-08' })
  t.same(
    starts(spring),
    ['2026-03-08T05:00', '2026-03-08T06:00', '2026-03-08T07:00', '2026-03-08T13:00'],
    'two o’clock does not exist',
  )
  const autumn = search({ hours }, {}, { from: '2026-11-01', until: '2026-11-01' })
  t.same(
    starts(autumn),
    ['2026-11-01T04:00', '2026-11-01T05:00', '2026-11-01T07:00', '2026-11-01T08:00', '2026-11-01T14:00'],
    'one o’clock comes twice and is offered once',
  )
})

t.test('spread out: every day first, then the times that are farthest apart', async t => {
  const found = spreadSlots(supplyOf({}), wanted, { ...grid, until: '2026-06-02', gridMinutes: 30 }, 5)
  t.same(starts(found), [
    '2026-06-01T13:00',
    '2026-06-01T14:00',
    '2026-06-01T15:00',
    '2026-06-02T13:00',
    '2026-06-02T15:00',
  ])
})

t.test(
  'every week at one time: which dates fit, over the change of clocks, in one room if it can be',
  async t => {
    const rooms = [
      { id: 'small', locationId: 'harbor', openingHours: null },
      { id: 'large', locationId: 'harbor', openingHours: null },
    ]
    const busy = [
      { resourceId: 'small', start: ms('2026-10-27T22:00Z'), end: ms('2026-10-27T23:00Z') },
      { resourceId: 'ann', start: ms('2026-11-03T23:00Z'), end: ms('2026-11-04T00:00Z') },
    ]
    const hours = [hoursOf('ann', [span(2, 18, 19)]), hoursOf('bea', [span(3, 18, 19)])]
    const supply = supplyOf({ rooms, busy, hours, clinicianIds: ['bea', 'ann'] })
    const question = { from: '2026-10-20', weeks: 4, everyWeeks: 1, minute: 18 * 60 }
    const options = weeklyOptions(supply, { ...wanted, needsRoom: true }, question)
    t.equal(options.length, 1, 'who can never is not offered')
    t.same(
      options[0]?.dates.map(({ start, slot }) => [iso(start), slot?.roomId ?? null]),
      [
        ['2026-10-20T22:00', 'large'],
        ['2026-10-27T22:00', 'large'],
        ['2026-11-03T23:00', null],
        ['2026-11-10T23:00', 'large'],
      ],
    )
  },
)

t.test('days in a row: every day has its slot, at one time of day where that is asked', async t => {
  const exceptions = [exception('time_off', ['2026-06-03', 9], ['2026-06-03', 10])]
  const question = { ...grid, until: '2026-06-07', days: 3, atOneTime: false }
  const runs = consecutiveDays(supplyOf({ exceptions }), wanted, question, 10)
  t.same(
    runs.map(run => starts(run)),
    [
      ['2026-06-01T13:00', '2026-06-02T13:00', '2026-06-03T14:00'],
      ['2026-06-02T13:00', '2026-06-03T14:00', '2026-06-04T13:00'],
      ['2026-06-03T14:00', '2026-06-04T13:00', '2026-06-05T13:00'],
    ],
  )
  const same = consecutiveDays(supplyOf({ exceptions }), wanted, { ...question, atOneTime: true }, 10)
  t.same(starts(same[0] ?? []), ['2026-06-01T14:00', '2026-06-02T14:00', '2026-06-03T14:00'])
})
