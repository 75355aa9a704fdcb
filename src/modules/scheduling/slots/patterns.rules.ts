import { addDays, datesBetween } from './local-calendar.ts'
import type { RoomTime } from './parties.rules.ts'
import { type SlotFinder, slotFinder } from './slot-finder.rules.ts'
import type { Grid, Setting, Slot, SlotSupply, Start, Wanted } from './slot-supply.ts'

/** By start, then in the order in which the clinicians are offered. */
export function firstSlots(supply: SlotSupply, wanted: Wanted, grid: Grid, limit: number): Slot[] {
  const finder = slotFinder(supply, wanted, grid)
  const found: Slot[] = []
  for (const date of datesBetween(grid.from, grid.until)) {
    // Where places lie in several zones, slots of this date may start before the last ones of the date before.
    const begins = Math.min(
      ...finder.parties.map(({ locationId }) => finder.calendarAt(locationId).day(date).start),
    )
    if (found.filter(({ start }) => start < begins).length >= limit) break
    for (const party of finder.parties) found.push(...finder.slotsOn(party, date, grid))
  }
  return inOrder(found).slice(0, limit)
}

/**
 * Many different choices rather than the next ones. Round by round each date gives one slot: its first, then its last,
 * then always the one that is farthest from those it gave. The result is ordered by start.
 */
export function spreadSlots(supply: SlotSupply, wanted: Wanted, grid: Grid, limit: number): Slot[] {
  const finder = slotFinder(supply, wanted, grid)
  const days = datesBetween(grid.from, grid.until).map(date =>
    spread(inOrder(finder.parties.flatMap(party => finder.slotsOn(party, date, grid)))),
  )
  const found: Slot[] = []
  for (let before = -1; found.length > before; ) {
    before = found.length
    for (const next of days) if (found.length < limit) found.push(...next())
  }
  return inOrder(found)
}

/** Gives one slot after the other, each the farthest from those it gave (the first of equals), then none. */
function spread(slots: readonly Slot[]): () => Slot[] {
  const left = slots.map(slot => ({ slot, distance: Infinity }))
  return () => {
    const far = Math.max(...left.map(({ distance }) => distance))
    const at = left.findIndex(({ distance }) => distance === far)
    if (at < 0) return []
    const given = left.splice(at, 1).map(({ slot }) => slot)
    for (const entry of left)
      for (const { start } of given)
        entry.distance = Math.min(entry.distance, Math.abs(entry.slot.start - start))
    return given
  }
}

export interface WeeklyQuestion {
  /** The first of the dates; its weekday is that of all. */
  from: string
  weeks: number
  everyWeeks: number
  minute: number
}

export interface WeeklyOption extends Setting {
  timeZone: string
  /** In the order of the dates; a date without a slot does not fit. */
  dates: (Start & { slot: Slot | null })[]
}

/** One time of the week over many weeks, for each setting: those that fit most often first, in as few rooms as possible. */
export function weeklyOptions(supply: SlotSupply, wanted: Wanted, question: WeeklyQuestion): WeeklyOption[] {
  const { from, weeks, everyWeeks, minute } = question
  const dates = Array.from({ length: weeks }, (_, index) => addDays(from, index * everyWeeks * 7))
  const finder = slotFinder(supply, wanted, { from, until: dates.at(-1) ?? from })
  const options = finder.parties.map(({ rooms, ...party }) => {
    const { clinicianIds, locationId, timeZone } = party
    const calendar = finder.calendarAt(locationId)
    const starts = dates.map(date => ({ date, minute, start: calendar.at(date, minute) }))
    const steady = { ...party, rooms: rooms && oftenestFree(finder, rooms, starts) }
    return {
      clinicianIds,
      locationId,
      timeZone,
      dates: starts.map(start => ({ ...start, slot: finder.slotAt(steady, start) ?? null })),
    }
  })
  return options.filter(option => fitting(option) > 0).toSorted((a, b) => fitting(b) - fitting(a))
}

const fitting = ({ dates }: WeeklyOption) => dates.filter(({ slot }) => slot).length

/** Those that are free on most of the dates first. */
function oftenestFree(finder: SlotFinder, rooms: readonly RoomTime[], starts: readonly Start[]): RoomTime[] {
  const times = (room: RoomTime) => starts.filter(({ start }) => finder.roomFits(room, start)).length
  return rooms
    .map(room => ({ room, free: times(room) }))
    .toSorted((a, b) => b.free - a.free)
    .map(({ room }) => room)
}

export interface DaysQuestion extends Grid {
  days: number
  /** Every day begins at one time of the wall clock. */
  atOneTime: boolean
}

/** So many days in a row with one setting: of each run one slot a day, the earliest that there are. By first day. */
export function consecutiveDays(
  supply: SlotSupply,
  wanted: Wanted,
  question: DaysQuestion,
  limit: number,
): Slot[][] {
  const finder = slotFinder(supply, wanted, question)
  const dates = datesBetween(question.from, question.until)
  const runs = finder.parties.flatMap(party => {
    const slots = dates.map(date => finder.slotsOn(party, date, question))
    return dates.flatMap((_, first) => {
      const days = slots.slice(first, first + question.days)
      if (days.length < question.days) return []
      const run = question.atOneTime ? atOneTime(days) : days.map(([slot]) => slot)
      return run.every(slot => slot !== undefined) ? [run as Slot[]] : []
    })
  })
  return runs.toSorted(([a], [b]) => (a?.start ?? 0) - (b?.start ?? 0)).slice(0, limit)
}

/** The slots of the earliest time of the wall clock that every day has. */
function atOneTime([first = [], ...others]: readonly (readonly Slot[])[]): (Slot | undefined)[] {
  for (const slot of first) {
    const rest = others.map(day => day.find(({ minute }) => minute === slot.minute))
    if (rest.every(found => found !== undefined)) return [slot, ...rest]
  }
  return [undefined]
}

const inOrder = (slots: readonly Slot[]) => slots.toSorted((a, b) => a.start - b.start)
