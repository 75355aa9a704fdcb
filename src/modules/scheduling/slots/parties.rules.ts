import { type Dates, type Place, type WeeklySpan, workingTimeOf } from './free-time.rules.ts'
import { addDays, datesBetween, type LocalCalendar, weekdayOf } from './local-calendar.ts'
import type { Busy, Setting, SlotSupply, Wanted } from './slot-supply.ts'
import { merged, type Span } from './spans.ts'

const minuteMs = 60_000

/** What holds for a clinician on one date. */
export interface Day {
  /** The instant from which notice is long enough. */
  from: number
  /** Holds a credential that is needed, and has not as many sessions as may be. */
  takes: boolean
}

/** A setting with everything that it needs, looked up once. */
export interface Party extends Setting {
  timeZone: string
  clinicians: readonly { there: readonly Span[]; taken: readonly Span[]; on(date: string): Day }[]
  /** In the order in which they are given away; null where none is needed. */
  rooms: readonly RoomTime[] | null
}

/** When a room is open (null is at any time) and taken. */
export interface RoomTime {
  id: string
  there: readonly Span[] | null
  taken: readonly Span[]
}

/** Who and what could give the session together, with when each of them is there, and taken. */
export function partiesOf(supply: SlotSupply, wanted: Wanted, dates: Dates) {
  const workingTime = workingTimeOf(supply, dates)
  const { calendarAt } = workingTime
  const busyOf = byResource(supply.busy)
  const takenBy = (id: string) => busyOf.get(id) ?? []

  const dayOf = (id: string, place: Place, date: string): Day => {
    const week = workingTime.versionOn(id, date)
    const { start, end } = calendarAt(place).day(date)
    const sessions = takenBy(id).filter(([from]) => start <= from && from < end).length
    return {
      from: wanted.now + (week?.minimumNoticeMinutes ?? 0) * minuteMs,
      takes: mayGive(supply, id, date) && sessions < (week?.mostSessionsPerDay ?? Infinity),
    }
  }
  const clinicianAt = (id: string, place: Place) => ({
    there: workingTime.at(id, place),
    taken: merged([...takenBy(id), ...onTheWay(supply, id, place)]),
    on: remembered((date: string) => dayOf(id, place, date)),
  })
  const roomsAt = remembered((place: Place): RoomTime[] =>
    supply.rooms
      .filter(({ locationId }) => locationId === place)
      .map(({ id, openingHours }) => ({
        id,
        there: openingHours && openAt(openingHours, calendarAt(place), dates),
        taken: merged(takenBy(id)),
      })),
  )
  const partyOf = (setting: Setting): Party => ({
    ...setting,
    timeZone: calendarAt(setting.locationId).zone,
    clinicians: setting.clinicianIds.map(id => clinicianAt(id, setting.locationId)),
    rooms: wanted.needsRoom && setting.locationId !== null ? roomsAt(setting.locationId) : null,
  })

  return {
    parties: settingsOf(supply, wanted).map(partyOf),
    clientsTaken: merged(wanted.clientIds.flatMap(takenBy)),
    calendarAt,
  }
}

function settingsOf({ clinicianIds }: SlotSupply, { together, places }: Wanted): Setting[] {
  const sets = together ? [clinicianIds] : clinicianIds.map(id => [id])
  return sets.flatMap(ids => places.map(locationId => ({ clinicianIds: ids, locationId })))
}

const mayGive = ({ credentials }: SlotSupply, id: string, date: string): boolean =>
  credentials === null ||
  credentials.some(
    ({ staffId, from, until }) =>
      staffId === id && (from === null || from <= date) && (until === null || date <= until),
  )

function byResource(busy: readonly Busy[]): Map<string, Span[]> {
  const result = new Map<string, Span[]>()
  for (const { resourceId, start, end } of busy) {
    const spans = result.get(resourceId)
    if (spans) spans.push([start, end])
    else result.set(resourceId, [[start, end]])
  }
  return result
}

/** Sessions at other places with the way there and back. */
function onTheWay({ elsewhere, travelTimes }: SlotSupply, id: string, place: Place): Span[] {
  if (place === null) return []
  const minutesTo = (other: string) =>
    travelTimes.find(({ between }) => between.includes(other) && between.includes(place))?.minutes ?? 0
  return elsewhere
    .filter(({ resourceId, locationId }) => resourceId === id && locationId !== place)
    .map(({ start, end, locationId }) => {
      const way = minutesTo(locationId) * minuteMs
      return [start - way, end + way] as const
    })
}

/** When a room with these opening hours is open; the dates beside the asked ones are among them. */
export function openAt(
  hours: readonly WeeklySpan[],
  calendar: LocalCalendar,
  { from, until }: Dates,
): Span[] {
  const dates = datesBetween(addDays(from, -1), addDays(until, 1))
  return merged(
    dates.flatMap(date => {
      const weekday = weekdayOf(date)
      return hours
        .filter(span => span.weekday === weekday)
        .map(
          ({ startsMinute, endsMinute }) =>
            [calendar.bound(date, startsMinute), calendar.bound(date, endsMinute)] as const,
        )
    }),
  )
}

/** Works each answer out once. */
export function remembered<Key extends Place, Result>(work: (key: Key) => Result): (key: Key) => Result {
  const known = new Map<Key, Result>()
  return key => {
    const found = known.get(key)
    if (found !== undefined) return found
    const made = work(key)
    known.set(key, made)
    return made
  }
}
