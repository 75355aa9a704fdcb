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
  trx.later(
    trx.insertInto('events').values({
      practice_id: trx.practiceId,
      id,
      type: event.type,
      resource_type: event.type.slice(0, event.type.indexOf('.')),
      resource_id: event.resourceId,
      resource_version: event.resourceVersion ?? null,
      chart_id: event.chartId ?? null,
    }),
  )
  trx.later(trx.insertInto('event_backlog').values({ practice_id: trx.practiceId, id }))
}
