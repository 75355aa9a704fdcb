import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { RelatedPeople } from '../../lib/database/schema.ts'

export type RelatedPersonRow = Selectable<RelatedPeople>

export function findRelatedPerson(
  trx: PracticeTransaction,
  clientId: string,
  id: string,
): Promise<RelatedPersonRow | undefined> {
  return trx
    .selectFrom('related_people')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('client_id', '=', clientId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** One row more than asked for, oldest first. */
export function listRelatedPeople(
  trx: PracticeTransaction,
  clientId: string,
  { limit, after }: { limit: number; after: string | undefined },
): Promise<RelatedPersonRow[]> {
  let query = trx
    .selectFrom('related_people')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('client_id', '=', clientId)
  if (after) query = query.where('id', '>', after)
  return query
    .orderBy('id')
    .limit(limit + 1)
    .execute()
}

export function insertRelatedPerson(
  trx: PracticeTransaction,
  values: Omit<Insertable<RelatedPeople>, 'practice_id'>,
): Promise<RelatedPersonRow> {
  return trx
    .insertInto('related_people')
    .values({ ...values, practice_id: trx.practiceId })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Changes the row if it still has this version. */
export function updateRelatedPerson(
  trx: PracticeTransaction,
  { id, clientId, version }: { id: string; clientId: string; version: number },
  changes: Updateable<RelatedPeople>,
): Promise<RelatedPersonRow | undefined> {
  return trx
    .updateTable('related_people')
    .set({ ...changes, version: version + 1, updated_at: sql<Date>`now()` })
    .where('practice_id', '=', trx.practiceId)
    .where('client_id', '=', clientId)
    .where('id', '=', id)
    .where('version', '=', version)
    .returningAll()
    .executeTakeFirst()
}
