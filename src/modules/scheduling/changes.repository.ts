import type { Selectable } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { AppointmentChanges } from '../../lib/database/schema.ts'
import type { AppointmentColumns } from './appointments.repository.ts'
import type { AppointmentMove } from './appointments.schemas.ts'
import type { ChangeKind } from './changes.schemas.ts'
import type { Override } from './overrides.schemas.ts'
import { tellOf } from './reminders/tell.ts'

export type ChangeRow = Selectable<AppointmentChanges>

/** Why a step was taken, in the caller's words. */
export type Reason = Pick<AppointmentMove, 'reasonCode' | 'by' | 'note'> & {
  overrideReason?: Override['reasonCode']
}

const notePlace = (rowId: string) => ({
  table: 'appointment_changes',
  column: 'note',
  rowId,
  rowVersion: 1,
})

/** Steps of which clients are told. */
const told: ReadonlySet<ChangeKind> = new Set(['booked', 'moved', 'canceled', 'late_canceled', 'uncanceled'])

/**
 * Adds one step with what holds after it, and has its clients told. It leaves with COMMIT. The note is free text, so it
 * is sealed.
 */
export async function record(
  trx: PracticeTransaction,
  kind: ChangeKind,
  after: AppointmentColumns,
  reason: Reason = {},
): Promise<void> {
  const id = uuidv7()
  const { actor } = trx.scope
  if (told.has(kind)) tellOf(trx, 'appointment', [after.id], { isNew: kind === 'booked' })
  const note = reason.note === undefined ? null : await trx.seal(notePlace(id), reason.note)
  trx.later(
    trx.insertInto('appointment_changes').values({
      practice_id: trx.practiceId,
      id,
      appointment_id: after.id,
      appointment_version: after.version,
      kind,
      actor_kind: actor.kind,
      actor_id: actor.id,
      staff_id: actor.staffId,
      clinician_id: after.clinician_id,
      location_id: after.location_id,
      room_id: after.room_id,
      mode: after.mode,
      starts_at: after.starts_at,
      ends_at: after.ends_at,
      reason_code: reason.reasonCode ?? null,
      asked_by: reason.by ?? null,
      note,
      override_reason: reason.overrideReason ?? null,
    }),
  )
}

/** One row more than asked for, oldest first. */
export function listChanges(
  trx: PracticeTransaction,
  appointmentId: string,
  { limit, after }: { limit: number; after: number | undefined },
): Promise<ChangeRow[]> {
  return trx
    .selectFrom('appointment_changes')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('appointment_id', '=', appointmentId)
    .where('appointment_version', '>', after ?? 0)
    .orderBy('appointment_version')
    .limit(limit + 1)
    .execute()
}

export async function openNote(trx: PracticeTransaction, row: ChangeRow): Promise<string | null> {
  return row.note && (await trx.open(notePlace(row.id), row.note)).toString()
}
