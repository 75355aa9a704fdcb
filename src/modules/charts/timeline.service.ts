import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { limits } from '../../lib/limits.ts'
import { type CursorKey, type Page, toPage } from '../../lib/pages.ts'
import { readableClasses } from './charts.rules.ts'
import { openChart } from './door.ts'
import { type After, listEvents, type TimelineRow } from './timeline.repository.ts'
import { shownTypes } from './timeline.rules.ts'
import type { TimelineEntry, TimelineQuery } from './timeline.schemas.ts'
import { toReadChart } from './ways.rules.ts'

/** @throws Problem `not-found` */
export async function getTimeline(
  trx: PracticeTransaction,
  chartId: string,
  query: TimelineQuery,
): Promise<Page<TimelineEntry>> {
  trx.audit({ resourceType: 'chart', resourceId: chartId })
  const chart = await openChart(trx, chartId, toReadChart)
  const types = shownTypes(trx.scope.actor.permissions, readableClasses(trx.scope.actor, chart))
  const { cursor, limit = limits.page.default } = query
  const after = toAfter(trx.cursorKey({ chartId }, cursor))
  const rows = await listEvents(trx, chartId, { limit, types, after })
  return toPage(rows, limit, toEntry, row => trx.cursorAfter({ chartId }, [row.at, row.id]))
}

const toAfter = (key: CursorKey | undefined): After | undefined =>
  key && { at: String(key[0]), id: String(key[1]) }

const toEntry = (row: TimelineRow): TimelineEntry => ({
  id: row.id,
  type: row.type,
  resourceType: row.resource_type,
  resourceId: row.resource_id,
  resourceVersion: row.resource_version,
  occurredAt: row.occurred_at.toISOString(),
})
