import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { type Clash, clashesOf, type Holder, lockFor, type Resource } from '../reservations.ts'
import { counterpartsOf } from '../separation/counterparts.ts'
import { visitsThatMeet } from '../separation/keep-apart.ts'
import { allClashes, reservationsFor, type Wish } from './wishes.rules.ts'

/**
 * What is in the way of each of these wishes, as this caller may be told. A constant number of statements.
 *
 * @param options.givingWay appointments that are canceled beside
 * @param options.lock keeps everybody else from what is wished for, so that what is free here can be taken
 * @returns by appointment; what is not in it is free
 */
export async function clashesWith(
  trx: PracticeTransaction,
  wishes: readonly Wish[],
  { givingWay = [], lock }: { givingWay?: readonly string[]; lock: boolean },
): Promise<ReadonlyMap<string, Clash>> {
  if (wishes.length === 0) return new Map()
  const rows = wishes.flatMap(reservationsFor)
  const wanted = new Map<string, Resource>(rows.map(({ kind, id }) => [id, { kind, id }]))
  const moving = wishes.filter(({ has }) => has !== null).map(({ id }) => id)
  const holders = [...givingWay, ...moving].map((id): Holder => ({ kind: 'appointment', id }))
  const taking = { wanted: [...wanted.values()], holders }
  const counterparts = await counterpartsOf(trx, [...new Set(wishes.flatMap(({ clientIds }) => clientIds))])
  const visits = wishes.map(({ clientIds, placement, period }) => ({
    clientIds,
    locationId: placement.locationId,
    period,
  }))
  const meeting = await visitsThatMeet(trx, counterparts, visits, lock ? taking : undefined)
  // Sent in this order, in one round trip: others wait while this is decided.
  const [, clashes] = await Promise.all([
    lock && lockFor(trx, taking.wanted, holders),
    clashesOf(trx, rows, { insteadOf: holders }),
  ])
  const found = new Map<string, Clash>()
  for (const clash of clashes) {
    const { id } = clash.reservation.holder
    // One that may be named says more than one that may not.
    if (found.get(id)?.resource !== undefined && clash.resource === 'unspecified') continue
    if ((found.get(id)?.resource ?? 'unspecified') === 'unspecified') found.set(id, clash)
  }
  for (const [place, wish] of wishes.entries()) {
    const [reservation] = reservationsFor(wish)
    if (meeting.has(place) && reservation && !found.has(wish.id))
      found.set(wish.id, { reservation, resource: 'unspecified', appointmentId: null })
  }
  return allClashes(wishes, found)
}
