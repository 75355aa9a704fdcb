import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { invalidField } from '../../lib/problems.ts'
import { today } from '../practice/index.ts'

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
