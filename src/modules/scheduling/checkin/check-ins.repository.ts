import { type Insertable, type RawBuilder, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { ClientCheckIns, TelehealthCheckIns } from '../../../lib/database/schema.ts'
import type { AppointmentColumns } from '../appointments.repository.ts'
import { licensedStates } from './coverage.ts'

/** A check-in that staff recorded, or one that the client made and nobody has judged yet: those two are null then. */
export type CheckInRow = Omit<Selectable<TelehealthCheckIns>, 'recorded_by' | 'is_appropriate'> & {
  recorded_by: string | null
  is_appropriate: boolean | null
}

export const sealedCheckIn = ({ id, recorded_by }: Pick<CheckInRow, 'id' | 'recorded_by'>) => ({
  table: recorded_by === null ? 'client_check_ins' : 'telehealth_check_ins',
  column: 'content_sealed',
  rowId: id,
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

/** What a client said of themself. It leaves with COMMIT. */
export function insertOwn(
  trx: PracticeTransaction,
  values: Omit<Insertable<ClientCheckIns>, 'practice_id'>,
): void {
  trx.later(trx.insertInto('client_check_ins').values({ ...values, practice_id: trx.practiceId }))
}

/** The newest of each client, whoever made it, as a table: both hold ids that grow with time. */
export const newestOf = (trx: PracticeTransaction, appointmentId: string): RawBuilder<unknown> =>
  sql`(select distinct on (i.client_id) i.* from (
    select id, client_id, state, is_private, is_appropriate, content_sealed, recorded_by, checked_in_at
    from telehealth_check_ins where practice_id = ${trx.practiceId} and appointment_id = ${appointmentId}
    union all
    select id, client_id, state, is_private, null, content_sealed, null, checked_in_at
    from client_check_ins where practice_id = ${trx.practiceId} and appointment_id = ${appointmentId}) i
  order by i.client_id, i.id desc)`

export async function newest(trx: PracticeTransaction, appointmentId: string): Promise<CheckInRow[]> {
  const { rows } = await sql<CheckInRow>`select * from ${newestOf(trx, appointmentId)} c`.execute(trx)
  return rows
}

export async function findLicensedStates(
  trx: PracticeTransaction,
  { clinician_id, starts_at, time_zone }: AppointmentColumns,
): Promise<string[]> {
  const on = { clinicianId: clinician_id, at: starts_at, timeZone: time_zone }
  const { rows } = await sql<{ states: string[] }>`select ${licensedStates(trx, on)} as states`.execute(trx)
  return rows[0]?.states ?? []
}
