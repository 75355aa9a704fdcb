import type { Database } from './database/in-practice.ts'
import { expectedMigrations } from './database/migrate.ts'

const needed = expectedMigrations()

/** A moment on either side of a change of rules; Node and PostgreSQL must agree on it. */
const probe = { zone: 'America/Los_Angeles', instant: new Date('2026-03-08T10:30:00Z'), wall: '03:30' }

/** What stands between this process and serving, by name: `ok` or what is wrong. */
export async function checkReadiness(database: Database, draining: boolean): Promise<Record<string, string>> {
  return {
    draining: draining ? 'draining' : 'ok',
    ...(await checkDatabase(database)),
  }
}

async function checkDatabase(database: Database): Promise<Record<string, string>> {
  try {
    const [state] = (
      await database.pool.query<{ recovering: boolean; applied: string[]; wall: string }>({
        name: 'readiness',
        text: `select pg_is_in_recovery() as recovering,
          (select array_agg(name) from public.schema_migrations) as applied,
          to_char($1::timestamptz at time zone $2, 'HH24:MI') as wall`,
        values: [probe.instant, probe.zone],
      })
    ).rows
    const missing = needed.filter(name => !state?.applied?.includes(name))
    return {
      database: state?.recovering ? 'read-only standby' : 'ok',
      migrations: missing.length === 0 ? 'ok' : `missing: ${missing.join(', ')}`,
      timeZones:
        state?.wall === probe.wall && nodeWall() === probe.wall ? 'ok' : 'Node and PostgreSQL disagree',
    }
  } catch {
    return { database: 'unreachable' }
  }
}

const nodeWall = () =>
  new Intl.DateTimeFormat('en-GB', { timeZone: probe.zone, hour: '2-digit', minute: '2-digit' }).format(
    probe.instant,
  )
