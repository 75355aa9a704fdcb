import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Test } from 'tap'
import { limits } from '../../../../src/lib/limits.ts'
import { fillPath, operationsOf, willingHeaders } from '../../operations.ts'
import type { Caller } from '../../practice.ts'
import { asAdmin } from '../../test-server.ts'
import type { FaultedService } from './faulted-service.ts'
import { type Load, reckon, recoveryOf, startLoad, statusesOf } from './load.ts'

export interface FaultRun {
  /** What goes wrong. The load runs all the while. */
  fault(t: Test): Promise<unknown>
  /** What makes it good again, if the fault does not end by itself. */
  heal?(): Promise<unknown>
  clients?: number
  /** How long the load goes on afterwards. */
  afterMs: number
  /** Whether anything may be turned away at all, for faults that need not be noticed. */
  mayGoUnnoticed?: boolean
  /** Once healed, requests must be served within this time. */
  recoversInMs?: number
}

export interface FaultResult {
  recoveryMs: number
  acknowledged: number
  resolvedByKey: number
  turnedAway: number
}

/** Runs a fault under load and checks what holds for every fault. */
export async function underLoad(
  t: Test,
  service: FaultedService,
  caller: Caller,
  run: FaultRun,
): Promise<FaultResult> {
  const load = startLoad(caller, run.clients ?? 8)
  await untilAcknowledged(load, 10)
  const linesBefore = service.logLines.length
  const faultAt = performance.now()
  await run.fault(t)
  await run.heal?.()
  const healedAt = performance.now()
  await sleep(run.afterMs)
  await load.finish()
  const statuses = statusesOf(load.wishes)
  t.same(
    Object.keys(statuses).filter(status => !['201', '503', '409'].includes(status)),
    [],
    `only acknowledged, or asked to repeat: ${JSON.stringify(statuses)}`,
  )
  const replies = load.wishes.flatMap(({ tries }) => tries.map(({ reply }) => reply))
  t.notOk(
    replies.some(({ status, headers }) => status === 503 && !headers['retry-after']),
    'every 503 says when to retry',
  )
  if (!run.mayGoUnnoticed) t.ok(statuses[503], 'the fault was noticed')
  const { lost, doubled, halfWritten, acknowledged, resolvedByKey } = await reckon(
    service.adminUrl,
    load.wishes,
  )
  t.same(
    { lost, doubled, halfWritten },
    { lost: 0, doubled: 0, halfWritten: 0 },
    'nothing lost, doubled or half',
  )
  t.equal(acknowledged, load.wishes.length, 'every wish came true in the end')
  const recoveryMs = recoveryOf(load.wishes, healedAt)
  t.ok(recoveryMs < (run.recoversInMs ?? 2_000), `recovered by itself after ${Math.round(recoveryMs)} ms`)
  checkLog(t, service.logLines.slice(linesBefore), healedAt - faultAt + run.afterMs)
  return { recoveryMs, acknowledged, resolvedByKey, turnedAway: statuses[503] ?? 0 }
}

async function untilAcknowledged({ wishes }: Load, count: number): Promise<void> {
  while (wishes.filter(wish => wish.outcome === 'acknowledged').length < count) await sleep(5)
}

/** An outage is said once, then at most every some seconds; the access log's line per request is apart. */
export function checkLog(t: Test, lines: readonly string[], lastedMs: number): void {
  const alarms = lines.filter(line => JSON.parse(line).level >= 40)
  const most = 2 + Math.ceil(lastedMs / limits.outage.sayAgainMs)
  t.ok(alarms.length <= most, `${alarms.length} warnings and errors in the log, at most ${most}`)
}

/** The probes while the database is away: the process lives, and is not ready. */
export async function checkProbesWhileAway(t: Test, { app }: FaultedService): Promise<void> {
  const probe = async (url: string) => (await app.inject({ url })).statusCode
  t.equal(await probe('/livez'), 200, 'it lives')
  t.equal(await probe('/readyz'), 503, 'it is not ready')
}

/**
 * Every `every`th operation while the database is away: whatever gets past its own checks is asked to come again.
 * @returns how many operations were asked, and how many said 503
 */
export async function askEverything(
  t: Test,
  service: FaultedService,
  caller: Caller,
  every: number,
): Promise<{ operations: number; busy: number }> {
  const operations = operationsOf(service.app).filter((_operation, n) => n % every === 0)
  let busy = 0
  for (const { id, method, path, bodyExample, bodyType } of operations) {
    const { statusCode, headers } = await service.app.inject({
      method: method as 'GET',
      url: fillPath(path),
      headers: {
        authorization: `Bearer ${caller.token}`,
        ...willingHeaders(),
        ...(bodyType ? { 'content-type': bodyType } : {}),
      },
      ...(bodyExample === undefined ? {} : { payload: JSON.stringify(bodyExample) }),
    })
    if (statusCode === 503) busy++
    if (statusCode >= 500 && (statusCode !== 503 || !headers['retry-after']))
      t.fail(`${id} answers ${statusCode} while the database is away`)
  }
  return { operations: operations.length, busy }
}

/** Reads every index, and looks for every row of its table in it. @returns how many indexes were checked */
export async function checkIndexes(adminUrl: string): Promise<number> {
  return asAdmin(adminUrl, async admin => {
    await admin.query('create extension if not exists amcheck')
    const { rowCount } = await admin.query(
      `select bt_index_check(i.indexrelid, true) from pg_index i join pg_class c on c.oid = i.indexrelid
       join pg_am a on a.oid = c.relam where a.amname = 'btree' and c.relkind = 'i' and c.relpersistence = 'p'`,
    )
    return rowCount ?? 0
  })
}

/** Begins a transaction beside the service that holds what `statement` locks. @returns what ends it */
export async function hold(adminUrl: string, statement: string): Promise<() => Promise<void>> {
  const holder = new pg.Client({ connectionString: adminUrl })
  holder.on('error', () => {})
  await holder.connect()
  await holder.query('begin')
  await holder.query(statement)
  return () => holder.end()
}

export const median = (values: readonly number[]) =>
  Math.round([...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0)

export const most = (values: readonly number[]) => Math.round(Math.max(0, ...values))
