import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Caller, Reply } from '../../practice.ts'
import { asAdmin } from '../../test-server.ts'

/** One thing a client wanted done, under one Idempotency-Key, and what it was told. Times are of performance.now(). */
export interface Wish {
  key: string
  /** Unique, and in the row that the wish makes. */
  name: string
  table: 'locations' | 'clients'
  outcome: 'acknowledged' | 'refused' | 'unknown'
  /** Of the record, once acknowledged. */
  id?: string
  tries: { startedAt: number; endedAt: number; reply: Reply }[]
}

export interface Load {
  wishes: readonly Wish[]
  /** Lets the clients finish what they have begun, until each wish is acknowledged or refused. */
  finish(): Promise<void>
}

/** Clients that register locations and clients, and repeat whatever is not definite under the same key. */
export function startLoad(caller: Caller, clients: number): Load {
  const wishes: Wish[] = []
  const ending = new AbortController()
  async function client(): Promise<void> {
    while (!ending.signal.aborted) await fulfill(caller, makeWish(wishes))
  }
  const running = Array.from({ length: clients }, client)
  return {
    wishes,
    async finish() {
      ending.abort()
      await Promise.all(running)
    },
  }
}

export function makeWish(wishes: Wish[]): Wish {
  const key = randomUUID()
  const table = wishes.length % 2 === 0 ? 'locations' : 'clients'
  const wish: Wish = { key, name: `Fictional ${key}`, table, outcome: 'unknown', tries: [] }
  wishes.push(wish)
  return wish
}

const mostTries = 2_000
/** Clients should heed Retry-After; these do not, to find the moment of recovery. */
const retryMs = 50

/** @throws when a wish stays unresolved for minutes */
export async function fulfill(caller: Caller, wish: Wish): Promise<void> {
  while (wish.tries.length < mostTries) {
    const { status, body } = await ask(caller, wish)
    if (status === 201) {
      Object.assign(wish, { outcome: 'acknowledged', id: body.id })
      return
    }
    if (status < 500 && body.code !== 'idempotency-key-in-use') {
      wish.outcome = 'refused'
      return
    }
    await sleep(retryMs)
  }
  throw new Error(`Never resolved: ${wish.key}`)
}

async function ask(caller: Caller, wish: Wish): Promise<Reply> {
  const { key, name } = wish
  const startedAt = performance.now()
  const reply =
    wish.table === 'locations'
      ? await caller.post('/v1/locations', { name, timeZone: 'UTC' }, { key })
      : await caller.post('/v1/clients', { legalGivenName: name, legalFamilyName: 'Example' }, { key })
  wish.tries.push({ startedAt, endedAt: performance.now(), reply })
  return reply
}

/** How the database tells the story: what each wish became there. */
export interface Reckoning {
  /** Acknowledged, and not there: lost. */
  lost: number
  /** There more than once. */
  doubled: number
  /** There without its event, its stored answer or its audit row. */
  halfWritten: number
  acknowledged: number
  /** Committed while the client was told 503: its key got it the answer it had missed. */
  resolvedByKey: number
}

/** Compares what clients were told with what the database holds. */
export async function reckon(adminUrl: string, wishes: readonly Wish[]): Promise<Reckoning> {
  const acknowledged = wishes.filter(wish => wish.outcome === 'acknowledged')
  const rows = await asAdmin(adminUrl, async admin => {
    const result = await admin.query<{ key: string; there: number; same: boolean; whole: boolean }>(
      `with wish as (select * from json_to_recordset($1) as w (key text, name text, id uuid)),
         record as (select id, name from cairn.locations union all select id, legal_given_name from cairn.clients)
       select wish.key, count(record.id)::int as there, coalesce(bool_or(record.id = wish.id), false) as same,
         bool_and(record.id is null or (
           (select count(*) from cairn.events e where e.resource_id = record.id) = 1
           and (select count(*) from cairn.idempotency_keys k where k.key = wish.key and k.status = 201) = 1)) as whole
       from wish left join record on record.name = wish.name group by wish.key`,
      [JSON.stringify(wishes.map(({ key, name, id }) => ({ key, name, id: id ?? null })))],
    )
    return new Map(result.rows.map(row => [row.key, row]))
  })
  const count = (test: (wish: Wish) => boolean | undefined) => wishes.filter(test).length
  return {
    lost: count(wish => wish.outcome === 'acknowledged' && !rows.get(wish.key)?.same),
    doubled: count(wish => (rows.get(wish.key)?.there ?? 0) > 1),
    halfWritten: count(wish => !rows.get(wish.key)?.whole),
    acknowledged: acknowledged.length,
    resolvedByKey: acknowledged.filter(wish => wish.tries.at(-1)?.reply.headers['idempotency-replayed'])
      .length,
  }
}

/** Milliseconds from the end of a fault until requests begun after it are served, all of them. */
export function recoveryOf(wishes: readonly Wish[], healedAt: number): number {
  const tries = wishes.flatMap(wish => wish.tries)
  const served = tries.filter(({ endedAt, reply }) => endedAt > healedAt && reply.status === 201)
  const turnedAway = tries.filter(({ startedAt, reply }) => startedAt > healedAt && reply.status === 503)
  const firstServed = Math.min(...served.map(({ endedAt }) => endedAt))
  return Math.max(firstServed, ...turnedAway.map(({ endedAt }) => endedAt)) - healedAt
}

/** Answers by status, of all tries. */
export function statusesOf(wishes: readonly Wish[]): Record<number, number> {
  const counts: Record<number, number> = {}
  for (const { reply } of wishes.flatMap(wish => wish.tries))
    counts[reply.status] = (counts[reply.status] ?? 0) + 1
  return counts
}
