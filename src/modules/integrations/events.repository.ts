import { sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { EventType } from '../../lib/event-types.ts'

export interface EventRow {
  position: number
  id: string
  type: string
  occurred_at: Date
  resource_type: string
  resource_id: string
  resource_version: number | null
  chart_id: string | null
}

/** The newest numbered position; 0 before the first event. */
export async function lastPosition(trx: PracticeTransaction): Promise<number> {
  const row = await trx
    .selectFrom('event_counters')
    .select('last_position')
    .where('practice_id', '=', trx.practiceId)
    .executeTakeFirst()
  return row?.last_position ?? 0
}

/**
 * Numbered events of these types behind a position, in order. It looks at `scan` positions at most, counted from
 * the first there is (a restored database leaves a gap), so that a rare type does not make one request walk the
 * whole feed.
 *
 * @returns the events, and the last position that was looked at
 */
export async function eventsAfter(
  trx: PracticeTransaction,
  {
    position,
    types,
    limit,
    scan,
  }: { position: number; types: readonly EventType[]; limit: number; scan: number },
): Promise<{ rows: EventRow[]; scannedTo: number }> {
  const end = await trx
    .selectFrom('event_positions')
    .select('position')
    .where('practice_id', '=', trx.practiceId)
    .where('position', '>', position)
    .where(
      'position',
      '<',
      sql<number>`(select first.position from event_positions first where first.practice_id = ${trx.practiceId}
        and first.position > ${position} order by first.position limit 1) + ${scan}::int`,
    )
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!end) return { rows: [], scannedTo: position }
  const rows = await trx
    .selectFrom('event_positions as p')
    .innerJoinLateral(
      eb =>
        eb
          .selectFrom('events')
          .select([
            'id',
            'type',
            'occurred_at',
            'resource_type',
            'resource_id',
            'resource_version',
            'chart_id',
          ])
          .where('practice_id', '=', trx.practiceId)
          .whereRef('occurred_at', '=', 'p.occurred_at')
          .whereRef('id', '=', 'p.event_id')
          .where('type', '=', sql<string>`any(${types}::text[])`)
          // Event by event: the planner would take the few positions for a reason to read the whole month.
          .limit(1)
          .as('e'),
      join => join.onTrue(),
    )
    .select(['p.position', 'e.id', 'e.type', 'e.occurred_at', 'e.resource_type', 'e.resource_id'])
    .select(['e.resource_version', 'e.chart_id'])
    .where('p.practice_id', '=', trx.practiceId)
    .where('p.position', '>', position)
    .where('p.position', '<=', end.position)
    .orderBy('p.position')
    .limit(limit)
    .execute()
  const last = rows.at(-1)
  return { rows, scannedTo: rows.length === limit && last ? last.position : end.position }
}
