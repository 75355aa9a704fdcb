import { setTimeout as sleep } from 'node:timers/promises'
import type { CompiledQuery, QueryResult } from 'kysely'
import type pg from 'pg'
import { limits } from '../limits.ts'
import { isRetryable, LostConnection } from '../postgres-errors.ts'
import type { Scope } from '../scope.ts'
import { acquire } from './connect.ts'
import { PracticeTransaction, type TransactionTools } from './practice-transaction.ts'
import { type Statement, send } from './statements.ts'

/** The way to a database. Modules get it through `inPractice` only; the pool stays in here. */
export interface Database extends TransactionTools {
  readonly pool: pg.Pool
  readonly namedStatements: boolean
}

export interface TransactionOptions {
  /** A pure read (with its audit row) may commit asynchronously. Never set it when anything else is written. */
  readsOnly?: boolean
}

const begin: Statement = { sql: 'begin', parameters: [] }
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
  const client = await acquire(database.pool)
  let broken: Error | undefined
  let over = false
  try {
    const opened = open(client, database.namedStatements, scope, options.readsOnly === true)
    const trx = new PracticeTransaction(scope, database, async query => {
      // A query of a `Promise.all` whose sibling failed would else run in the connection's next transaction.
      if (over) throw new Error('This transaction is over')
      return execute(client, database.namedStatements, opened, query)
    })
    const result = await work(trx)
    over = true
    await opened
    await commit(client, database.namedStatements, trx)
    return result
  } catch (error) {
    over = true
    broken = await rollback(client, error)
    throw error
  } finally {
    client.release(broken)
  }
}

/** Sends BEGIN, the tenant context and the guard without waiting; the promise settles when all three answered. */
function open(client: pg.ClientBase, named: boolean, scope: Scope, readsOnly: boolean): Promise<void> {
  const answers = [
    send(client, begin, false),
    send(client, usePractice(scope, readsOnly), named),
    ...(scope.guard ? [send(client, scope.guard.statement, named)] : []),
  ]
  const opened = Promise.all(answers).then(([, , guarded]) => {
    if (scope.guard && guarded) scope.guard.accept(guarded.rows)
  })
  opened.catch(noop)
  return opened
}

const usePractice = (scope: Scope, readsOnly: boolean): Statement => ({
  sql: 'select app.use_practice($1, $2, $3)',
  parameters: [scope.practiceId, scope.actor.id, readsOnly],
})

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
  const writes = trx.queued.map(query => send(client, query, named))
  const committed = send(client, { sql: 'commit', parameters: [] }, false)
  const answers = await Promise.allSettled([...writes, committed])
  for (const answer of answers) if (answer.status === 'rejected') throw answer.reason
  // After an error in the transaction COMMIT does not fail: it answers ROLLBACK.
  if ((await committed).command !== 'COMMIT') throw new LostConnection('commit was answered with rollback')
}

/** Rolls back. Returns the reason to destroy the connection when its state is not known. */
export async function rollback(client: pg.ClientBase, cause: unknown): Promise<Error | undefined> {
  if (cause instanceof Error && cause.message === 'Query read timeout') return cause
  try {
    await client.query('rollback')
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error('rollback failed')
  }
}
