import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { findStaff } from './staff.repository.ts'
import { superviseeIds } from './supervisions.repository.ts'

/** Whether what this person signs needs a supervisor's co-signature now. */
export async function needsCosign(trx: PracticeTransaction, staffId: string): Promise<boolean> {
  return (await findStaff(trx, staffId))?.cosign_required ?? false
}

/** Whether the actor supervises this person now; a supervisor of somebody else does not count. */
export async function isSupervisorOf(trx: PracticeTransaction, otherStaffId: string): Promise<boolean> {
  const { staffId } = trx.scope.actor
  if (staffId === null) return false
  const found = await superviseeIds(trx, staffId).where('id', '=', otherStaffId).executeTakeFirst()
  return found !== undefined
}
