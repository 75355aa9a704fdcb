import { Temporal } from 'temporal-polyfill'

const minuteMs = 60_000
const dayMinutes = 1_440
const dayMs = dayMinutes * minuteMs

interface Day {
  start: number
  end: number
  /** Every minute of the wall clock comes once: midnight and the minutes from it give the instant. */
  plain: boolean
}

export interface LocalCalendar {
  zone: string
  /** The instants at which a date begins and ends. */
  day(date: string): Day
  /**
   * The instant of so many minutes of the wall clock from midnight; 1440 is the midnight after. Of a time that comes
   * twice the first counts, and one that does not exist is moved forward by the gap.
   */
  at(date: string, minute: number): number
  /** The same, but undefined for a time that does not exist on that date. */
  existing(date: string, minute: number): number | undefined
  /**
   * Where hours begin or end: the first instant of the date at which the clock shows this time or a later one. Those
   * that begin within a gap begin right after it.
   */
  bound(date: string, minute: number): number
}

/** Wall-clock time of one zone. It remembers what it worked out: make one for each question. */
export function localCalendar(zone: string): LocalCalendar {
  const days = new Map<string, Day>()
  const day = (date: string): Day => {
    const known = days.get(date)
    if (known) return known
    const first = Temporal.PlainDate.from(date).toZonedDateTime(zone)
    const next = first.add({ days: 1 }).startOfDay()
    const [start, end] = [first.epochMilliseconds, next.epochMilliseconds]
    const made = { start, end, plain: end - start === dayMs && first.offset === next.offset }
    days.set(date, made)
    return made
  }
  const at = (date: string, minute: number): number => {
    const { start, end, plain } = day(date)
    if (minute === dayMinutes) return end
    if (plain) return start + minute * minuteMs
    return wallClock(date, minute).toZonedDateTime(zone).epochMilliseconds
  }
  const existing = (date: string, minute: number): number | undefined => {
    const instant = at(date, minute)
    if (minute === dayMinutes || day(date).plain) return instant
    const shown = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone).toPlainDateTime()
    return shown.equals(wallClock(date, minute)) ? instant : undefined
  }
  const bound = (date: string, minute: number): number => {
    const exact = existing(date, minute)
    if (exact !== undefined) return exact
    const beforeGap = wallClock(date, minute).toZonedDateTime(zone, { disambiguation: 'earlier' })
    return beforeGap.getTimeZoneTransition('next')?.epochMilliseconds ?? at(date, minute)
  }
  return { zone, day, at, existing, bound }
}

const wallClock = (date: string, minute: number) =>
  Temporal.PlainDate.from(date).toPlainDateTime({ hour: Math.floor(minute / 60), minute: minute % 60 })

/** The date so many days later. */
export const addDays = (date: string, days: number): string =>
  Temporal.PlainDate.from(date).add({ days }).toString()

/** Every date from the first to the last, both included. */
export function datesBetween(from: string, until: string): string[] {
  const count = Temporal.PlainDate.from(from).until(until, { largestUnit: 'days' }).days
  return Array.from({ length: Math.max(0, count + 1) }, (_, index) => addDays(from, index))
}

/** 1 is Monday. */
export const weekdayOf = (date: string): number => Temporal.PlainDate.from(date).dayOfWeek
