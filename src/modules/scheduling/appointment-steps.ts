import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { EventType } from '../../lib/event-types.ts'
import { emit } from '../../lib/events.ts'
import { Problem } from '../../lib/problems.ts'
import { changedOrRefused } from '../../lib/versions.ts'
import { toAppointment } from './appointment.view.ts'
import * as repository from './appointments.repository.ts'
import { afterStep, assertKeepsCalendarOf, type Step, statusOf } from './appointments.rules.ts'
import type { Appointment, AppointmentStatus } from './appointments.schemas.ts'
import { openAppointmentRow } from './appointments.service.ts'
import { type Reason, record } from './changes.repository.ts'

/** What every step of an appointment has in common. */
type Row = repository.AppointmentRow

const eventOf: Readonly<Record<Step, EventType>> = {
  moved: 'appointment.moved',
  confirmed: 'appointment.confirmed',
  arrived: 'appointment.arrived',
  started: 'appointment.started',
  completed: 'appointment.completed',
  no_show: 'appointment.no-show',
  canceled: 'appointment.canceled',
  late_canceled: 'appointment.canceled',
  uncanceled: 'appointment.uncanceled',
}

/**
 * An appointment of a calendar the caller keeps. Who may not see it learns nothing.
 *
 * @throws Problem `not-found`, `not-permitted`
 */
export async function openForChange(trx: PracticeTransaction, id: string): Promise<Row> {
  const row = await openAppointmentRow(trx, id)
  assertKeepsCalendarOf(trx.scope, row.clinician_id)
  return row
}

/**
 * The appointment as the caller read it; the calendar is judged before the version.
 *
 * @throws Problem `not-found`, `not-permitted`, `stale-version`
 */
export async function openForStep(trx: PracticeTransaction, id: string, version: number): Promise<Row> {
  const before = await openForChange(trx, id)
  if (before.version !== version) throw new Problem('stale-version')
  return before
}

/** @throws Problem `invalid-state` */
export const statusAfter = (before: Row, step: Step): AppointmentStatus =>
  afterStep(statusOf(before.status), step)

/** @throws Problem `stale-version` */
export async function changeRow(
  trx: PracticeTransaction,
  before: Row,
  changes: repository.AppointmentUpdate,
): Promise<Row> {
  const changed = await repository.update(trx, before.id, before.version, changes)
  const columns = await changedOrRefused(changed, () => repository.find(trx, before.id))
  trx.audit({ fields: Object.keys(changes) })
  return { ...before, ...columns }
}

/** Writes the step into the history and tells of it. */
export async function finish(
  trx: PracticeTransaction,
  step: Step,
  after: Row,
  reason?: Reason,
): Promise<Appointment> {
  await record(trx, step, after, reason)
  emit(trx, {
    type: eventOf[step],
    resourceId: after.id,
    resourceVersion: after.version,
    chartId: after.chart_id,
  })
  return toAppointment(after)
}
