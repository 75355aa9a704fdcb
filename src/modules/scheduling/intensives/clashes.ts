import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { busy, type Clash, clashesOf, type Reservation } from '../reservations.ts'
import type { Counterpart } from '../separation/counterparts.ts'
import { keptApart, visitsThatMeet } from '../separation/keep-apart.ts'
import type { PlannedBlock } from './blocks.repository.ts'
import { holderOf, periodOf, resourcesOf } from './blocks.rules.ts'
import type { OpenIntensive } from './intensive-door.ts'

/**
 * Refuses if there is anything to refuse, and names each block that clashes: with what the caller may see in its way,
 * or as `unspecified`.
 *
 * @param clashing rows that `reserveMany` or `moveReservations` answered
 * @throws Problem `resource-busy` with `clashes`
 */
export async function refuseBlocks(
  trx: PracticeTransaction,
  clashing: readonly Reservation[],
): Promise<void> {
  if (clashing.length === 0) return
  const found = await clashesOf(trx, clashing, { insteadOf: clashing.map(({ holder }) => holder) })
  const blockIds = [...new Set(clashing.map(({ holder }) => holder.id))]
  throw busy(found, { clashes: blockIds.flatMap(id => clashesOfBlock(id, found)) })
}

/**
 * Refuses blocks at which a participant would meet somebody they are kept apart from. Who takes part together in the
 * intensive stays there together. Nothing says from whom: it is an hour that does not work.
 *
 * @param counterparts of the participants
 * @throws Problem `resource-busy` with `clashes`
 */
export async function keepBlocksApart(
  trx: PracticeTransaction,
  { row, participants }: OpenIntensive,
  blocks: readonly PlannedBlock[],
  counterparts: readonly Counterpart[],
): Promise<void> {
  const people = [...participants.values()]
  const visits = blocks.map(block => ({
    clientIds: block.client_ids,
    locationId: row.location_id,
    period: periodOf(block),
  }))
  const meeting = await visitsThatMeet(
    trx,
    counterparts.filter(({ otherId }) => !people.includes(otherId)),
    visits,
    { wanted: blocks.flatMap(resourcesOf), holders: blocks.map(holderOf) },
  )
  if (meeting.size === 0) return
  const clashes = [...meeting].flatMap(place => blocks[place] ?? []).map(({ id }) => unspecified(id))
  throw busy([], { ...keptApart(trx).options.extra, clashes })
}

const unspecified = (blockId: string) => ({ blockId, resource: 'unspecified' })

function clashesOfBlock(blockId: string, found: readonly Clash[]) {
  const told = found.filter(
    ({ reservation, resource }) => reservation.holder.id === blockId && resource !== 'unspecified',
  )
  if (told.length === 0) return [unspecified(blockId)]
  return told.map(({ resource, appointmentId }) => ({
    blockId,
    resource,
    ...(appointmentId !== null && { appointmentId }),
  }))
}
