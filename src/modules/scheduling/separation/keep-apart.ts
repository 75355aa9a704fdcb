import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { Problem } from '../../../lib/problems.ts'
import { seesEveryAppointment } from '../appointments.access.ts'
import type { Period } from '../appointments.rules.ts'
import { busy, type Holder, lockFor, type Resource } from '../reservations.ts'
import type { Counterpart } from './counterparts.ts'
import { type Encounter, findEncounters } from './waiting-room.repository.ts'

/** Clients who come to a location for something. */
export interface Visit {
  clientIds: readonly string[]
  locationId: string | null
  period: Period
}

export interface Taking {
  /** Everything that is about to be taken: it is locked here, with the counterparts, so that nothing deadlocks. */
  wanted: readonly Resource[]
  /** What holds, or gives way to, the time that is taken. */
  holders: readonly Holder[]
}

/**
 * Refuses visits at which somebody would meet whom they are kept apart from in the waiting room. Call it before
 * reserving; where nobody is kept apart it sends nothing, otherwise two statements.
 *
 * @throws Problem `resource-busy`, as for any hour that does not work
 */
export async function keepApart(
  trx: PracticeTransaction,
  counterparts: readonly Counterpart[],
  visits: readonly Visit[],
  taking: Taking,
): Promise<void> {
  const meeting = await visitsThatMeet(trx, counterparts, visits, taking)
  if (meeting.size > 0) throw keptApart(trx)
}

/**
 * The same question, for who can leave single visits out. Those who come together are not kept apart.
 *
 * @param taking left out by who only asks: nothing is locked then
 * @returns places in `visits`, from 0
 */
export async function visitsThatMeet(
  trx: PracticeTransaction,
  counterparts: readonly Counterpart[],
  visits: readonly Visit[],
  taking?: Taking,
): Promise<ReadonlySet<number>> {
  const possible = visits.flatMap((visit, place) => encountersAt(visit, counterparts, place))
  if (possible.length === 0) return new Set()
  const encounters = possible.map(({ encounter }) => encounter)
  const others = encounters.map(({ otherId }) => ({ kind: 'client' as const, id: otherId }))
  const holders = taking?.holders ?? []
  if (taking) await lockFor(trx, [...taking.wanted, ...others], holders)
  const holderIds = holders.map(({ id }) => id)
  const found = await findEncounters(trx, encounters, holderIds)
  return new Set(possible.flatMap(({ place }, index) => (found.has(index) ? [place] : [])))
}

function encountersAt(
  { clientIds, locationId, period }: Visit,
  counterparts: readonly Counterpart[],
  place: number,
): { place: number; encounter: Encounter }[] {
  if (locationId === null) return []
  return counterparts
    .filter(
      ({ clientId, otherId, apartMinutes }) =>
        apartMinutes > 0 && clientIds.includes(clientId) && !clientIds.includes(otherId),
    )
    .map(({ otherId, apartMinutes }) => ({
      place,
      encounter: { otherId, apartMinutes, locationId, ...period },
    }))
}

/**
 * What a rule of separation answers: the same as an hour or a seat that is taken by nobody the caller may see. Only who
 * sees every couple and every appointment is told that it is a rule.
 */
export function keptApart(trx: PracticeTransaction): Problem {
  const told = seesEveryAppointment(trx) && trx.scope.actor.permissions.has('couples:read')
  return busy([], told ? { separation: true } : {})
}
