import { CompiledQuery, sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from './database/practice-transaction.ts'
import type { EventType } from './event-types.ts'

export interface DomainEvent {
  type: EventType
  resourceId: string
  resourceVersion?: number
  /** Set where the resource belongs to a chart, so that the chart's timeline can show it. */
  chartId?: string
}

/**
 * Queues a domain event: ids, type and version only. It is written with the work and becomes visible
 * to readers when the relay numbers it, after commit.
 */
export function emit(trx: PracticeTransaction, event: DomainEvent): void {
  const id = uuidv7()
  const values = [
    trx.practiceId,
    id,
    event.type,
    event.type.slice(0, event.type.indexOf('.')),
    event.resourceId,
    event.resourceVersion ?? null,
    event.chartId ?? null,
  ]
  trx.record(CompiledQuery.raw(insertEvent, values))
  trx.record(CompiledQuery.raw(insertIntoBacklog, [trx.practiceId, id]))
}

const insertEvent = `insert into events (practice_id, id, type, resource_type, resource_id, resource_version, chart_id)
  values ($1, $2, $3, $4, $5, $6, $7)`
const insertIntoBacklog = 'insert into event_backlog (practice_id, id) values ($1, $2)'

/** Queues many events at once, in two statements: for an import, where one by one would take too long. */
export function emitAll(trx: PracticeTransaction, events: readonly DomainEvent[]): void {
  if (events.length === 0) return
  const rows = JSON.stringify(
    events.map(event => ({
      id: uuidv7(),
      type: event.type,
      resourceType: event.type.slice(0, event.type.indexOf('.')),
      resourceId: event.resourceId,
      resourceVersion: event.resourceVersion,
      chartId: event.chartId,
    })),
  )
  const insertEvents = sql`
    insert into events (practice_id, id, type, resource_type, resource_id, resource_version, chart_id)
    select ${trx.practiceId}, e.id, e.type, e."resourceType", e."resourceId", e."resourceVersion", e."chartId"
    from jsonb_to_recordset(${rows}::jsonb) as e(id uuid, type text, "resourceType" text, "resourceId" uuid,
      "resourceVersion" integer, "chartId" uuid)`
  const insertBacklog = sql`
    insert into event_backlog (practice_id, id)
    select ${trx.practiceId}, e.id from jsonb_to_recordset(${rows}::jsonb) as e(id uuid)`
  for (const query of [insertEvents, insertBacklog]) trx.later(query.compile(trx))
}
