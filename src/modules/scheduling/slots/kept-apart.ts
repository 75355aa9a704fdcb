import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { Counterpart } from '../separation/counterparts.ts'
import { visitsThatMeet } from '../separation/keep-apart.ts'
import type { Slot } from './slot-supply.ts'

/**
 * Of these slots those that no booking could have, because a client would meet whom they are kept apart from: a search
 * leaves them out as it leaves out any hour that does not work. One statement; none where nobody is kept apart.
 */
export async function keptApartIn(
  trx: PracticeTransaction,
  counterparts: readonly Counterpart[],
  clientIds: readonly string[],
  slots: readonly Slot[],
): Promise<ReadonlySet<Slot>> {
  if (clientIds.length === 0 || slots.length === 0) return new Set()
  const visits = slots.map(({ locationId, start, end }) => ({
    clientIds,
    locationId,
    period: { startsAt: new Date(start), endsAt: new Date(end) },
  }))
  const meet = await visitsThatMeet(trx, counterparts, visits)
  return new Set(slots.filter((_, place) => meet.has(place)))
}
