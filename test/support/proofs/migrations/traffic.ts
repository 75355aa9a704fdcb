import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { limits } from '../../../../src/lib/limits.ts'
import { asAdmin } from '../../test-server.ts'
import { tablesOf } from './ground.ts'

/** What a running service asks while the schema changes: one reading and one writing statement for each table. */
export interface Traffic {
  stop(): Promise<{ statements: number; failures: string[]; p99Ms: number; slowestMs: number }>
}

/**
 * Reads and writes every table that is there now, again and again, on connections with the limits of the service.
 * Code of an earlier release is not at hand; of its statements it counts which tables they lock, and how.
 */
export async function startTraffic(adminUrl: string, connections: number): Promise<Traffic> {
  const statements = await asAdmin(adminUrl, statementsOf)
  const times: number[] = []
  const failures: string[] = []
  const ending = new AbortController()
  async function line(number: number): Promise<void> {
    const client = new pg.Client({ connectionString: adminUrl })
    client.on('error', () => {})
    await client.connect()
    await client.query(`set lock_timeout = ${limits.database.lockMs}`)
    await client.query(`set statement_timeout = ${limits.database.statementMs}`)
    for (let n = number; !ending.signal.aborted; n++) {
      const startedAt = performance.now()
      await client.query(statements[n % statements.length] ?? 'select 1').catch(({ message }) => {
        failures.push(`${statements[n % statements.length]}: ${message}`)
      })
      times.push(performance.now() - startedAt)
      await sleep(3)
    }
    await client.end()
  }
  const lines = Array.from({ length: connections }, (_, n) => line(n * 7))
  return {
    async stop() {
      ending.abort()
      await Promise.all(lines)
      times.sort((a, b) => a - b)
      return {
        statements: times.length,
        failures,
        p99Ms: times[Math.floor(times.length * 0.99)] ?? 0,
        slowestMs: times.at(-1) ?? 0,
      }
    },
  }
}

async function statementsOf(admin: pg.ClientBase): Promise<string[]> {
  const { rows } = await admin.query<{ name: string; column: string }>(
    `select relname as name, (select format('%I', attname) from pg_attribute where attrelid = c.oid and attnum > 0
       and not attisdropped and attgenerated = '' and attidentity = '' order by attnum limit 1) as column
     from pg_class c where relnamespace = 'cairn'::regnamespace and relkind in ('r', 'p') and not relispartition`,
  )
  return [
    ...rows.map(({ name }) => `select * from cairn.${name} limit 5`),
    ...rows.map(
      ({ name, column }) =>
        `update cairn.${name} set ${column} = ${column} where ctid = any (array(
          select ctid from cairn.${name} limit 1 for update skip locked))`,
    ),
  ]
}

export interface LongTransaction {
  end(): Promise<void>
}

/** A transaction that has read every table, as a report or a backup does, and has written every one. */
export async function holdAllTables(adminUrl: string): Promise<LongTransaction> {
  const client = new pg.Client({ connectionString: adminUrl })
  client.on('error', () => {})
  await client.connect()
  const tables = await tablesOf(client)
  await client.query('begin isolation level repeatable read')
  for (const table of tables) {
    await client.query(`select count(*) from cairn.${table}`)
    await client.query(`lock table cairn.${table} in row exclusive mode`)
  }
  return {
    async end() {
      await client.query('commit')
      await client.end()
    },
  }
}
