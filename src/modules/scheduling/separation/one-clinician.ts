import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { type OpenChart, requireReason } from '../../charts/index.ts'

/**
 * A session of one partner with a clinician who treats the other, and is not on this one's care team yet, needs a
 * recorded reason. As for a care team it is asked only of people who may see both sides: to everybody else nothing is
 * refused and nothing told.
 *
 * @throws Problem `invalid-request` at `/dualRoleReason`
 */
export async function askForReason(
  trx: PracticeTransaction,
  chart: Pick<OpenChart, 'id' | 'kind'>,
  { clinicianId, dualRoleReason }: { clinicianId: string; dualRoleReason?: string | undefined },
): Promise<void> {
  if (trx.scope.actor.kind !== 'user') return
  await requireReason(trx, chart, {
    staffId: clinicianId,
    role: 'co_therapist',
    reason: dualRoleReason,
    newToChart: true,
  })
}
