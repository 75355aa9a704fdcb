import { type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { AuditLog } from '../../lib/database/schema.ts'
import type { AuditQuery } from './audit.schemas.ts'

/** `staff_id` is the member of staff whom the actor is. */
export type AuditRow = Selectable<AuditLog> & { staff_id: string | null }

/** The place of a row in the order of the log: its time to the microsecond, and its id. */
export type AuditPlace = readonly [occurredAt: string, id: string]

export interface AuditSearch {
  filter: Pick<AuditQuery, 'actorId' | 'staffId' | 'clientId' | 'chartId' | 'operation' | 'from' | 'to'>
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
  const { clientId, operation } = search.filter
  const end = clientId || operation ? await placeAfter(trx, search, scan) : undefined
  let query = inOrder(trx, search).selectAll().select([placeTime, staffId])
  if (end) query = query.where(after(end.place_time, end.id))
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

const staffId = sql<string | null>`(select s.id from staff_members s
  where s.practice_id = audit_log.practice_id and s.user_id = audit_log.actor_id)`.as('staff_id')

const userOf = (trx: PracticeTransaction, staffId: string) =>
  trx
    .selectFrom('staff_members')
    .select('user_id')
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', staffId)

/** Where a stretch of so many rows ends; undefined when the log begins before that. */
const placeAfter = (trx: PracticeTransaction, search: AuditSearch, rows: number) =>
  inOrder(trx, search).select(['id', placeTime]).offset(rows).limit(1).executeTakeFirst()

const after = (time: string, id: string) =>
  sql<boolean>`(occurred_at, id) >= (${time}::timestamptz, ${id}::uuid)`

function inOrder(trx: PracticeTransaction, { filter, before }: AuditSearch) {
  let query = trx.selectFrom('audit_log').where('practice_id', '=', trx.practiceId)
  if (filter.actorId) query = query.where('actor_id', '=', filter.actorId)
  if (filter.staffId) query = query.where('actor_id', '=', userOf(trx, filter.staffId))
  if (filter.chartId) query = query.where('chart_id', '=', filter.chartId)
  if (filter.from) query = query.where('occurred_at', '>=', new Date(filter.from))
  if (filter.to) query = query.where('occurred_at', '<', new Date(filter.to))
  if (before)
    query = query.where(sql<boolean>`(occurred_at, id) < (${before[0]}::timestamptz, ${before[1]}::uuid)`)
  return query.orderBy('occurred_at', 'desc').orderBy('id', 'desc')
}
