import { setTimeout as sleep } from 'node:timers/promises'
import type { CompiledQuery, QueryResult } from 'kysely'
import type pg from 'pg'
import { limits } from '../limits.ts'
import { isAborted, isRetryable, LostConnection } from '../postgres-errors.ts'
import { Problem } from '../problems.ts'
import type { Scope } from '../scope.ts'
import type { CommitGate } from './commit-gate.ts'
import { acquire } from './connect.ts'
import { PracticeTransaction, type TransactionTools } from './practice-transaction.ts'
import { withSecondConnection } from './second-connection.ts'
import { flush, type Statement, send, together } from './statements.ts'

/** The way to a database. Modules get it through `inPractice` only; the pool stays in here. */
export interface Database extends TransactionTools {
  readonly pool: pg.Pool
  readonly namedStatements: boolean
  readonly commits: CommitGate
}

export interface TransactionOptions {
  /** A pure read (with its audit row) may commit asynchronously. Never set it when anything else is written. */
  readsOnly?: boolean
  /** `work` takes another connection while this one is held, for what must stay when it is rolled back. */
  secondConnection?: boolean
}

const noop = () => {}

/**
 * The one door to a practice's data: opens a transaction, sets tenant and actor in it, checks the
 * scope's guard, runs `work` and commits. BEGIN, the context, the guard and the first query leave
 * together; queued writes leave with COMMIT. A pure read therefore costs two round trips.
 *
 * `work` may run up to three times (deadlock, serialization failure): it must do nothing outside `trx`.
 * Throw to roll back.
 *
 * @throws Problem `service-busy` when no connection is free in time
 */
export async function inPractice<T>(
  database: Database,
  scope: Scope,
  work: (trx: PracticeTransaction) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  const run = () => untilDone(database, scope, work, options)
  return options.secondConnection ? withSecondConnection(database.pool, run) : run()
}

async function untilDone<T>(
  database: Database,
  scope: Scope,
  work: (trx: PracticeTransaction) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptInPractice(database, scope, work, options)
    } catch (error) {
      if (attempt >= limits.retry.attempts || !isRetryable(error)) throw error
      await sleep(Math.random() * limits.retry.baseDelayMs * 2 ** attempt)
    }
  }
}

async function attemptInPractice<T>(
  database: Database,
  scope: Scope,
  work: (trx: PracticeTransaction) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  const client = await (options.readsOnly ? acquire(database.pool) : acquireToWrite(database))
  let broken: Error | undefined
  let over = false
  let cause: unknown
  try {
    const opened = open(client, database.namedStatements, scope, options.readsOnly === true)
    const trx = new PracticeTransaction(scope, database, async query => {
      // A query of a `Promise.all` whose sibling failed would else run in the connection's next transaction.
      if (over) throw new Error('This transaction is over')
      return execute(client, database.namedStatements, opened, query).catch(error => {
        cause ??= error
        throw error
      })
    })
    const result = await refusedFirst(opened, work(trx))
    over = true
    await opened
    await commit(client, database.namedStatements, trx)
    return result
  } catch (thrown) {
    over = true
    // Of queries that were sent together, one that only followed a failed one may be heard of first.
    const error = isAborted(thrown) ? (cause ?? thrown) : thrown
    if (!options.readsOnly && isUnanswered(error)) database.commits.doubt()
    broken = await rollback(client, error)
    throw error
  } finally {
    client.release(broken)
  }
}

/** Who may not enter is told so, whatever else was wrong with the request. */
async function refusedFirst<T>(opened: Promise<void>, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    await opened
    throw error
  }
}

/**
 * Sends BEGIN and the tenant context without waiting; the first query leaves with them. The promise settles when the guard
 * accepted.
 */
function open(client: pg.ClientBase, named: boolean, scope: Scope, readsOnly: boolean): Promise<void> {
  const begun = send(client, begin, named)
  // It waits for no lock: a connection that does not answer was forgotten by the network.
  const entered = send(client, entering(scope, readsOnly), named, limits.pool.enterMs)
  // What BEGIN failed with comes first: it is the reason.
  const opened = Promise.all([begun, entered]).then(([, { rows }]) => {
    const version = rows[0]?.version
    scope.guard?.accept(typeof version === 'number' ? version : null)
  })
  opened.catch(noop)
  return opened
}

const begin: Statement = { sql: 'begin', parameters: [] }
const end: Statement = { sql: 'commit', parameters: [] }

function entering({ practiceId, actor, guard }: Scope, readsOnly: boolean): Statement {
  const context = [practiceId, actor.id, readsOnly]
  if (!guard) return { sql: 'select app.use_practice($1, $2, $3)', parameters: context }
  const sql = `select app.${guard.entrance}($1, $2, $3, $4) as version`
  return { sql, parameters: [...context, guard.id] }
}

async function execute(
  client: pg.ClientBase,
  named: boolean,
  opened: Promise<void>,
  query: CompiledQuery,
): Promise<QueryResult<unknown>> {
  const answer = send(client, query, named)
  answer.catch(noop)
  await opened
  const { rows, rowCount, command } = await answer
  const affected = command === 'SELECT' || rowCount === null ? undefined : BigInt(rowCount)
  return affected === undefined ? { rows } : { rows, numAffectedRows: affected }
}

async function commit(client: pg.ClientBase, named: boolean, trx: PracticeTransaction): Promise<void> {
  const records = together(trx.recorded)
  const statements = records ? [...trx.queued, records] : trx.queued
  const writes = statements.map(statement => send(client, statement, named))
  const committed = send(client, end, named)
  const answers = await Promise.allSettled([...writes, committed])
  for (const answer of answers) if (answer.status === 'rejected') throw answer.reason
  requireCommitted(await committed)
}

/** After an error in the transaction COMMIT does not fail: it answers ROLLBACK. @throws LostConnection */
export function requireCommitted({ command }: Pick<pg.QueryResult, 'command'>): void {
  if (command !== 'COMMIT') throw new LostConnection('commit was answered with rollback')
}

/** Takes a connection for a transaction that writes. @throws Problem `service-busy` while commits are held */
export async function acquireToWrite({ pool, commits }: Database): Promise<pg.PoolClient> {
  if (commits.closed) await commits.pass(pool)
  const client = await acquire(pool)
  if (!commits.closed) return client
  // What this writer has waited for is a connection that a held commit gave up.
  client.release()
  throw new Problem('service-busy', { retryAfter: 5 })
}

/** Statements end before this, so it was the network, or a commit that is held. */
export const isUnanswered = (error: unknown) =>
  error instanceof Error && error.message === 'Query read timeout'

/** Rolls back. Returns the reason to destroy the connection when its state is not known. */
export async function rollback(client: pg.ClientBase, cause: unknown): Promise<Error | undefined> {
  if (cause instanceof Error && isUnanswered(cause)) return cause
  // What was asked and not sent yet would else be sent into the connection's next transaction.
  flush(client)
  try {
    await client.query('rollback')
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error('rollback failed')
  }
}
