import type { PracticeTransaction } from './database/practice-transaction.ts'
import { Problem } from './problems.ts'

/**
 * The member of staff who vouches for what is recorded.
 *
 * @throws Problem `not-permitted` for an actor who is no member of staff
 */
export function recorder(trx: PracticeTransaction): string {
  const { staffId } = trx.scope.actor
  if (!staffId) throw new Problem('not-permitted')
  return staffId
}
