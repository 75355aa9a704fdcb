import { type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { AuditLog } from '../../lib/database/schema.ts'
import type { AuditQuery } from './audit.schemas.ts'

export type AuditRow = Selectable<AuditLog>

/** The place of a row in the order of the log: its time to the microsecond, and its id. */
export type AuditPlace = readonly [occurredAt: string, id: string]

export interface AuditSearch {
  filter: Pick<AuditQuery, 'actorId' | 'clientId' | 'chartId' | 'operation' | 'from' | 'to'>
  before: AuditPlace | undefined
  limit: number
  scan: number
}

/**
 * Rows of the log, newest first. Time, actor and chart are found by index; client and operation are looked
 * for among the next `scan` rows, so that no request walks years of a log.
 *
 * @returns the rows, and where to go on; null when the log's beginning was reached
 */
export async function searchAudit(
  trx: PracticeTransaction,
  search: AuditSearch,
): Promise<{ rows: AuditRow[]; next: AuditPlace | null }> {
  const { limit, scan } = search
  const [end] = await inOrder(trx, search).select(['id', placeTime]).offset(scan).limit(1).execute()
  let query = inOrder(trx, search).selectAll().select(placeTime)
  if (end) query = query.where(after(end.place_time, end.id))
  const { clientId, operation } = search.filter
  if (clientId) query = query.where(sql<boolean>`${clientId}::uuid = any(client_ids)`)
  if (operation) query = query.where('operation', '=', operation)
  const found = await query.limit(limit + 1).execute()
  const rows = found.slice(0, limit)
  const last = rows.at(-1)
  if (found.length > limit && last) return { rows, next: [last.place_time, last.id] }
  return { rows, next: end ? [end.place_time, end.id] : null }
}

const placeTime = sql<string>`to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`.as(
  'place_time',
)

const after = (time: string, id: string) =>
  sql<boolean>`(occurred_at, id) >= (${time}::timestamptz, ${id}::uuid)`

function inOrder(trx: PracticeTransaction, { filter, before }: AuditSearch) {
  let query = trx.selectFrom('audit_log').where('practice_id', '=', trx.practiceId)
  if (filter.actorId) query = query.where('actor_id', '=', filter.actorId)
  if (filter.chartId) query = query.where('chart_id', '=', filter.chartId)
  if (filter.from) query = query.where('occurred_at', '>=', new Date(filter.from))
  if (filter.to) query = query.where('occurred_at', '<', new Date(filter.to))
  if (before)
    query = query.where(sql<boolean>`(occurred_at, id) < (${before[0]}::timestamptz, ${before[1]}::uuid)`)
  return query.orderBy('occurred_at', 'desc').orderBy('id', 'desc')
}
