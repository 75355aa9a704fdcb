import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { limits } from '../../../lib/limits.ts'
import { type Page, toPage } from '../../../lib/pages.ts'
import { notFound, Problem } from '../../../lib/problems.ts'
import { openChart, toReadChart, useEmergencyForCharts } from '../../charts/index.ts'
import { assertKeepsCalendarOf } from '../appointments.rules.ts'
import type { SeriesDate, SeriesDateQuery } from './dates.schemas.ts'
import type { SeriesStep, SeriesStepQuery } from './history.schemas.ts'
import * as repository from './series.repository.ts'
import type { AppointmentSeries, SeriesQuery } from './series.schemas.ts'
import { agreedOf, datesOfRows, openNote, toDate, toSeries, toStep } from './series.view.ts'

/**
 * The door to one series: a replay passes it again.
 *
 * @throws Problem `not-found` when there is none, or the caller may not see it
 */
export async function openSeriesRow(trx: PracticeTransaction, id: string): Promise<repository.SeriesRow> {
  trx.audit({ resourceType: 'appointment-series', resourceId: id })
  const row = await repository.findVisible(trx, id)
  if (!row) throw notFound()
  // Emergency access counts as a way through the chart: its door records it.
  if (row.seen_as === 'chart') await openChart(trx, row.chart_id, toReadChart)
  trx.audit({ chartId: row.chart_id, clientIds: row.member_ids })
  trx.passDoor({ door: 'appointment-series', id, need: 'read' })
  return row
}

/**
 * A series of a calendar the caller keeps, as the caller read it, locked.
 *
 * @throws Problem `not-found`, `not-permitted`, `stale-version`; `invalid-state` for one that has ended
 */
export async function openForStep(
  trx: PracticeTransaction,
  id: string,
  version: number,
): Promise<repository.SeriesRow> {
  const row = await openForChange(trx, id)
  const locked = await repository.lockSeries(trx, id)
  if (row.version !== version || locked?.version !== version) throw new Problem('stale-version')
  assertActive(row)
  return { ...row, booked_until: locked.booked_until }
}

/** @throws Problem `invalid-state` */
export function assertActive({ status }: Pick<repository.SeriesRow, 'status'>): void {
  if (status !== 'active') throw new Problem('invalid-state', { detail: 'The series has ended.' })
}

/** @throws Problem `not-found`, `not-permitted` */
export async function openForChange(trx: PracticeTransaction, id: string): Promise<repository.SeriesRow> {
  const row = await openSeriesRow(trx, id)
  assertKeepsCalendarOf(trx.scope, row.clinician_id)
  return row
}

/** @throws Problem `not-found` */
export async function getSeries(trx: PracticeTransaction, id: string): Promise<AppointmentSeries> {
  return toSeries(await openSeriesRow(trx, id))
}

/** In the order in which they were booked. @throws Problem `invalid-cursor` */
export async function listSeries(
  trx: PracticeTransaction,
  query: SeriesQuery,
): Promise<Page<AppointmentSeries>> {
  trx.audit({ resourceType: 'appointment-series' })
  const { cursor, limit = limits.page.default, ...filter } = query
  const after = trx.cursorKey(filter, cursor)?.[0]
  const rows = await repository.list(trx, filter, {
    limit,
    after: after === undefined ? undefined : String(after),
  })
  const shown = rows.slice(0, limit)
  trx.audit({ clientIds: shown.flatMap(row => row.member_ids) })
  const throughChart = shown.filter(row => row.seen_as === 'chart').map(row => row.chart_id)
  await useEmergencyForCharts(trx, throughChart, toReadChart.dataClass, toReadChart.permission)
  return toPage(rows, limit, toSeries, row => trx.cursorAfter(filter, [row.id]))
}

/** In order. @throws Problem `not-found`, `invalid-cursor` */
export async function listDates(
  trx: PracticeTransaction,
  id: string,
  { cursor, limit = limits.page.default, from }: SeriesDateQuery,
): Promise<Page<SeriesDate>> {
  const row = await openSeriesRow(trx, id)
  const filter = { id, from }
  const after = trx.cursorKey(filter, cursor)?.[0]
  const rows = await repository.listDates(trx, id, {
    from,
    after: after === undefined ? undefined : String(after),
    limit,
  })
  return toPage(
    datesOfRows(rows, agreedOf(row)),
    limit,
    date => toDate(date, row.time_zone, null),
    ({ date }) => trx.cursorAfter(filter, [date]),
  )
}

/**
 * What became of a series, oldest first. Notes are for people of the practice who may open the chart.
 *
 * @throws Problem `not-found`, `invalid-cursor`
 */
export async function listSteps(
  trx: PracticeTransaction,
  id: string,
  { cursor, limit = limits.page.default }: SeriesStepQuery,
): Promise<Page<SeriesStep>> {
  const { seen_as: seenAs } = await openSeriesRow(trx, id)
  const after = trx.cursorKey({ id }, cursor)?.[0]
  const rows = await repository.listChanges(trx, id, {
    limit,
    after: after === undefined ? undefined : Number(after),
  })
  const readsNotes = trx.scope.actor.kind === 'user' && (seenAs === 'all' || seenAs === 'chart')
  const notes = new Map<string, string | null>()
  for (const row of rows) if (readsNotes) notes.set(row.id, await openNote(trx, row))
  return toPage(
    rows,
    limit,
    row => toStep(row, seenAs !== 'part', notes.get(row.id) ?? null),
    row => trx.cursorAfter({ id }, [row.series_version]),
  )
}
