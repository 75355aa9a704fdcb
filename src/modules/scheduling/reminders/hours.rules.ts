import { Temporal } from 'temporal-polyfill'
import { minuteOf } from '../../practice/index.ts'

/** When somebody may be reached. */
export interface Hours {
  /** The client's own zone. */
  timeZone: string
  /** `HH:MM` by the clock of the client; no hours are quiet where both are the same. */
  quietFrom: string
  quietUntil: string
  /** What the client asked for, by the clock of the practice; null is at any time. */
  safe: { from: string; to: string } | null
  practiceTimeZone: string
}

/** Whether a message may reach them at this instant. */
export function isOpen(
  at: Date,
  { timeZone, quietFrom, quietUntil, safe, practiceTimeZone }: Hours,
): boolean {
  const isQuiet = quietFrom !== quietUntil && isWithin(clockAt(at, timeZone), quietFrom, quietUntil)
  return !isQuiet && (!safe || isWithin(clockAt(at, practiceTimeZone), safe.from, safe.to))
}

/**
 * The first instant, now or later, at which a message may reach them; undefined where there is none within two days, as
 * where the hours they asked for are quiet.
 */
export function nextOpen(now: Date, hours: Hours): Date | undefined {
  const begins = [
    now,
    ...comings(now, hours.timeZone, hours.quietUntil),
    ...(hours.safe ? comings(now, hours.practiceTimeZone, hours.safe.from) : []),
  ]
  return begins
    .filter(at => at.getTime() >= now.getTime() && isOpen(at, hours))
    .reduce<Date | undefined>((first, at) => (first && first <= at ? first : at), undefined)
}

/** Whether a time of day is in `[from, to)`, over midnight where it ends before it begins. */
function isWithin(minute: number, from: string, to: string): boolean {
  const [begins, ends] = [minuteOf(from), minuteOf(to)]
  return begins < ends ? minute >= begins && minute < ends : minute >= begins || minute < ends
}

function clockAt(at: Date, timeZone: string): number {
  const { hour, minute } = zoned(at, timeZone)
  return hour * 60 + minute
}

/** When a clock will show this on the day of `now` and the two after it. */
function comings(now: Date, timeZone: string, time: string): Date[] {
  const today = zoned(now, timeZone).toPlainDate()
  return [0, 1, 2].map(days => {
    const begins = today.add({ days }).toZonedDateTime({ timeZone, plainTime: time })
    return new Date(begins.epochMilliseconds)
  })
}

const zoned = (at: Date, timeZone: string) =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone)
