import { type Insertable, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { EmergencyAccesses } from '../../lib/database/schema.ts'
import { limits } from '../../lib/limits.ts'
import type { EmergencyAccessQuery } from './emergency-access.schemas.ts'

export type EmergencyAccessRow = Selectable<EmergencyAccesses> & {
  holder_name: string
  reviewer_name: string | null
  running: boolean
  overdue: boolean
}

/** By the database's clock, like every decision about these. */
const running = sql<boolean>`(e.ended_at is null and e.expires_at > now())`
const overdue = sql<boolean>`(e.reviewed_at is null and e.starts_at < now() - make_interval(hours => ${limits.emergencyReviewHours}))`

const accesses = (trx: PracticeTransaction) =>
  trx
    .selectFrom('emergency_accesses as e')
    .innerJoin('staff_members as h', join =>
      join.onRef('h.practice_id', '=', 'e.practice_id').onRef('h.id', '=', 'e.staff_id'),
    )
    .leftJoin('staff_members as r', join =>
      join.onRef('r.practice_id', '=', 'e.practice_id').onRef('r.id', '=', 'e.reviewed_by'),
    )
    .selectAll('e')
    .select([
      'h.display_name as holder_name',
      'r.display_name as reviewer_name',
      running.as('running'),
      overdue.as('overdue'),
    ])
    .where('e.practice_id', '=', trx.practiceId)

export function findAccess(trx: PracticeTransaction, id: string): Promise<EmergencyAccessRow | undefined> {
  return accesses(trx).where('e.id', '=', id).executeTakeFirst()
}

/** One row more than asked for, newest first. */
export function listAccesses(
  trx: PracticeTransaction,
  { limit, review, chartId, before }: EmergencyAccessQuery & { limit: number; before: string | undefined },
): Promise<EmergencyAccessRow[]> {
  let query = accesses(trx)
  if (review === 'done') query = query.where('e.reviewed_at', 'is not', null)
  if (review === 'open') query = query.where('e.reviewed_at', 'is', null)
  if (review === 'overdue') query = query.where(overdue)
  if (chartId) query = query.where('e.chart_id', '=', chartId)
  if (before) query = query.where('e.id', '<', before)
  return query
    .orderBy('e.id', 'desc')
    .limit(limit + 1)
    .execute()
}

export async function insertAccess(
  trx: PracticeTransaction,
  values: Omit<Insertable<EmergencyAccesses>, 'practice_id' | 'expires_at'>,
  minutes: number,
): Promise<void> {
  await trx
    .insertInto('emergency_accesses')
    .values({
      ...values,
      practice_id: trx.practiceId,
      expires_at: sql<Date>`now() + make_interval(mins => ${minutes})`,
    })
    .execute()
}

/** Ends a running access that still has this version. */
export function endAccess(
  trx: PracticeTransaction,
  id: string,
  version: number,
): Promise<{ id: string } | undefined> {
  return trx
    .updateTable('emergency_accesses')
    .set({ ended_at: sql<Date>`now()`, version: version + 1, updated_at: sql<Date>`now()` })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .where('version', '=', version)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', sql<Date>`now()`)
    .returning('id')
    .executeTakeFirst()
}

export interface ReviewValues {
  reviewedBy: string
  outcome: string
  comment: Buffer | null
}

/** Records the review of an access that still has this version and none yet. */
export function reviewAccess(
  trx: PracticeTransaction,
  id: string,
  version: number,
  { reviewedBy, outcome, comment }: ReviewValues,
): Promise<{ id: string } | undefined> {
  return trx
    .updateTable('emergency_accesses')
    .set({
      reviewed_at: sql<Date>`now()`,
      reviewed_by: reviewedBy,
      review_outcome: outcome,
      review_comment: comment,
      version: version + 1,
      updated_at: sql<Date>`now()`,
    })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .where('version', '=', version)
    .where('reviewed_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
}
