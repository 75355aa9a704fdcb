import { Temporal } from 'temporal-polyfill'

/** A time without a change of the clock: from one change to the next. */
interface Stretch {
  from: number
  to: number
  offsetMs: number
  /** As RFC 3339 writes it, for instance `-08:00`. */
  offset: string
}

// Rules of zones change with the process only. What is asked about lies in few stretches of few zones.
const stretches = new Map<string, Stretch[]>()
const mostZones = 1_000
const mostStretches = 16

/**
 * An instant on the wall clock of a zone, to the second, with its offset, because an hour comes twice when
 * daylight-saving time ends: `2026-11-23T08:00:00-08:00`. Pages show hundreds of instants, so offsets are remembered.
 *
 * @param instant milliseconds since the epoch
 */
export function localTime(instant: number, zone: string): string {
  const known = stretches.get(zone) ?? []
  const { offsetMs, offset } =
    known.find(({ from, to }) => from <= instant && instant < to) ??
    remember(zone, known, stretchAt(instant, zone))
  return `${new Date(instant + offsetMs).toISOString().slice(0, 19)}${offset}`
}

function remember(zone: string, known: Stretch[], found: Stretch): Stretch {
  if (stretches.size >= mostZones) stretches.clear()
  stretches.set(zone, [found, ...known].slice(0, mostStretches))
  return found
}

function stretchAt(instant: number, zone: string): Stretch {
  const zoned = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone)
  const here = zoned(instant)
  return {
    // The one before the next millisecond: a change at this very instant has happened.
    from: zoned(instant + 1).getTimeZoneTransition('previous')?.epochMilliseconds ?? -Infinity,
    to: here.getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity,
    offsetMs: here.offsetNanoseconds / 1_000_000,
    offset: here.toString({ timeZoneName: 'never', smallestUnit: 'second' }).slice(19),
  }
}
