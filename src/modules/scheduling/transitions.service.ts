import { sql } from 'kysely'
import { systemClock } from '../../lib/clock.ts'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { given } from '../../lib/given.ts'
import { invalidField } from '../../lib/problems.ts'
import { requireOpen } from '../charts/index.ts'
import { changeRow, finish, openForStep, statusAfter } from './appointment-steps.ts'
import type { AppointmentRow } from './appointments.repository.ts'
import { assertKeepsCalendarOf, keepsTime, minutesOf, type Period, sessionAt } from './appointments.rules.ts'
import type { Appointment, AppointmentMove, NewCancellation } from './appointments.schemas.ts'
import {
  assertMayOverbook,
  assertModeFits,
  assertPlaceFitsMode,
  assertSupplyTakes,
  peopleIn,
  placementAfter,
  placementOf,
  resourcesOf,
  zoneOf,
} from './booking.rules.ts'
import { chargeFor, isLate, policyOf, voidFee } from './cancellation-policies/charging.ts'
import { settleClashes } from './overbooking.ts'
import { moveReservations, release, reservationsOf } from './reservations.ts'
import { counterpartsOf } from './separation/counterparts.ts'
import { keepApart } from './separation/keep-apart.ts'
import { askForReason } from './separation/one-clinician.ts'
import { keepFromSeries } from './series/series.repository.ts'
import { findSupply } from './supply.repository.ts'

/**
 * Moves a session to another time, place or clinician. Its buffers stay as they were booked.
 *
 * @throws Problem `not-found`, `not-permitted`, `stale-version`, `invalid-state`, `invalid-request`,
 *   `unknown-reference`, `resource-busy`
 */
export async function moveAppointment(
  trx: PracticeTransaction,
  id: string,
  version: number,
  { reasonCode, by, note, overbook, dualRoleReason, ...change }: AppointmentMove,
): Promise<Appointment> {
  const before = await openForStep(trx, id, version)
  const status = statusAfter(before, 'moved')
  assertMayOverbook(trx.scope, { overbook: overbook ?? false })
  if (Object.keys(change).length === 0) throw invalidField('', 'required', 'Say what is to change.')
  const placement = placementAfter(before, change)
  assertKeepsCalendarOf(trx.scope, placement.clinicianId)
  assertPlaceFitsMode(placement)
  const { clinicianId } = placement
  const chart = { id: before.chart_id, kind: before.chart_kind }
  const [supply] = await Promise.all([
    findSupply(trx, { ...placement, serviceId: before.service_id }),
    clinicianId !== before.clinician_id && askForReason(trx, chart, { clinicianId, dualRoleReason }),
  ])
  if (placement.mode !== before.mode) assertModeFits(supply, placement.mode)
  assertSupplyTakes(supply, placement, peopleIn(before.member_ids))
  const start = change.startsAt ?? before.starts_at.toISOString()
  const session = sessionAt(start, change.durationMinutes ?? minutesOf(periodOf(before)), systemClock.now())
  const after = await changeRow(trx, before, {
    status,
    clinician_id: placement.clinicianId,
    mode: placement.mode,
    location_id: placement.locationId,
    room_id: placement.roomId,
    time_zone: zoneOf(placement, supply),
    starts_at: session.startsAt,
    ends_at: session.endsAt,
    overbooked: false,
    ...(placement.mode === 'in_person' && { telehealth_link_sealed: null, planned_state: null }),
  })
  const isOffered = !keepsTime(reasonCode)
  const overbooked = await takeAgain(trx, after, { overbook: overbook === true, isOffered })
  keepFromSeries(trx, id)
  return finish(trx, 'moved', { ...after, overbooked }, given({ reasonCode, by, note }))
}

/**
 * Cancels and gives the hour back. A client who cancels when the policy's window has begun cancels late; what that
 * costs follows from the version that was signed.
 *
 * @throws Problem `not-found`, `not-permitted`, `stale-version`, `invalid-state`
 */
export async function cancelAppointment(
  trx: PracticeTransaction,
  id: string,
  version: number,
  cancellation: NewCancellation,
): Promise<Appointment> {
  const before = await openForStep(trx, id, version)
  statusAfter(before, 'canceled')
  const policy = cancellation.by === 'client' ? await policyOf(trx, before, id) : undefined
  const late = isLate(policy, before, systemClock.now())
  const step = late ? 'late_canceled' : 'canceled'
  const [after] = await Promise.all([
    changeRow(trx, before, {
      status: statusAfter(before, step),
      overbooked: false,
      canceled_at: sql<Date>`now()`,
      cancellation_by: cancellation.by,
      cancellation_reason: cancellation.reasonCode,
    }),
    voidFee(trx, before),
  ])
  release(trx, [{ kind: 'appointment', id }], { isOffered: !keepsTime(cancellation.reasonCode) })
  if (late) chargeFor(trx, after, 'late_cancellation', policy)
  return finish(trx, step, after, cancellation)
}

/**
 * Takes a cancellation back, if the hour is still free and clinician, location and room still take sessions.
 *
 * @throws Problem `not-found`, `not-permitted`, `stale-version`, `invalid-state`, `unknown-reference`,
 *   `invalid-request`, `resource-busy`
 */
export async function uncancelAppointment(
  trx: PracticeTransaction,
  id: string,
  version: number,
): Promise<Appointment> {
  const before = await openForStep(trx, id, version)
  const status = statusAfter(before, 'uncanceled')
  requireOpen({ status: before.chart_status })
  const placement = placementOf(before)
  const supply = await findSupply(trx, { ...placement, serviceId: before.service_id })
  assertSupplyTakes(supply, placement, peopleIn(before.member_ids))
  const [after] = await Promise.all([
    changeRow(trx, before, {
      status,
      canceled_at: null,
      cancellation_by: null,
      cancellation_reason: null,
    }),
    voidFee(trx, before),
  ])
  await takeAgain(trx, after, { overbook: false, isOffered: false })
  return finish(trx, 'uncanceled', after)
}

const periodOf = (row: AppointmentRow): Period => ({ startsAt: row.starts_at, endsAt: row.ends_at })

/** @returns whether it is booked over another. @throws Problem `resource-busy` */
async function takeAgain(
  trx: PracticeTransaction,
  after: AppointmentRow,
  { overbook, isOffered }: { overbook: boolean; isOffered: boolean },
): Promise<boolean> {
  const buffers = { beforeMinutes: after.buffer_before_minutes, afterMinutes: after.buffer_after_minutes }
  const wanted = resourcesOf(placementOf(after), after.member_ids)
  const holder = { kind: 'appointment', id: after.id } as const
  const rows = reservationsOf(holder, wanted, periodOf(after), { buffers })
  const visit = { clientIds: after.member_ids, locationId: after.location_id, period: periodOf(after) }
  const counterparts = await counterpartsOf(trx, after.member_ids)
  await keepApart(trx, counterparts, [visit], { wanted, holders: [holder] })
  return settleClashes(trx, after.id, await moveReservations(trx, rows, { isOffered }), overbook)
}
