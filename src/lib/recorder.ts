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

/**
 * Who entered what a client may also send from the portal.
 *
 * @throws Problem `not-permitted` for an API client
 */
export function enteredBy(trx: PracticeTransaction): 'staff' | 'client' {
  const { kind, staffId } = trx.scope.actor
  if (kind === 'client') return 'client'
  if (staffId) return 'staff'
  throw new Problem('not-permitted')
}
