import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { given } from '../../../lib/given.ts'
import { keepsTime } from '../appointments.rules.ts'
import { askForReason } from '../separation/one-clinician.ts'
import { columnsOf } from './booking.service.ts'
import { planChange } from './change.plan.ts'
import type { SeriesChange } from './change.schemas.ts'
import { countsOf, recordSeries, stepsOf, tell } from './finish.ts'
import {
  cancelAppointments,
  insertAppointments,
  moveAppointments,
  replaceDates,
} from './many-appointments.repository.ts'
import { busyDates, newRowsOf, takeTimes } from './planning.ts'
import { updateSeries } from './series.repository.ts'
import type { SeriesPlan } from './series.schemas.ts'
import { assertActive, openForChange, openForStep } from './series.service.ts'
import { asDone, toDates, toSeries } from './series.view.ts'

/**
 * What a change would do. Nothing is written.
 *
 * @throws Problem as `changeSeries`, but not `resource-busy`
 */
export async function previewChange(
  trx: PracticeTransaction,
  id: string,
  change: SeriesChange,
): Promise<SeriesPlan> {
  const row = await openForChange(trx, id)
  assertActive(row)
  const { after, planned, canceled } = await planChange(trx, row, change, false)
  const dates = toDates([...planned, ...canceled], after.timeZone, 'before')
  return { series: toSeries(row), version: row.version, dates, warnings: [] }
}

/**
 * Changes what is agreed from a date on. Appointments to come are moved and keep their ids, notes and history; those that
 * were moved by themselves, and those that took place or were canceled, stay as they are.
 *
 * @throws Problem `not-found`, `not-permitted`, `stale-version`, `invalid-state`, `invalid-request`,
 *   `unknown-reference`, `resource-busy` with `clashes`
 */
export async function changeSeries(
  trx: PracticeTransaction,
  id: string,
  version: number,
  change: SeriesChange,
): Promise<SeriesPlan> {
  trx.audit({ fields: Object.keys(change) })
  const row = await openForStep(trx, id, version)
  const plan = await planChange(trx, row, change, true)
  const { after, from, planned, canceled } = plan
  if (after.clinicianId !== row.clinician_id)
    await askForReason(
      trx,
      { id: row.chart_id, kind: row.chart_kind },
      { clinicianId: after.clinicianId, dualRoleReason: change.dualRoleReason },
    )
  if (change.onClash !== 'leave_out' && planned.some(({ clash }) => clash)) throw busyDates(planned)
  const taking = new Set(planned.flatMap(({ step, session }) => (step && session ? [session.id] : [])))
  const gone = canceled.flatMap(({ session }) => (session ? [session.id] : []))
  const cancellation = { by: change.by ?? 'practice', reasonCode: change.reasonCode ?? 'other' } as const
  // Sent in this order, in one round trip.
  const [changed] = await Promise.all([
    updateSeries(trx, row, { ...columnsOf(after), booked_until: plan.bookedUntil }),
    moveAppointments(trx, plan.moved),
    cancelAppointments(
      trx,
      gone.map(appointmentId => ({ id: appointmentId, status: 'canceled' })),
      cancellation,
    ),
    insertAppointments(trx, newRowsOf(planned, row, after, plan.buffers)),
    replaceDates(trx, id, from, planned),
    takeTimes(
      trx,
      plan.wishes.filter(wish => taking.has(wish.id)),
      gone,
      { isOffered: !keepsTime(cancellation.reasonCode) },
    ),
  ])
  const reason = given({ reasonCode: change.reasonCode, by: change.by, note: change.note })
  const counts = countsOf([...planned, ...canceled])
  const event = await recordSeries(trx, 'changed', changed, { from, counts, reason })
  const all = [...planned, ...canceled]
  tell(trx, stepsOf(all, row.chart_id), reason, [event])
  const dates = toDates(all.map(asDone), after.timeZone, 'after')
  return { series: toSeries({ ...row, ...changed }), version: changed.version, dates, warnings: [] }
}
