import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { limits } from '../../lib/limits.ts'
import { Problem } from '../../lib/problems.ts'
import { Pause } from '../../plugins/operations/index.ts'
import * as repository from './events.repository.ts'
import { isEventType, visibleTypes } from './events.rules.ts'
import type { DomainEvent, EventPage, EventQuery } from './events.schemas.ts'
import type { NewEvents } from './new-events.ts'

/**
 * The next events for this caller, or a pause when there are none yet and it is willing to wait.
 *
 * @throws Problem `invalid-cursor`, `invalid-request` for a type that does not exist
 */
export async function nextEvents(
  trx: PracticeTransaction,
  query: EventQuery,
  waitedMs: number,
  newEvents: NewEvents,
): Promise<EventPage | Pause> {
  trx.audit({ resourceType: 'event' })
  const wanted = wantedTypes(query.types)
  const { limit = limits.page.default, waitSeconds = 0 } = query
  const visible = visibleTypes(trx.scope)
  const from = trx.cursorKey(wanted, query.cursor)?.[0] ?? 0
  const { rows, scannedTo } = await repository.eventsAfter(trx, {
    position: Number(from),
    types: wanted ? visible.filter(type => wanted.includes(type)) : visible,
    limit,
    scan: limits.feed.scan,
  })
  const leftMs = waitSeconds * 1000 - waitedMs
  if (rows.length === 0 && leftMs > 0 && scannedTo - Number(from) < limits.feed.scan) {
    return new Pause(signal => newEvents.behind(trx.practiceId, scannedTo, leftMs, signal))
  }
  return { data: rows.map(toEvent), nextCursor: trx.cursorAfter(wanted, [scannedTo]) }
}

/** The types asked for, in one order, so that a cursor holds however they are written; null for all. */
function wantedTypes(types: EventQuery['types']): string[] | null {
  if (!types) return null
  const wanted = [...new Set(types.flatMap(entry => entry.split(',')))].sort()
  if (wanted.every(isEventType)) return wanted
  const detail = 'There is no such event type; the documentation lists them.'
  throw new Problem('invalid-request', { errors: [{ pointer: 'query/types', code: 'enum', detail }] })
}

function toEvent(row: repository.EventRow): DomainEvent {
  return {
    id: row.id,
    type: row.type,
    occurredAt: row.occurred_at.toISOString(),
    resource: { type: row.resource_type, id: row.resource_id, version: row.resource_version },
    chartId: row.chart_id,
  }
}
