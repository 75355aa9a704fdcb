import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { constraintOf } from '../../lib/postgres-errors.ts'
import { Problem } from '../../lib/problems.ts'
import type { Period } from './appointments.rules.ts'

export type ResourceKind = 'clinician' | 'room'

/** What an appointment takes up, in the one order in which everybody takes it: first the clinician. */
export interface Resources {
  clinicianId: string
  roomId: string | null
}

const overlap = 'reservations_overlap_excl'

/** Names the kind only: who or what else is there at that time is not the caller's to know. */
const busy = (resource: ResourceKind) => new Problem('resource-busy', { extra: { resource } })

/**
 * Takes clinician and room in one statement.
 *
 * @throws Problem `resource-busy`
 */
export function reserve(
  trx: PracticeTransaction,
  appointmentId: string,
  { clinicianId, roomId }: Resources,
  period: Period,
): Promise<void> {
  const clinician = { kind: 'clinician', id: clinicianId } as const
  const room = roomId ? [{ kind: 'room', id: roomId } as const] : []
  return take(trx, appointmentId, [clinician, ...room], period)
}

/**
 * ON CONFLICT waits for an uncommitted rival and then gives way: a plain INSERT against an exclusion
 * constraint deadlocks under load.
 */
async function take(
  trx: PracticeTransaction,
  appointmentId: string,
  wanted: readonly { kind: ResourceKind; id: string }[],
  { startsAt, endsAt }: Period,
): Promise<void> {
  const rows = wanted.map(({ kind, id }) => ({
    practice_id: trx.practiceId,
    appointment_id: appointmentId,
    resource_kind: kind,
    resource_id: id,
    starts_at: startsAt,
    ends_at: endsAt,
  }))
  const taken = await trx
    .insertInto('reservations')
    .values(rows)
    .onConflict(conflict => conflict.constraint(overlap).doNothing())
    .returning('resource_kind')
    .execute()
  const missing = wanted.find(({ kind }) => !taken.some(row => row.resource_kind === kind))
  if (missing) throw busy(missing.kind)
}

/**
 * Moves what an appointment has taken. An UPDATE has no ON CONFLICT, so the resources' own rows are locked
 * first, old and new, staff before rooms, each by id: two moves that want each other's hour cannot deadlock.
 *
 * @throws Problem `resource-busy`
 */
export async function moveReservations(
  trx: PracticeTransaction,
  appointmentId: string,
  from: Resources,
  to: Resources,
  period: Period,
): Promise<void> {
  await lockResources(trx, [from, to])
  const times = { starts_at: period.startsAt, ends_at: period.endsAt, active: true }
  await changeOne(trx, appointmentId, 'clinician', { ...times, resource_id: to.clinicianId })
  if (from.roomId && to.roomId) {
    await changeOne(trx, appointmentId, 'room', { ...times, resource_id: to.roomId })
  } else if (to.roomId) {
    await take(trx, appointmentId, [{ kind: 'room', id: to.roomId }], period)
  } else if (from.roomId) {
    await dropRoom(trx, appointmentId)
  }
}

/** Gives the hour back. Nothing waits for the answer: it leaves with COMMIT. */
export function release(trx: PracticeTransaction, appointmentId: string): void {
  trx.later(
    trx
      .updateTable('reservations')
      .set({ active: false })
      .where('practice_id', '=', trx.practiceId)
      .where('appointment_id', '=', appointmentId),
  )
}

async function lockResources(trx: PracticeTransaction, resources: Resources[]): Promise<void> {
  const staff = resources.map(({ clinicianId }) => clinicianId)
  const rooms = resources.flatMap(({ roomId }) => roomId ?? [])
  for (const [table, ids] of [['staff_members', staff] as const, ['rooms', rooms] as const]) {
    if (ids.length === 0) continue
    await trx
      .selectFrom(table)
      .select('id')
      .where('practice_id', '=', trx.practiceId)
      .where(({ eb, fn, val }) => eb('id', '=', fn.any(val(ids))))
      .orderBy('id')
      .forNoKeyUpdate()
      .execute()
  }
}

interface ReservationChange {
  resource_id: string
  starts_at: Date
  ends_at: Date
  active: boolean
}

async function changeOne(
  trx: PracticeTransaction,
  appointmentId: string,
  kind: ResourceKind,
  change: ReservationChange,
): Promise<void> {
  await trx
    .updateTable('reservations')
    .set(change)
    .where('practice_id', '=', trx.practiceId)
    .where('appointment_id', '=', appointmentId)
    .where('resource_kind', '=', kind)
    .execute()
    .catch(error => {
      throw constraintOf(error) === overlap ? busy(kind) : error
    })
}

async function dropRoom(trx: PracticeTransaction, appointmentId: string): Promise<void> {
  await trx
    .deleteFrom('reservations')
    .where('practice_id', '=', trx.practiceId)
    .where('appointment_id', '=', appointmentId)
    .where('resource_kind', '=', 'room')
    .execute()
}
