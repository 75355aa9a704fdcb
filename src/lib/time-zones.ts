import { setImmediate } from 'node:timers/promises'
import type pg from 'pg'
import { Temporal } from 'temporal-polyfill'
import type { House } from './house.ts'
import { errorForLog } from './log.ts'

/** Every fortnight of the three years from this month on: no clock is changed for less. */
function instants(now: Date): number[] {
  const first = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1, 12)
  return Array.from({ length: 78 }, (_, index) => first + index * 14 * 86_400_000)
}

/**
 * Zones in which Node and PostgreSQL would tell different times some day of the next three years. Each has time-zone data of
 * its own; PostgreSQL does not say which version, so what they say is compared.
 *
 * @param zones which are looked at; every one that Node knows when left out
 */
export async function differingZones(
  database: Pick<pg.Pool, 'query'>,
  now: Date,
  zones: readonly string[] = Intl.supportedValuesOf('timeZone'),
): Promise<string[]> {
  const at = instants(now)
  const { rows } = await database.query<{ name: string; offsets: number[] }>(
    `select n.name, array(select extract(epoch from (i at time zone n.name) - (i at time zone 'UTC'))::int
        from unnest($2::timestamptz[]) with ordinality as x(i, place) order by place) as offsets
      from pg_timezone_names n where n.name = any($1)`,
    [zones, at.map(instant => new Date(instant))],
  )
  const differing: string[] = []
  for (const { name, offsets } of rows) {
    if (at.some((instant, place) => offsetOf(name, instant) !== offsets[place])) differing.push(name)
    // Some seconds of work for all zones together: requests come in between.
    await setImmediate()
  }
  return differing.toSorted()
}

/** Says in the log where Node and PostgreSQL disagree, as the process starts. */
export async function compareTimeZones({ database, clock, log }: House): Promise<void> {
  try {
    const zones = await differingZones(database.pool, clock.now())
    if (zones.length > 0)
      log.warn(
        { node: process.versions.tz, zones },
        'Node and PostgreSQL have different rules for these time zones: update the older of them',
      )
  } catch (error) {
    log.warn({ error: errorForLog(error) }, 'the time zones of Node and PostgreSQL could not be compared')
  }
}

const offsetOf = (zone: string, instant: number): number =>
  Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone).offsetNanoseconds / 1_000_000_000
