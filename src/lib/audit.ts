import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from './database/practice-transaction.ts'

/** What one request touched: ids and field names, never values. */
export interface AuditDetails {
  resourceType?: string
  resourceId?: string
  chartId?: string
  /** People whose records were shown or changed. */
  clientIds: string[]
  /** Names of changed fields. */
  fields: string[]
  emergencyAccessId?: string
}

export interface AuditOutcome {
  decision: 'granted' | 'denied'
  /** The problem code of a refusal. */
  outcome?: string
}

/** Queues the request's one audit row; it commits with the work or not at all. */
export function writeAudit(trx: PracticeTransaction, outcome: AuditOutcome): void {
  const { scope, auditDetails: details } = trx
  trx.later(
    trx.insertInto('audit_log').values({
      practice_id: trx.practiceId,
      id: uuidv7(),
      actor_kind: scope.actor.kind,
      actor_id: scope.actor.id,
      session_id: scope.sessionId,
      request_id: scope.requestId,
      operation: scope.operation,
      decision: outcome.decision,
      outcome: outcome.outcome ?? null,
      purpose: details.emergencyAccessId ? 'emergency' : scope.purpose,
      resource_type: details.resourceType ?? null,
      resource_id: details.resourceId ?? null,
      chart_id: details.chartId ?? null,
      client_ids: [...new Set(details.clientIds)],
      fields: [...new Set(details.fields)],
      emergency_access_id: details.emergencyAccessId ?? null,
      remote_address: scope.remoteAddress,
    }),
  )
}
