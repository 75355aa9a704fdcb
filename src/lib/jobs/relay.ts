import type pg from 'pg'
import type { PgBoss } from 'pg-boss'
import { limits } from '../limits.ts'
import { queues } from './queues.ts'

// The relay's two tasks. Each may be done by any number of relays at once, and done twice without harm.

/**
 * Gives committed events their place in the order in which readers see them, practice by practice. An event
 * that commits late is numbered late; it is never skipped.
 *
 * @returns whether more may be waiting
 */
export async function numberEvents(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query<{ practice_id: string }>(
    'select distinct practice_id from event_backlog limit $1',
    [limits.relay.batch],
  )
  let more = rows.length === limits.relay.batch
  for (const { practice_id } of rows) {
    const numbered = await inTransaction(pool, client => numberPractice(client, practice_id))
    if (numbered === limits.relay.batch) more = true
  }
  return more
}

/** Under the lock of the practice's counter: whoever finds it taken leaves the practice to the other relay. */
async function numberPractice(client: pg.ClientBase, practiceId: string): Promise<number> {
  await client.query('insert into event_counters (practice_id) values ($1) on conflict do nothing', [
    practiceId,
  ])
  const counter = await client.query<{ last_position: number }>(
    'select last_position from event_counters where practice_id = $1 for update skip locked',
    [practiceId],
  )
  const last = counter.rows[0]?.last_position
  if (last === undefined) return 0
  const numbered = await client.query<{ event_id: string }>(
    `insert into event_positions (practice_id, position, event_id, occurred_at)
     select practice_id, $2::bigint + row_number() over (order by occurred_at, id), id, occurred_at
     from (select practice_id, id, occurred_at from event_backlog where practice_id = $1
       order by occurred_at, id limit $3) waiting
     returning event_id`,
    [practiceId, last, limits.relay.batch],
  )
  if (numbered.rows.length === 0) return 0
  await client.query('delete from event_backlog where practice_id = $1 and id = any($2::uuid[])', [
    practiceId,
    numbered.rows.map(row => row.event_id),
  ])
  await client.query('update event_counters set last_position = $2 where practice_id = $1', [
    practiceId,
    last + numbered.rows.length,
  ])
  return numbered.rows.length
}

/**
 * Hands waiting outbox rows to the job queue. The job has the row's id: handed over twice, after a crash in
 * between or by two relays, it is still one job.
 *
 * @returns whether more may be waiting
 */
export async function handOver(pool: pg.Pool, boss: PgBoss): Promise<boolean> {
  const { rows } = await pool.query<{ practice_id: string; id: string; kind: string }>(
    `select practice_id, id, kind from outbox
     where handed_over_at is null and run_after <= now() and kind = any($1) order by run_after limit $2`,
    [Object.keys(queues), limits.relay.batch],
  )
  const byKind = Map.groupBy(rows, row => row.kind)
  const results = await Promise.allSettled(
    [...byKind].map(async ([kind, waiting]) => {
      await boss.insert(
        kind,
        waiting.map(({ id }) => ({ id, data: { outboxId: id } })),
      )
      await pool.query(
        `update outbox set handed_over_at = now()
         where practice_id = any($1::uuid[]) and id = any($2::uuid[]) and handed_over_at is null`,
        [waiting.map(row => row.practice_id), waiting.map(row => row.id)],
      )
    }),
  )
  for (const result of results) if (result.status === 'rejected') throw result.reason
  return rows.length === limits.relay.batch
}

async function inTransaction<T>(pool: pg.Pool, work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    client.release()
    return result
  } catch (error) {
    // A connection whose transaction failed is not worth keeping.
    client.release(true)
    throw error
  }
}
