import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { invalidField, Problem } from '../../lib/problems.ts'
import { today } from '../practice/index.ts'

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

/** @throws Problem `invalid-request` for a day after today in the practice's zone */
export async function checkNotFuture(trx: PracticeTransaction, pointer: string, day: string): Promise<void> {
  if (day > (await today(trx))) throw invalidField(pointer, 'not-future', 'Must not be in the future.')
}

/** Clocks differ a little. */
const toleranceMs = 60_000

/** @throws Problem `invalid-request` for an instant that is still to come */
export function checkHappened(pointer: string, instant: string): void {
  if (Date.parse(instant) > Date.now() + toleranceMs) {
    throw invalidField(pointer, 'not-future', 'Must not be in the future.')
  }
}
