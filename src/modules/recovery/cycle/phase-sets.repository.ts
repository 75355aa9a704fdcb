import { type Insertable, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { CyclePhaseSets, CyclePhaseStarts } from '../../../lib/database/schema.ts'

export type PhaseSetRow = Selectable<CyclePhaseSets>

/** Adds the next version. Of two at once the constraint lets one through. */
export function insertSet(
  trx: PracticeTransaction,
  values: Omit<Insertable<CyclePhaseSets>, 'practice_id' | 'number'>,
): Promise<PhaseSetRow> {
  const next = sql<number>`(select coalesce(max(s.number), 0) + 1 from cycle_phase_sets s
    where s.practice_id = ${trx.practiceId})`
  return trx
    .insertInto('cycle_phase_sets')
    .values({ ...values, practice_id: trx.practiceId, number: next })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** One row more than asked for, newest first. */
export function listSets(
  trx: PracticeTransaction,
  { limit, after }: { limit: number; after: number | undefined },
): Promise<PhaseSetRow[]> {
  let query = trx.selectFrom('cycle_phase_sets').selectAll().where('practice_id', '=', trx.practiceId)
  if (after !== undefined) query = query.where('number', '<', after)
  return query
    .orderBy('number', 'desc')
    .limit(limit + 1)
    .execute()
}

/** The version in force. */
export const newestSet = async (trx: PracticeTransaction): Promise<PhaseSetRow | undefined> =>
  (await listSets(trx, { limit: 1, after: undefined }))[0]

/** That a chart began with a version: it does once, and of two at once the key lets one through. */
export async function insertStart(
  trx: PracticeTransaction,
  values: Omit<Insertable<CyclePhaseStarts>, 'practice_id'>,
): Promise<void> {
  await trx
    .insertInto('cycle_phase_starts')
    .values({ ...values, practice_id: trx.practiceId })
    .execute()
}
