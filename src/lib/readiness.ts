import { setTimeout as sleep } from 'node:timers/promises'
import { WrongServer } from './database/fence.ts'
import { expectedMigrations } from './database/migrate.ts'
import type { House } from './house.ts'
import { limits } from './limits.ts'

const needed = expectedMigrations()

/** A moment on either side of a change of rules; Node and PostgreSQL must agree on it. */
const probe = { zone: 'America/Los_Angeles', instant: new Date('2026-03-08T10:30:00Z'), wall: '03:30' }

/** What stands between this process and serving, by name: `ok` or what is wrong. */
export async function checkReadiness(house: House, draining: boolean): Promise<Record<string, string>> {
  return {
    draining: draining ? 'draining' : 'ok',
    ...(await Promise.race([checkDatabase(house), silence()])),
  }
}

/** Whoever probes does not wait for as long as a query may take. */
const silence = () =>
  sleep(limits.http.readinessMs, { database: 'does not answer' }, { ref: false }) as Promise<
    Record<string, string>
  >

async function checkDatabase({ database, fence }: House): Promise<Record<string, string>> {
  try {
    // Behind a pooler the server may have changed without a new connection.
    await fence.admit(database.pool)
    const { rows } = await database.pool.query<{ applied: string[]; wall: string }>(
      `select (select array_agg(name) from public.schema_migrations) as applied,
        to_char($1::timestamptz at time zone $2, 'HH24:MI') as wall`,
      [probe.instant, probe.zone],
    )
    const [state] = rows
    const missing = needed.filter(name => !state?.applied?.includes(name))
    return {
      database: 'ok',
      migrations: missing.length === 0 ? 'ok' : `missing: ${missing.join(', ')}`,
      timeZones:
        state?.wall === probe.wall && nodeWall() === probe.wall ? 'ok' : 'Node and PostgreSQL disagree',
    }
  } catch (error) {
    return { database: error instanceof WrongServer ? error.message : 'unreachable' }
  }
}

const nodeWall = () =>
  new Intl.DateTimeFormat('en-GB', { timeZone: probe.zone, hour: '2-digit', minute: '2-digit' }).format(
    probe.instant,
  )
