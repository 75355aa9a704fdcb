import { CompiledQuery, sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { chainedColumns } from './audit-chain.ts'
import type { PracticeTransaction } from './database/practice-transaction.ts'
import { limits } from './limits.ts'

export interface AuditOutcome {
  decision: 'granted' | 'denied'
  /** The problem code of a refusal. */
  outcome?: string
}

/** Queues the request's one audit row; it commits with the work or not at all. */
export function writeAudit(trx: PracticeTransaction, outcome: AuditOutcome): void {
  const row = auditRow(trx, outcome)
  const values: unknown[] = columns.map(column => row[column])
  const chartIds = [...new Set(trx.auditDetails.chartIds)]
  if (chartIds.length === 0) trx.record(CompiledQuery.raw(insertSql, values))
  else trx.record(CompiledQuery.raw(insertOfChartsSql, [...values, chartIds]))
}

/**
 * For a change that is repeated every few seconds (the autosave of a text): queues the audit row of a granted
 * request unless this session's same operation on the same record has one that is younger than a sitting.
 * The log is append-only, so the row stands for what follows it; name in it what may change, not what did.
 */
export function writeAuditOfSitting(trx: PracticeTransaction): void {
  const row = auditRow(trx, { decision: 'granted' })
  if (
    !row.session_id ||
    !row.resource_id ||
    row.emergency_access_id ||
    trx.auditDetails.chartIds.length > 0
  ) {
    writeAudit(trx, { decision: 'granted' })
    return
  }
  const earlier = trx
    .selectFrom('audit_log as earlier')
    .select('earlier.id')
    .where('earlier.practice_id', '=', row.practice_id)
    .where('earlier.resource_type', '=', row.resource_type)
    .where('earlier.resource_id', '=', row.resource_id)
    .where('earlier.occurred_at', '>', sittingStart)
    .where('earlier.session_id', '=', row.session_id)
    .where('earlier.operation', '=', row.operation)
    .where('earlier.decision', '=', 'granted')
    .where('earlier.emergency_access_id', 'is', null)
  const values = trx
    .selectNoFrom(eb => columns.map(column => eb.val(row[column]).as(column)))
    .where(({ not, exists }) => not(exists(earlier)))
  trx.record(trx.insertInto('audit_log').columns(columns).expression(values))
}

const sittingStart = sql<Date>`now() - make_interval(mins => ${limits.sittingMinutes})`

/** All that is chained, but for the time, which the database gives. */
const columns = chainedColumns.filter(column => column !== 'occurred_at')

// Written with every request, so not built anew each time.
const placeOf = (column: (typeof columns)[number]) => `$${columns.indexOf(column) + 1}`
const insertSql = `insert into audit_log (${columns.join(', ')}) values (${columns.map(placeOf).join(', ')})`

/** The same with whoever is a member of the charts beside the people that were named. */
const insertOfChartsSql = `insert into audit_log (${columns.join(', ')}) values (${columns
  .map(column => (column === 'client_ids' ? clientsNamedOrIn() : placeOf(column)))
  .join(', ')})`

function clientsNamedOrIn(): string {
  return `array(select unnest(${placeOf('client_ids')}::uuid[]) union
    select m.client_id from chart_members m where m.practice_id = ${placeOf('practice_id')}
      and m.chart_id = any($${columns.length + 1}::uuid[]) and m.left_at is null)`
}

function auditRow(trx: PracticeTransaction, outcome: AuditOutcome) {
  const { scope, auditDetails: details } = trx
  return {
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
  }
}
