import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { notFound } from '../../lib/problems.ts'
import { openChart, toReadChart, useEmergencyForCharts } from '../charts/index.ts'
import { toAppointment, toChange } from './appointment.view.ts'
import * as repository from './appointments.repository.ts'
import { listPeriod } from './appointments.rules.ts'
import type { Appointment, AppointmentQuery } from './appointments.schemas.ts'
import * as changes from './changes.repository.ts'
import type { AppointmentChange, ChangeQuery } from './changes.schemas.ts'

/**
 * The door to one appointment: a replay passes it again.
 *
 * @throws Problem `not-found` when there is none, or the caller may not see it
 */
export async function openAppointmentRow(
  trx: PracticeTransaction,
  id: string,
): Promise<repository.AppointmentRow> {
  trx.audit({ resourceType: 'appointment', resourceId: id })
  const row = await repository.findVisible(trx, id)
  if (!row) throw notFound()
  // Emergency access counts as a way through the chart: its door records it.
  if (row.seen_as === 'chart') await openChart(trx, row.chart_id, toReadChart)
  trx.audit({ chartId: row.chart_id, clientIds: row.member_ids })
  trx.passDoor({ door: 'appointment', id, need: 'read' })
  return row
}

/** @throws Problem `not-found` */
export async function getAppointment(trx: PracticeTransaction, id: string): Promise<Appointment> {
  return toAppointment(await openAppointmentRow(trx, id))
}

/** By start. @throws Problem `invalid-request`, `invalid-cursor` */
export async function listAppointments(
  trx: PracticeTransaction,
  query: AppointmentQuery,
): Promise<Page<Appointment>> {
  trx.audit({ resourceType: 'appointment' })
  const { cursor, limit = limits.page.default, ...filter } = query
  const period = listPeriod(filter)
  const [startsAt, id] = trx.cursorKey(filter, cursor) ?? []
  const after = startsAt === undefined ? undefined : { startsAt: String(startsAt), id: String(id) }
  const rows = await repository.list(trx, { ...filter, ...period }, { limit, after })
  const shown = rows.slice(0, limit)
  trx.audit({ clientIds: shown.flatMap(row => row.member_ids) })
  const throughChart = shown.filter(row => row.seen_as === 'chart').map(row => row.chart_id)
  await useEmergencyForCharts(trx, throughChart, toReadChart.dataClass, toReadChart.permission)
  return toPage(rows, limit, toAppointment, row =>
    trx.cursorAfter(filter, [row.starts_at.toISOString(), row.id]),
  )
}

/**
 * What became of an appointment, oldest first. Notes are for people of the practice who may open the chart: a clinician
 * who left the care team still has the hour in the own calendar, and not what was said of the client.
 *
 * @throws Problem `not-found`
 */
export async function listChanges(
  trx: PracticeTransaction,
  id: string,
  { cursor, limit = limits.page.default }: ChangeQuery,
): Promise<Page<AppointmentChange>> {
  const { seen_as: seenAs } = await openAppointmentRow(trx, id)
  const after = trx.cursorKey({ id }, cursor)?.[0]
  const rows = await changes.listChanges(trx, id, {
    limit,
    after: after === undefined ? undefined : Number(after),
  })
  const readsNotes = trx.scope.actor.kind === 'user' && (seenAs === 'all' || seenAs === 'chart')
  const notes = new Map<string, string | null>()
  for (const row of rows) if (readsNotes) notes.set(row.id, await changes.openNote(trx, row))
  return toPage(
    rows,
    limit,
    row => toChange(row, seenAs !== 'part', notes.get(row.id) ?? null),
    row => trx.cursorAfter({ id }, [row.appointment_version]),
  )
}
