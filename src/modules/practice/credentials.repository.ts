import { type Expression, type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { StaffCredentials } from '../../lib/database/schema.ts'

export type CredentialRow = Selectable<StaffCredentials>

export function findCredential(
  trx: PracticeTransaction,
  staffId: string,
  id: string,
): Promise<CredentialRow | undefined> {
  return trx
    .selectFrom('staff_credentials')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('staff_id', '=', staffId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** One row more than asked for, ordered by id (creation). */
export function listCredentials(
  trx: PracticeTransaction,
  staffId: string,
  { limit, after }: { limit: number; after: string | undefined },
): Promise<CredentialRow[]> {
  let query = trx
    .selectFrom('staff_credentials')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('staff_id', '=', staffId)
  if (after) query = query.where('id', '>', after)
  return query
    .orderBy('id')
    .limit(limit + 1)
    .execute()
}

/** What a person may put behind the name on this day, in order of code. */
export function credentialsOn(
  trx: PracticeTransaction,
  staffId: string,
  day: Expression<string>,
): Promise<CredentialRow[]> {
  return trx
    .selectFrom('staff_credentials')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('staff_id', '=', staffId)
    .where(sql<boolean>`status = any(${['held', 'candidate']})`)
    .where(eb => eb.or([eb('expires_on', 'is', null), eb('expires_on', '>=', day)]))
    .orderBy('code')
    .execute()
}

export function insertCredential(
  trx: PracticeTransaction,
  values: Omit<Insertable<StaffCredentials>, 'practice_id'>,
): Promise<CredentialRow> {
  return trx
    .insertInto('staff_credentials')
    .values({ ...values, practice_id: trx.practiceId })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Changes the row if it still has this version. */
export function updateCredential(
  trx: PracticeTransaction,
  staffId: string,
  id: string,
  version: number,
  changes: Updateable<StaffCredentials>,
): Promise<CredentialRow | undefined> {
  return trx
    .updateTable('staff_credentials')
    .set({ ...changes, version: version + 1, updated_at: sql<Date>`now()` })
    .where('practice_id', '=', trx.practiceId)
    .where('staff_id', '=', staffId)
    .where('id', '=', id)
    .where('version', '=', version)
    .returningAll()
    .executeTakeFirst()
}
