import { Kysely } from 'kysely'
import { acquireToWrite, type Database, isUnanswered, requireCommitted, rollback } from './in-practice.ts'
import { kyselyOver } from './practice-transaction.ts'
import type { DB } from './schema.ts'
import { send } from './statements.ts'

/** Tables of people, not of practices: what is needed before it is known which practice is meant. */
export type GlobalTables = Pick<
  DB,
  | 'authentication_log'
  | 'sign_in_addresses'
  | 'sign_in_attempts'
  | 'sign_in_directory'
  | 'user_recovery_codes'
  | 'user_tokens'
  | 'users'
>

/** Queries on global tables; a practice's transaction can run them too (`globalTablesOf`). */
export type GlobalQueries = Kysely<GlobalTables>

/** The global tables within a practice's transaction, so that both change together or not at all. */
export const globalTablesOf = (trx: Kysely<DB>): GlobalQueries => trx.$pickTables<keyof GlobalTables>()

/**
 * A transaction without a practice: for sign-in, resets and the like. No tenant context is set in it, so
 * a query on a practice's table fails.
 *
 * @throws Problem `service-busy` when no connection is free in time
 */
export async function onGlobalTables<T>(
  database: Database,
  work: (global: GlobalQueries) => Promise<T>,
): Promise<T> {
  const client = await acquireToWrite(database)
  let broken: Error | undefined
  try {
    await client.query('begin')
    const global = new Kysely<GlobalTables>(
      kyselyOver(async query => {
        const { rows, rowCount, command } = await send(client, query, database.namedStatements)
        return command === 'SELECT' || rowCount === null
          ? { rows }
          : { rows, numAffectedRows: BigInt(rowCount) }
      }),
    )
    const result = await work(global)
    requireCommitted(await send(client, { sql: 'commit', parameters: [] }, database.namedStatements))
    return result
  } catch (error) {
    if (isUnanswered(error)) database.commits.doubt()
    broken = await rollback(client, error)
    throw error
  } finally {
    client.release(broken)
  }
}
