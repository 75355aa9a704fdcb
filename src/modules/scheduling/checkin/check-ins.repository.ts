import { type Insertable, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { TelehealthCheckIns } from '../../../lib/database/schema.ts'
import type { AppointmentColumns } from '../appointments.repository.ts'
import { licensedStates } from './coverage.ts'

export type CheckInRow = Selectable<TelehealthCheckIns>

export const sealedCheckIn = (rowId: string) => ({
  table: 'telehealth_check_ins',
  column: 'content_sealed',
  rowId,
  rowVersion: 1,
})

export const sealedLink = (appointmentId: string) => ({
  table: 'appointments',
  column: 'telehealth_link_sealed',
  rowId: appointmentId,
  rowVersion: 1,
})

export function insert(
  trx: PracticeTransaction,
  values: Omit<Insertable<TelehealthCheckIns>, 'practice_id'>,
): Promise<CheckInRow> {
  return trx
    .insertInto('telehealth_check_ins')
    .values({ ...values, practice_id: trx.practiceId })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** The newest of each client. */
export function newest(trx: PracticeTransaction, appointmentId: string): Promise<CheckInRow[]> {
  return trx
    .selectFrom('telehealth_check_ins')
    .selectAll()
    .distinctOn('client_id')
    .where('practice_id', '=', trx.practiceId)
    .where('appointment_id', '=', appointmentId)
    .orderBy('client_id')
    .orderBy('id', 'desc')
    .execute()
}

export async function findLicensedStates(
  trx: PracticeTransaction,
  { clinician_id, starts_at, time_zone }: AppointmentColumns,
): Promise<string[]> {
  const on = { clinicianId: clinician_id, at: starts_at, timeZone: time_zone }
  const { rows } = await sql<{ states: string[] }>`select ${licensedStates(trx, on)} as states`.execute(trx)
  return rows[0]?.states ?? []
}
