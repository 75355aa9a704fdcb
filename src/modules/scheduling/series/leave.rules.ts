import { addDays, datesBetween } from '../slots/local-calendar.ts'
import { slotFinder } from '../slots/slot-finder.rules.ts'
import type { Grid, Slot, SlotSupply, Wanted } from '../slots/slot-supply.ts'

const allWeek = [1, 2, 3, 4, 5, 6, 7]

/** What an appointment that cannot be held needs at another time. */
export interface Displaced {
  clinicianId: string
  locationId: string | null
  /** Its day and time on the clock of its place. */
  date: string
  minute: number
  start: number
  minutes: number
  bufferBefore: number
  bufferAfter: number
  clientIds: readonly string[]
  /** Its room first; null where it needs none. */
  rooms: SlotSupply['rooms'] | null
}

/**
 * Other times for it with the same clinician at the same place, at most one on a day: first those at its own time of day,
 * nearest day first, then the nearest others.
 *
 * @param days how far from its own day is looked
 * @param today where it is today; nothing earlier is offered
 */
export function otherTimes(
  supply: Omit<SlotSupply, 'clinicianIds' | 'credentials' | 'rooms'>,
  displaced: Displaced,
  { days, limit, today, now }: { days: number; limit: number; today: string; now: number },
): Slot[] {
  const { clinicianId, locationId, date, minute, start, rooms } = displaced
  const earliest = addDays(date, -days)
  const dates = { from: earliest < today ? today : earliest, until: addDays(date, days) }
  const wanted: Wanted = {
    minutes: displaced.minutes,
    bufferBefore: displaced.bufferBefore,
    bufferAfter: displaced.bufferAfter,
    clientIds: displaced.clientIds,
    together: false,
    places: [locationId],
    needsRoom: rooms !== null,
    now,
  }
  const own = { ...supply, clinicianIds: [clinicianId], credentials: null, rooms: rooms ?? [] }
  const finder = slotFinder(own, wanted, dates)
  const grid: Grid = { ...dates, gridMinutes: 15, weekdays: allWeek, earliest: 0, latest: 1_440 }
  const [party] = finder.parties
  if (!party) return []
  const best = datesBetween(dates.from, dates.until).flatMap(day => {
    const there = finder.calendarAt(locationId).existing(day, minute)
    const same = there === undefined ? undefined : finder.slotAt(party, { date: day, minute, start: there })
    return same ?? nearest(finder.slotsOn(party, day, grid), start) ?? []
  })
  const rank = (slot: Slot) => (slot.minute === minute ? 0 : 1)
  return best
    .toSorted(
      (a, b) =>
        rank(a) - rank(b) || Math.abs(a.start - start) - Math.abs(b.start - start) || a.start - b.start,
    )
    .slice(0, limit)
}

const nearest = (slots: readonly Slot[], start: number): Slot | undefined =>
  slots.toSorted((a, b) => Math.abs(a.start - start) - Math.abs(b.start - start))[0]
