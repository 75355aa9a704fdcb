import { Temporal } from 'temporal-polyfill'

/**
 * Tells instants of a time as the wall clock of a zone shows them (`YYYY-MM-DDTHH:MM`). It looks the offsets up once:
 * a calendar shows thousands of instants, and few of them lie beside a change of the clock.
 *
 * @param from no later than the first instant asked about, in milliseconds since the epoch, as `to`
 */
export function wallClockWithin(zone: string, from: number, to: number): (instant: number) => string {
  const offsets: { since: number; offset: number }[] = []
  let at: Temporal.ZonedDateTime | null =
    Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(zone)
  while (at && at.epochMilliseconds <= to) {
    offsets.push({ since: at.epochMilliseconds, offset: at.offsetNanoseconds / 1_000_000 })
    at = at.getTimeZoneTransition('next')
  }
  return instant => {
    const { offset } = offsets.findLast(({ since }) => since <= instant) ?? { offset: 0 }
    return new Date(instant + offset).toISOString().slice(0, 16)
  }
}
