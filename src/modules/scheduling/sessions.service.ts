import { systemClock } from '../../lib/clock.ts'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { invalidField } from '../../lib/problems.ts'
import { changeRow, finish, openForStep, statusAfter } from './appointment-steps.ts'
import * as repository from './appointments.repository.ts'
import {
  assertActualStart,
  assertAttendance,
  assertMayArrive,
  assertStarted,
  instant,
} from './appointments.rules.ts'
import type { Appointment } from './appointments.schemas.ts'
import type { NewAttendance, NewStart } from './attendance.schemas.ts'
import { chargeFor, policyOf, voidFee } from './cancellation-policies/charging.ts'
import { passGate } from './checkin/gate.ts'
import { participantsOf } from './participants.rules.ts'

/** The client says they will come. @throws Problem `not-found`, `not-permitted`, `stale-version`, `invalid-state` */
export async function confirmAppointment(
  trx: PracticeTransaction,
  id: string,
  version: number,
): Promise<Appointment> {
  const before = await openForStep(trx, id, version)
  return finish(trx, 'confirmed', await changeRow(trx, before, { status: statusAfter(before, 'confirmed') }))
}

/** The client is here. @throws Problem `not-found`, `not-permitted`, `stale-version`, `invalid-state` */
export async function recordArrival(
  trx: PracticeTransaction,
  id: string,
  version: number,
): Promise<Appointment> {
  const before = await openForStep(trx, id, version)
  const status = statusAfter(before, 'arrived')
  assertMayArrive(before.starts_at, systemClock.now())
  return finish(trx, 'arrived', await changeRow(trx, before, { status }))
}

/**
 * The session begins. By telehealth each client has to be checked in, in a state of which the clinician holds a license,
 * or there is a reason to begin all the same.
 *
 * @throws Problem `not-found`, `not-permitted`, `stale-version`, `invalid-state`, `invalid-request`,
 *   `check-in-required`, `license-not-valid-for-location`
 */
export async function startAppointment(
  trx: PracticeTransaction,
  id: string,
  version: number,
  { startedAt, participants: named, override }: NewStart,
): Promise<Appointment> {
  const before = await openForStep(trx, id, version)
  const status = statusAfter(before, 'started')
  const now = systemClock.now()
  assertMayArrive(before.starts_at, now)
  const start = startedAt === undefined ? now : instant(startedAt, '/startedAt')
  assertActualStart(start, before.starts_at, now, '/startedAt')
  const participants = participantsOf(before, named)
  const reason = await passGate(trx, before, { participants, override, at: start })
  const after = await changeRow(trx, before, { status, actual_starts_at: start })
  repository.recordAttendees(trx, id, participants)
  return finish(trx, 'started', { ...after, attendees: participants }, reason)
}

/**
 * The client did not come. What that costs follows from the policy that was signed.
 *
 * @throws Problem `not-found`, `not-permitted`, `stale-version`, `invalid-state`
 */
export async function recordNoShow(
  trx: PracticeTransaction,
  id: string,
  version: number,
): Promise<Appointment> {
  const before = await openForStep(trx, id, version)
  const status = statusAfter(before, 'no_show')
  assertStarted(before.starts_at, systemClock.now())
  const [after, policy] = await Promise.all([
    changeRow(trx, before, { status, actual_starts_at: null }),
    policyOf(trx, before, id),
  ])
  chargeFor(trx, after, 'no_show', policy)
  return finish(trx, 'no_show', after)
}

/**
 * The session took place, or its times are corrected. A telehealth session that was not started before passes the same
 * gate as one that is.
 *
 * @throws Problem `not-found`, `not-permitted`, `stale-version`, `invalid-state`, `invalid-request`,
 *   `check-in-required`, `license-not-valid-for-location`
 */
export async function recordAttendance(
  trx: PracticeTransaction,
  id: string,
  version: number,
  { actualStartsAt, actualEndsAt, participants: named, override }: NewAttendance,
): Promise<Appointment> {
  const before = await openForStep(trx, id, version)
  const status = statusAfter(before, 'completed')
  const startsAt =
    actualStartsAt === undefined ? before.actual_starts_at : instant(actualStartsAt, '/actualStartsAt')
  if (!startsAt) throw invalidField('/actualStartsAt', 'required', 'Say when the session started.')
  const actual = { startsAt, endsAt: instant(actualEndsAt, '/actualEndsAt') }
  assertAttendance(actual, before.starts_at, systemClock.now())
  const participants = participantsOf(before, named)
  const reason = before.actual_starts_at
    ? undefined
    : await passGate(trx, before, { participants, override, at: startsAt })
  const changes = { status, actual_starts_at: actual.startsAt, actual_ends_at: actual.endsAt }
  const [after] = await Promise.all([changeRow(trx, before, changes), voidFee(trx, before)])
  repository.recordAttendees(trx, id, participants)
  return finish(trx, 'completed', { ...after, attendees: participants }, reason)
}
