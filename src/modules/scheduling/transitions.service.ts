import { sql } from 'kysely'
import { systemClock } from '../../lib/clock.ts'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { EventType } from '../../lib/event-types.ts'
import { emit } from '../../lib/events.ts'
import { given } from '../../lib/given.ts'
import { invalidField, Problem } from '../../lib/problems.ts'
import { changedOrRefused } from '../../lib/versions.ts'
import { toAppointment } from './appointment.view.ts'
import * as repository from './appointments.repository.ts'
import {
  afterStep,
  assertAttendance,
  assertKeepsCalendarOf,
  assertStarted,
  instant,
  minutesOf,
  type Period,
  type Step,
  sessionAt,
  withBuffers,
} from './appointments.rules.ts'
import type {
  Appointment,
  AppointmentMove,
  AppointmentStatus,
  Attendance,
  NewCancellation,
} from './appointments.schemas.ts'
import { openAppointmentRow } from './appointments.service.ts'
import {
  assertModeFits,
  assertPlaceFitsMode,
  assertSupplyTakes,
  peopleIn,
  placementAfter,
  placementOf,
  zoneOf,
} from './booking.rules.ts'
import { type Reason, record } from './changes.repository.ts'
import { moveReservations, release } from './reservations.repository.ts'
import { findSupply } from './supply.repository.ts'

type Row = repository.AppointmentRow

const eventOf: Readonly<Record<Step, EventType>> = {
  moved: 'appointment.moved',
  canceled: 'appointment.canceled',
  uncanceled: 'appointment.uncanceled',
  no_show: 'appointment.no-show',
  attended: 'appointment.attended',
}

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
  { reasonCode, by, note, ...change }: AppointmentMove,
): Promise<Appointment> {
  const { before, status } = await openForStep(trx, id, version, 'moved')
  if (Object.keys(change).length === 0) throw invalidField('', 'required', 'Say what is to change.')
  const placement = placementAfter(before, change)
  assertKeepsCalendarOf(trx.scope, placement.clinicianId)
  assertPlaceFitsMode(placement)
  const supply = await findSupply(trx, { ...placement, serviceId: before.service_id })
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
  })
  await takeAgain(trx, before, after)
  return finish(trx, 'moved', after, given({ reasonCode, by, note }))
}

/** Cancels and gives the hour back. @throws Problem `not-found`, `not-permitted`, `stale-version`, `invalid-state` */
export async function cancelAppointment(
  trx: PracticeTransaction,
  id: string,
  version: number,
  cancellation: NewCancellation,
): Promise<Appointment> {
  const { before, status } = await openForStep(trx, id, version, 'canceled')
  const after = await changeRow(trx, before, {
    status,
    canceled_at: sql<Date>`now()`,
    cancellation_by: cancellation.by,
    cancellation_reason: cancellation.reasonCode,
  })
  release(trx, id)
  return finish(trx, 'canceled', after, cancellation)
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
  const { before, status } = await openForStep(trx, id, version, 'uncanceled')
  const placement = placementOf(before)
  const supply = await findSupply(trx, { ...placement, serviceId: before.service_id })
  assertSupplyTakes(supply, placement, peopleIn(before.member_ids))
  const after = await changeRow(trx, before, {
    status,
    canceled_at: null,
    cancellation_by: null,
    cancellation_reason: null,
  })
  await takeAgain(trx, before, after)
  return finish(trx, 'uncanceled', after)
}

/** The client did not come. @throws Problem `not-found`, `not-permitted`, `stale-version`, `invalid-state` */
export async function recordNoShow(
  trx: PracticeTransaction,
  id: string,
  version: number,
): Promise<Appointment> {
  const { before, status } = await openForStep(trx, id, version, 'no_show')
  assertStarted(before.starts_at, systemClock.now())
  return finish(trx, 'no_show', await changeRow(trx, before, { status }))
}

/**
 * The session took place, or its times are corrected.
 *
 * @throws Problem `not-found`, `not-permitted`, `stale-version`, `invalid-state`, `invalid-request`
 */
export async function recordAttendance(
  trx: PracticeTransaction,
  id: string,
  version: number,
  { actualStartsAt, actualEndsAt }: Attendance,
): Promise<Appointment> {
  const { before, status } = await openForStep(trx, id, version, 'attended')
  const actual = {
    startsAt: instant(actualStartsAt, '/actualStartsAt'),
    endsAt: instant(actualEndsAt, '/actualEndsAt'),
  }
  assertAttendance(actual, before.starts_at, systemClock.now())
  const changes = { status, actual_starts_at: actual.startsAt, actual_ends_at: actual.endsAt }
  return finish(trx, 'attended', await changeRow(trx, before, changes))
}

/** Who may not see it learns nothing; who may, but keeps another calendar, is refused before the version is judged. */
async function openForStep(
  trx: PracticeTransaction,
  id: string,
  version: number,
  step: Step,
): Promise<{ before: Row; status: AppointmentStatus }> {
  const before = await openAppointmentRow(trx, id)
  assertKeepsCalendarOf(trx.scope, before.clinician_id)
  if (before.version !== version) throw new Problem('stale-version')
  return { before, status: afterStep(before.status as AppointmentStatus, step) }
}

async function changeRow(
  trx: PracticeTransaction,
  before: Row,
  changes: repository.AppointmentUpdate,
): Promise<Row> {
  const changed = await repository.update(trx, before.id, before.version, changes)
  const columns = await changedOrRefused(changed, () => repository.find(trx, before.id))
  trx.audit({ fields: Object.keys(changes) })
  return { ...before, ...columns }
}

const periodOf = (row: Row): Period => ({ startsAt: row.starts_at, endsAt: row.ends_at })

function takeAgain(trx: PracticeTransaction, before: Row, after: Row): Promise<void> {
  const reserved = withBuffers(periodOf(after), after.buffer_before_minutes, after.buffer_after_minutes)
  return moveReservations(trx, after.id, placementOf(before), placementOf(after), reserved)
}

async function finish(
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
