import { type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { Events } from '../../lib/database/schema.ts'

/** `at` is the time to the microsecond: a JavaScript date would cut it, and the next page would repeat rows. */
export type TimelineRow = Omit<Selectable<Events>, 'practice_id' | 'chart_id'> & { at: string }

export interface After {
  at: string
  id: string
}

/** One row more than asked for, newest first. */
export function listEvents(
  trx: PracticeTransaction,
  chartId: string,
  { limit, types, after }: { limit: number; types: readonly string[]; after: After | undefined },
): Promise<TimelineRow[]> {
  let query = trx
    .selectFrom('events')
    .select(['id', 'type', 'resource_type', 'resource_id', 'resource_version', 'occurred_at'])
    .select(sql<string>`occurred_at::text`.as('at'))
    .where('practice_id', '=', trx.practiceId)
    .where('chart_id', '=', chartId)
    .where('type', '=', sql<string>`any(${types}::text[])`)
  if (after)
    query = query.where(sql<boolean>`(occurred_at, id) < (${after.at}::timestamptz, ${after.id}::uuid)`)
  return query
    .orderBy('occurred_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
}
