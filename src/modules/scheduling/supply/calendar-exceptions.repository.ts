import { type Insertable, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { CalendarExceptions } from '../../../lib/database/schema.ts'
import type { CalendarExceptionQuery } from './calendar-exceptions.schemas.ts'

export type ExceptionRow = Selectable<CalendarExceptions>
export type NewException = Omit<Insertable<CalendarExceptions>, 'practice_id'>

/** One that counts. */
export function findException(trx: PracticeTransaction, id: string): Promise<ExceptionRow | undefined> {
  return trx
    .selectFrom('calendar_exceptions')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst()
}

/** One row more than asked for, by last day. */
export function listExceptions(
  trx: PracticeTransaction,
  { from, until, staffId, kind }: Omit<CalendarExceptionQuery, 'cursor' | 'limit'>,
  { limit, after }: { limit: number; after: { endsOn: string; id: string } | undefined },
): Promise<ExceptionRow[]> {
  let query = trx
    .selectFrom('calendar_exceptions')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('withdrawn_at', 'is', null)
    .where('ends_on', '>=', from)
    .where('starts_on', '<=', until)
  if (staffId) query = query.where('staff_id', '=', staffId)
  if (kind) query = query.where('kind', '=', kind)
  if (after) query = query.where(sql<boolean>`(ends_on, id) > (${after.endsOn}::date, ${after.id}::uuid)`)
  return query
    .orderBy('ends_on')
    .orderBy('id')
    .limit(limit + 1)
    .execute()
}

export function insertException(trx: PracticeTransaction, values: NewException): Promise<ExceptionRow> {
  return trx
    .insertInto('calendar_exceptions')
    .values({ ...values, practice_id: trx.practiceId })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** @returns undefined where it was withdrawn meanwhile */
export function withdrawException(trx: PracticeTransaction, id: string): Promise<{ id: string } | undefined> {
  return trx
    .updateTable('calendar_exceptions')
    .set({ withdrawn_at: sql<Date>`now()`, withdrawn_by: trx.scope.actor.staffId })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .where('withdrawn_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
}
