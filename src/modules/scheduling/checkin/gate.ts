import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { invalidField } from '../../../lib/problems.ts'
import type { AppointmentRow } from '../appointments.repository.ts'
import { window } from '../appointments.rules.ts'
import type { Reason } from '../changes.repository.ts'
import type { Override } from '../overrides.schemas.ts'
import type { Participants } from '../participants.rules.ts'
import { newestOf } from './check-ins.repository.ts'
import { licensedStates } from './coverage.ts'
import { type CheckedIn, hindranceOf } from './gate.rules.ts'

export interface Beginning {
  participants: Participants
  override: Override | undefined
  /** When the session begins. */
  at: Date
}

/**
 * Lets a session begin. Sessions in person always may; one by telehealth may when its check-ins fit, or for a reason
 * that the history keeps.
 *
 * @returns what the history is to say of an override
 * @throws Problem `check-in-required`, `license-not-valid-for-location`, `invalid-request`
 */
export async function passGate(
  trx: PracticeTransaction,
  row: AppointmentRow,
  { participants, override, at }: Beginning,
): Promise<Reason | undefined> {
  if (row.mode !== 'telehealth') {
    if (override) throw invalidField('/override', 'mode', 'Only for telehealth.')
    return undefined
  }
  const { checkIns, licensed } = await findGrounds(trx, row, at)
  const hindrance = hindranceOf(participants, checkIns, licensed)
  if (!hindrance) return undefined
  if (!override) throw hindrance
  trx.audit({ fields: ['override'] })
  const { reasonCode: overrideReason, note } = override
  return note === undefined ? { overrideReason } : { overrideReason, note }
}

/** What was asked for another day, before the appointment was moved, says nothing of today. */
async function findGrounds(trx: PracticeTransaction, row: AppointmentRow, at: Date) {
  const licensed = licensedStates(trx, { clinicianId: row.clinician_id, at, timeZone: row.time_zone })
  const { rows } = await sql<{ licensed: string[]; check_ins: CheckedIn[] }>`
    select ${licensed} as licensed, (
      select coalesce(jsonb_agg(jsonb_build_object('clientId', c.client_id, 'state', c.state,
        'isPrivate', c.is_private, 'isAppropriate', c.is_appropriate)), '[]')
      from ${newestOf(trx, row.id)} c
      where c.checked_in_at >= ${row.starts_at}::timestamptz - make_interval(hours => ${window.arrivalHours}::int)) as check_ins`.execute(
    trx,
  )
  return { licensed: rows[0]?.licensed ?? [], checkIns: rows[0]?.check_ins ?? [] }
}
