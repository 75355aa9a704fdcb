import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { Practices } from '../../lib/database/schema.ts'

export type PracticeRow = Selectable<Practices>

export function findPractice(trx: PracticeTransaction): Promise<PracticeRow | undefined> {
  return trx.selectFrom('practices').selectAll().where('practice_id', '=', trx.practiceId).executeTakeFirst()
}

/**
 * Today's date where the practice counts its days: licenses expire, supervision begins and care teams change by
 * it. For use inside another statement.
 */
export const practiceToday = (trx: PracticeTransaction) =>
  sql<string>`(select (now() at time zone p.time_zone)::date from practices p where p.practice_id = ${trx.practiceId})`

export async function today(trx: PracticeTransaction): Promise<string> {
  const row = await trx.selectNoFrom(practiceToday(trx).as('today')).executeTakeFirstOrThrow()
  return row.today
}

export function insertPractice(
  trx: PracticeTransaction,
  values: Omit<Insertable<Practices>, 'practice_id'>,
): Promise<PracticeRow> {
  trx.later(trx.insertInto('practice_directory').values({ practice_id: trx.practiceId }))
  return trx
    .insertInto('practices')
    .values({ ...values, practice_id: trx.practiceId })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Changes the row if it still has this version. */
export function updatePractice(
  trx: PracticeTransaction,
  version: number,
  changes: Updateable<Practices>,
): Promise<PracticeRow | undefined> {
  return trx
    .updateTable('practices')
    .set({ ...changes, version: version + 1, updated_at: sql<Date>`now()` })
    .where('practice_id', '=', trx.practiceId)
    .where('version', '=', version)
    .returningAll()
    .executeTakeFirst()
}
