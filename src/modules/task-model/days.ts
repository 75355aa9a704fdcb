import { Temporal } from 'temporal-polyfill'

/** The day that an instant had in a zone. */
export const dayOf = (instant: Date, timeZone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(instant.getTime())
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .toString()

const msPerDay = 86_400_000

/** Whole days from one date to another; negative when the other is earlier. Counted in UTC, where no day is short. */
export const daysBetween = (from: string, to: string): number =>
  (Date.parse(to) - Date.parse(from)) / msPerDay

/** A date some days before another. */
export const daysBefore = (day: string, days: number): string =>
  new Date(Date.parse(day) - days * msPerDay).toISOString().slice(0, 10)
