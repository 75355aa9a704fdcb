import fc from 'fast-check'
import t from 'tap'
import { Temporal } from 'temporal-polyfill'
import type { CalendarException, WorkingHours } from '../../src/modules/scheduling/slots/free-time.rules.ts'
import { firstSlots, spreadSlots } from '../../src/modules/scheduling/slots/patterns.rules.ts'
import type { Grid, Slot, SlotSupply, Wanted } from '../../src/modules/scheduling/slots/slot-supply.ts'

/**
 * Slot search against somebody who looks at every minute: no sets of times, no calendars that remember, only what each
 * rule says, asked of the clock of the place. The days are those around a change of clocks.
 */

const minuteMs = 60_000
const zones = ['America/New_York', 'America/Phoenix', 'Australia/Lord_Howe'] as const
const days = ['2026-03-07', '2026-03-08', '2026-03-09'] as const
const lordHoweDays = ['2026-04-04', '2026-04-05', '2026-04-06'] as const

const clockIn = (zone: string, instant: number) => {
  const { year, month, day, hour, minute, dayOfWeek } =
    Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone)
  const date = Temporal.PlainDate.from({ year, month, day }).toString()
  return { date, minute: hour * 60 + minute, weekday: dayOfWeek }
}

const bounds = new Map<string, number>()

/** The first instant of a date at which the clock shows this time or a later one. */
function boundIn(zone: string, date: string, minute: number): number {
  const name = `${zone} ${date} ${minute}`
  const known = bounds.get(name)
  if (known !== undefined) return known
  let at = Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds
  for (let clock = clockIn(zone, at); clock.date === date && clock.minute < minute; clock = clockIn(zone, at))
    at += 5 * minuteMs
  bounds.set(name, at)
  return at
}

const zoneOf = ({ locations, practiceZone }: SlotSupply, place: string | null) =>
  locations.find(({ id }) => id === place)?.timeZone ?? practiceZone

const within = (zone: string, instant: number, one: CalendarException) =>
  boundIn(zone, one.startsOn, one.startsMinute) <= instant &&
  instant < boundIn(zone, one.endsOn, one.endsMinute)

const weekOn = (supply: SlotSupply, staffId: string, date: string): WorkingHours | undefined =>
  supply.hours
    .filter(version => version.staffId === staffId && version.effectiveFrom <= date)
    .toSorted((a, b) => (a.effectiveFrom + a.id < b.effectiveFrom + b.id ? 1 : -1))[0]

/** Whether a clinician is there in this minute, coming from one place. */
function isThere(supply: SlotSupply, staffId: string, origin: string | null, instant: number, tele: boolean) {
  const zone = zoneOf(supply, origin)
  const clock = clockIn(zone, instant)
  const { exceptions } = supply
  const weekly = weekOn(supply, staffId, clock.date)?.spans.some(
    span =>
      span.weekday === clock.weekday &&
      span.locationId === origin &&
      (!tele || span.telehealth) &&
      boundIn(zone, clock.date, span.startsMinute) <= instant &&
      instant < boundIn(zone, clock.date, span.endsMinute),
  )
  const extra = exceptions.some(
    one =>
      one.kind === 'extra_hours' &&
      one.staffId === staffId &&
      one.locationId === origin &&
      (!tele || one.telehealth) &&
      within(zone, instant, one),
  )
  const off = exceptions.some(
    one =>
      within(zone, instant, one) &&
      (one.kind === 'time_off'
        ? one.staffId === staffId
        : one.kind === 'holiday' && (one.locationId === null || one.locationId === origin)),
  )
  return (weekly || extra) && !off
}

function isSlot(supply: SlotSupply, wanted: Wanted, clinician: string, place: string | null, start: number) {
  const end = start + wanted.minutes * minuteMs
  const tele = place === null
  const origins = tele ? [null, ...supply.locations.map(({ id }) => id)] : [place]
  for (let at = start; at < end; at += minuteMs)
    if (!origins.some(origin => isThere(supply, clinician, origin, at, tele))) return false
  const { date } = clockIn(zoneOf(supply, place), start)
  const week = weekOn(supply, clinician, date)
  if (start < wanted.now + (week?.minimumNoticeMinutes ?? 0) * minuteMs) return false
  const meets = (other: { start: number; end: number }, extra = 0) =>
    other.start - extra < end + wanted.bufferAfter * minuteMs &&
    start - wanted.bufferBefore * minuteMs < other.end + extra
  const own = supply.busy.filter(({ resourceId }) => resourceId === clinician)
  if (own.some(other => meets(other))) return false
  const far = supply.elsewhere.filter(other => other.resourceId === clinician && other.locationId !== place)
  if (!tele && far.some(other => meets(other, (supply.travelTimes[0]?.minutes ?? 0) * minuteMs))) return false
  const most = week?.mostSessionsPerDay ?? Infinity
  const today = own.filter(other => clockIn(zoneOf(supply, place), other.start).date === date)
  if (today.length >= most) return false
  const clients = supply.busy.filter(({ resourceId }) => wanted.clientIds.includes(resourceId))
  return !clients.some(other => other.start < end && start < other.end)
}

/** The first room of a place that is open in every minute, and taken in none, buffers included. */
function roomFor(supply: SlotSupply, wanted: Wanted, place: string, start: number) {
  const end = start + wanted.minutes * minuteMs
  const zone = zoneOf(supply, place)
  const isOpen = (hours: (typeof supply.rooms)[number]['openingHours'], instant: number) => {
    const { date, weekday } = clockIn(zone, instant)
    return (
      hours === null ||
      hours.some(
        span =>
          span.weekday === weekday &&
          boundIn(zone, date, span.startsMinute) <= instant &&
          instant < boundIn(zone, date, span.endsMinute),
      )
    )
  }
  return supply.rooms.find(({ id, locationId, openingHours }) => {
    if (locationId !== place) return false
    for (let at = start; at < end; at += minuteMs) if (!isOpen(openingHours, at)) return false
    return !supply.busy.some(
      other =>
        other.resourceId === id &&
        other.start < end + wanted.bufferAfter * minuteMs &&
        start - wanted.bufferBefore * minuteMs < other.end,
    )
  })
}

/** Every minute of three days is looked at: those on the grid of the place's clock, the first time that they come. */
function bruteForce(supply: SlotSupply, wanted: Wanted, grid: Grid): string[] {
  const found: string[] = []
  for (const place of wanted.places) {
    const zone = zoneOf(supply, place)
    const first = Temporal.PlainDate.from(grid.from).toZonedDateTime(zone).epochMilliseconds
    const seen = new Set<string>()
    for (let at = first; clockIn(zone, at).date <= grid.until; at += 5 * minuteMs) {
      const clock = clockIn(zone, at)
      const name = `${clock.date} ${clock.minute}`
      if (seen.has(name)) continue
      seen.add(name)
      if (clock.minute % grid.gridMinutes !== 0 || clock.minute < grid.earliest) continue
      const last = clockIn(zone, at + wanted.minutes * minuteMs - minuteMs)
      if (last.date !== clock.date || last.minute >= grid.latest) continue
      for (const clinician of supply.clinicianIds) {
        if (!isSlot(supply, wanted, clinician, place, at)) continue
        const room = wanted.needsRoom && place !== null ? roomFor(supply, wanted, place, at) : null
        if (room !== undefined) found.push(`${at} ${clinician} ${place} ${room?.id ?? null}`)
      }
    }
  }
  return found.sort()
}

const named = (slots: readonly Slot[]) =>
  slots
    .map(({ start, clinicianIds: [id], locationId, roomId }) => `${start} ${id} ${locationId} ${roomId}`)
    .sort()

const quarter = (min: number, max: number) => fc.integer({ min, max }).map(value => value * 15)
const place = fc.constantFrom('harbor', 'dune', null)
const staff = fc.constantFrom('ann', 'bea')

const question = fc.constantFrom(days, lordHoweDays).chain(dates => {
  const date = fc.constantFrom(...dates)
  const span = fc
    .record({
      weekday: fc.constantFrom(6, 7, 1),
      startsMinute: quarter(0, 60),
      length: quarter(4, 40),
      locationId: place,
      telehealth: fc.boolean(),
    })
    .map(({ length, startsMinute, ...rest }) => ({
      ...rest,
      startsMinute,
      endsMinute: Math.min(1440, startsMinute + length),
      telehealth: rest.telehealth || rest.locationId === null,
    }))
  const week = fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    staffId: staff,
    effectiveFrom: fc.constantFrom('2026-01-01', dates[0], dates[1], dates[2]),
    mostSessionsPerDay: fc.constantFrom(null, null, 1, 2),
    minimumNoticeMinutes: fc.constantFrom(0, 0, 90, 1440),
    spans: fc.array(span, { minLength: 2, maxLength: 5 }),
  })
  const exception = fc
    .record({
      kind: fc.constantFrom('time_off' as const, 'extra_hours' as const, 'holiday' as const),
      staffId: staff,
      locationId: place,
      startsOn: date,
      startsMinute: quarter(0, 80),
      length: quarter(2, 60),
    })
    .map(({ length, ...rest }): CalendarException => {
      const endsMinute = Math.min(1440, rest.startsMinute + length)
      const timed = { ...rest, endsOn: rest.startsOn, endsMinute, telehealth: rest.locationId === null }
      if (rest.kind === 'time_off') return { ...timed, locationId: null, telehealth: false }
      return rest.kind === 'holiday' ? { ...timed, staffId: null, telehealth: false } : timed
    })
  const session = fc
    .record({
      resourceId: fc.constantFrom('ann', 'bea', 'casey', 'willow', 'cedar'),
      startDay: date,
      minute: quarter(0, 95),
      minutes: fc.constantFrom(20, 50, 95),
      locationId: fc.constantFrom('harbor', 'dune'),
    })
    .map(({ resourceId, startDay, minute, minutes, locationId }) => {
      const start =
        Temporal.PlainDate.from(startDay).toZonedDateTime('UTC').epochMilliseconds + minute * minuteMs
      return { resourceId, start, end: start + minutes * minuteMs, locationId }
    })
  return fc.record({
    supply: fc.record({
      practiceZone: fc.constantFrom(...zones),
      locations: fc.tuple(fc.constantFrom(...zones), fc.constantFrom(...zones)).map(([harbor, dune]) => [
        { id: 'harbor', timeZone: harbor },
        { id: 'dune', timeZone: dune },
      ]),
      hours: fc.uniqueArray(week, { selector: ({ id }) => id, minLength: 1, maxLength: 4 }),
      exceptions: fc.array(exception, { maxLength: 3 }),
      sessions: fc.array(session, { maxLength: 5 }),
      travel: fc.constantFrom(0, 30, 120),
      openingHours: fc.option(fc.array(span, { minLength: 1, maxLength: 4 }), { freq: 1 }),
    }),
    wanted: fc.record({
      minutes: fc.constantFrom(30, 50, 90),
      bufferBefore: fc.constantFrom(0, 10),
      bufferAfter: fc.constantFrom(0, 15),
      clientIds: fc.constantFrom([], ['casey']),
      places: fc.constantFrom(['harbor'], ['harbor', 'dune'], [null]),
      needsRoom: fc.boolean(),
      noticeFrom: date,
    }),
    grid: fc.record({
      gridMinutes: fc.constantFrom(15, 30, 60),
      earliest: fc.constantFrom(0, 0, 90, 480),
      latest: fc.constantFrom(1440, 1440, 1020),
    }),
    dates: fc.constant(dates),
  })
})

t.test(
  'slots are exactly those that every rule allows, minute by minute, over changes of clocks',
  async t => {
    let slots = 0
    fc.assert(
      fc.property(question, ({ supply: given, wanted: want, grid: on, dates }) => {
        const { sessions, travel, openingHours, ...rest } = given
        const supply: SlotSupply = {
          ...rest,
          clinicianIds: ['ann', 'bea'],
          credentials: null,
          rooms: [
            { id: 'willow', locationId: 'harbor', openingHours },
            { id: 'cedar', locationId: 'harbor', openingHours: null },
            { id: 'dell', locationId: 'dune', openingHours },
          ],
          busy: sessions,
          elsewhere: sessions.filter(({ resourceId }) => ['ann', 'bea'].includes(resourceId)),
          travelTimes: [{ between: ['dune', 'harbor'], minutes: travel }],
        }
        const { noticeFrom, ...asked } = want
        const now = Temporal.PlainDate.from(noticeFrom).toZonedDateTime('UTC').epochMilliseconds
        const wanted: Wanted = { ...asked, together: false, now }
        const grid: Grid = { ...on, from: dates[0], until: dates[2], weekdays: [1, 2, 3, 4, 5, 6, 7] }
        const expected = bruteForce(supply, wanted, grid)
        const found = firstSlots(supply, wanted, grid, 10_000)
        slots += found.length
        t.same(named(found), expected)
        const few = firstSlots(supply, wanted, grid, 7)
        t.same(
          few.map(({ start }) => start),
          found.slice(0, 7).map(({ start }) => start),
          'a limit leaves the first ones',
        )
        const spread = spreadSlots(supply, wanted, grid, 7)
        t.equal(spread.length, Math.min(7, found.length))
        const all = new Set(expected)
        t.ok(named(spread).every(name => all.has(name)))
        t.equal(new Set(named(spread)).size, spread.length)
      }),
      { numRuns: 25 },
    )
    t.ok(slots > 20, `${slots} slots were compared`)
  },
)
