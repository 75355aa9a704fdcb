import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { markOverbooked } from './appointments.repository.ts'
import { type Reservation, refuse } from './reservations.ts'

/**
 * What to do with reservations that an appointment could not take. On purpose it doubles clinician and room, and takes
 * no reservation there; nobody can be in two places, so clients are never doubled.
 *
 * @returns whether the appointment is overbooked
 * @throws Problem `resource-busy`
 */
export async function settleClashes(
  trx: PracticeTransaction,
  appointmentId: string,
  clashing: readonly Reservation[],
  overbook: boolean,
): Promise<boolean> {
  if (clashing.length === 0) return false
  if (!overbook || clashing.some(({ kind }) => kind === 'client')) await refuse(trx, clashing)
  await markOverbooked(trx, appointmentId)
  trx.audit({ fields: ['overbooked'] })
  return true
}
