import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { Problem } from '../../../lib/problems.ts'
import { passMembership } from '../../charts/index.ts'
import type { MergedPair, MergeFollower } from '../../clients/index.ts'
import { lockFor } from '../reservations.ts'
import * as repository from './follow-merge.repository.ts'

/**
 * Seats, intensives and the time they take go to the survivor of a merge, and back. Rules of separation stay where they
 * are and hold for the survivor too (`counterpartsOf`); what belongs to a chart comes with the chart. Calendar feeds of
 * the merged record end for good: their addresses were given away for that record.
 */
export const followMerge: MergeFollower = {
  lock: repository.lockGroupsOf,

  async merged(trx, pair) {
    const way = { from: pair.mergedId, to: pair.survivorId }
    await assertOnePerson(trx, pair)
    repository.revokeFeeds(trx, pair.mergedId)
    // Sent in this order, in one round trip, as further down: hours are locked last.
    const [seats] = await Promise.all([
      repository.passSeats(trx, way),
      repository.passIntensives(trx, pair.chartIds, way),
      lockTimes(trx, pair),
    ])
    const times = { ...pair, groupIds: seats.map(groupOf) }
    const [isTwice] = await Promise.all([
      repository.meetItself(trx, times),
      passMembership(trx, seats.map(chartOf), way),
    ])
    if (isTwice) throw bookedTwice()
    await repository.passTimes(trx, times)
    announce(trx, seats)
    return { seatIds: seats.map(({ id }) => id) }
  },

  async unmerged(trx, { seatIds, ...pair }) {
    const back = { from: pair.survivorId, to: pair.mergedId }
    const [seats] = await Promise.all([
      repository.giveSeatsBack(trx, seatIds, back),
      repository.passIntensives(trx, pair.chartIds, back),
      lockTimes(trx, pair),
    ])
    const taken = seats.filter(({ isTaken }) => isTaken)
    await Promise.all([
      passMembership(trx, taken.map(chartOf), back),
      repository.giveTimesBack(trx, { ...pair, groupIds: taken.map(groupOf) }),
    ])
    announce(trx, seats)
  },
}

/** Under the locks of both records. @throws Problem `conflict`, `invalid-state` */
async function assertOnePerson(trx: PracticeTransaction, pair: MergedPair): Promise<void> {
  const { keptApart, satTwice, offeredTwice } = await repository.obstaclesOf(trx, pair)
  if (keptApart)
    throw new Problem('invalid-state', {
      detail: 'A separation rule keeps these two apart: they are two people, or the rule has to end first.',
    })
  if (satTwice)
    throw new Problem('conflict', {
      detail: 'Both records have a seat in one group. One of them has to leave it first.',
    })
  if (offeredTwice)
    throw new Problem('conflict', {
      detail: 'Both records have an open offer for the same. One of them has to be answered first.',
    })
}

const bookedTwice = () =>
  new Problem('conflict', {
    detail: 'Both records are expected at the same time. One of the two has to be moved first.',
  })

const lockTimes = (trx: PracticeTransaction, { mergedId, survivorId }: MergedPair) =>
  lockFor(
    trx,
    [mergedId, survivorId].map(id => ({ kind: 'client' as const, id })),
  )

function announce(trx: PracticeTransaction, seats: readonly repository.Seat[]): void {
  for (const { groupId, chartId } of seats)
    emit(trx, { type: 'group.member-updated', resourceId: groupId, chartId })
}

const chartOf = ({ chartId }: repository.Seat) => chartId
const groupOf = ({ groupId }: repository.Seat) => groupId
