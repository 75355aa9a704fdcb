import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { ApiClients } from '../../lib/database/schema.ts'

export type ApiClientRow = Selectable<ApiClients>

export function findApiClient(trx: PracticeTransaction, id: string): Promise<ApiClientRow | undefined> {
  return trx
    .selectFrom('api_clients')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** One row more than asked for, oldest first. */
export function listApiClients(
  trx: PracticeTransaction,
  { limit, after }: { limit: number; after: string | undefined },
): Promise<ApiClientRow[]> {
  let query = trx.selectFrom('api_clients').selectAll().where('practice_id', '=', trx.practiceId)
  if (after) query = query.where('id', '>', after)
  return query
    .orderBy('id')
    .limit(limit + 1)
    .execute()
}

export function insertApiClient(
  trx: PracticeTransaction,
  values: Omit<Insertable<ApiClients>, 'practice_id'>,
): Promise<ApiClientRow> {
  return trx
    .insertInto('api_clients')
    .values({ ...values, practice_id: trx.practiceId })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Changes the row if it still has this version and is not revoked. Its tokens carry the version, so they end. */
export function updateApiClient(
  trx: PracticeTransaction,
  id: string,
  version: number,
  changes: Updateable<ApiClients>,
): Promise<ApiClientRow | undefined> {
  return trx
    .updateTable('api_clients')
    .set({ ...changes, version: version + 1, updated_at: sql<Date>`now()` })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .where('version', '=', version)
    .where('revoked_at', 'is', null)
    .returningAll()
    .executeTakeFirst()
}

/** Revokes whatever version it has: there may be no time to read first. */
export function revokeApiClient(trx: PracticeTransaction, id: string): Promise<ApiClientRow | undefined> {
  return trx
    .updateTable('api_clients')
    .set(({ eb }) => ({
      revoked_at: sql<Date>`now()`,
      version: eb('version', '+', 1),
      updated_at: sql<Date>`now()`,
    }))
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returningAll()
    .executeTakeFirst()
}

/** Not a change of the client: its version stays, or each token would end the one before. */
export function touchApiClient(trx: PracticeTransaction, id: string): void {
  trx.later(
    trx
      .updateTable('api_clients')
      .set({ last_used_at: sql<Date>`now()` })
      .where('practice_id', '=', trx.practiceId)
      .where('id', '=', id),
  )
}

/** Remembers an assertion. @returns false when it was used before */
export async function useAssertion(
  trx: PracticeTransaction,
  assertion: { clientId: string; jti: string; expiresAt: Date },
): Promise<boolean> {
  const row = await trx
    .insertInto('api_client_assertions')
    .values({
      practice_id: trx.practiceId,
      client_id: assertion.clientId,
      jti: assertion.jti,
      expires_at: assertion.expiresAt,
    })
    .onConflict(conflict => conflict.constraint('api_client_assertions_pkey').doNothing())
    .returning('jti')
    .executeTakeFirst()
  return row !== undefined
}
