import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { limits } from '../../lib/limits.ts'
import type { Page } from '../../lib/pages.ts'
import { type AuditPlace, type AuditRow, searchAudit } from './audit.repository.ts'
import type { AuditEntry, AuditQuery } from './audit.schemas.ts'

/**
 * The audit trail, newest first. A page may hold fewer entries than asked for, or none, and still have a
 * next one: where few entries match, each request looks through a bounded stretch of the log.
 *
 * @throws Problem `invalid-cursor`
 */
export async function listAudit(trx: PracticeTransaction, query: AuditQuery): Promise<Page<AuditEntry>> {
  const { cursor, limit = limits.page.default, ...filter } = query
  trx.audit({ resourceType: 'audit-entry', ...(filter.chartId ? { chartId: filter.chartId } : {}) })
  if (filter.clientId) trx.audit({ clientIds: [filter.clientId] })
  const before = trx.cursorKey(filter, cursor) as AuditPlace | undefined
  const { rows, next } = await searchAudit(trx, { filter, before, limit, scan: limits.audit.scan })
  return { data: rows.map(toEntry), nextCursor: next && trx.cursorAfter(filter, [...next]) }
}

function toEntry(row: AuditRow): AuditEntry {
  return {
    id: row.id,
    occurredAt: row.occurred_at.toISOString(),
    actorKind: row.actor_kind as AuditEntry['actorKind'],
    actorId: row.actor_id,
    staffId: row.staff_id,
    sessionId: row.session_id,
    requestId: row.request_id,
    operation: row.operation,
    decision: row.decision as AuditEntry['decision'],
    outcome: row.outcome,
    purpose: row.purpose as AuditEntry['purpose'],
    resourceType: row.resource_type,
    resourceId: row.resource_id,
    chartId: row.chart_id,
    clientIds: row.client_ids,
    fields: row.fields,
    emergencyAccessId: row.emergency_access_id,
    remoteAddress: row.remote_address,
  }
}
