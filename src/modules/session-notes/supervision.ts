import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { superviseeIds } from '../practice/index.ts'

/** Whether the actor supervises the author of a note now; a supervisor of somebody else does not count. */
export async function isSupervisorOf(trx: PracticeTransaction, authorId: string): Promise<boolean> {
  const { staffId } = trx.scope.actor
  if (staffId === null) return false
  const found = await superviseeIds(trx, staffId).where('id', '=', authorId).executeTakeFirst()
  return found !== undefined
}
