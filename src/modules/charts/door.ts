import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { notFound, Problem } from '../../lib/problems.ts'
import { dataClasses, permissions } from './access-policy.ts'
import {
  type ClientReachRow,
  type DoorRow,
  findAtDoor,
  findClientAtDoor,
  findIndividualAtDoor,
  findOwnAtDoor,
  findOwnRecordAtDoor,
} from './door.repository.ts'
import { useEmergency } from './emergency-access.use.ts'
import { type ChartNeed, type Ways, waysInto } from './ways.rules.ts'

/** How the actor came to a chart. */
export type Via = 'all' | 'care-team' | 'supervision' | 'emergency' | 'scope' | 'self'

let make: (row: DoorRow, via: Via, limited: boolean) => OpenChart

/**
 * A chart somebody may work with, for the class they asked for. Only the door makes one: repositories of
 * clinical data take it instead of an id, so that code which did not pass the door does not compile.
 */
export class OpenChart {
  readonly id: string
  readonly kind: 'individual' | 'couple' | 'group'
  readonly status: 'open' | 'closed'
  readonly version: number
  /** Present members. */
  readonly clientIds: readonly string[]
  /** Name and insurance only (billing staff). */
  readonly limited: boolean
  /** The actor's own role on the care team today. */
  readonly careTeamRole: string | null
  /** Whether somebody whom the actor supervises is on the care team today. */
  readonly supervised: boolean
  /** Whether the actor has emergency access to it now, needed or not. */
  readonly underEmergency: boolean
  /** Set when only emergency access opened this chart. */
  readonly emergencyAccessId: string | null
  /** Private, so that nothing that only looks like an open chart is one. */
  readonly #via: Via

  private constructor(row: DoorRow, via: Via, limited: boolean) {
    this.id = row.id
    this.kind = row.kind
    this.status = row.status
    this.version = row.version
    this.clientIds = row.client_ids
    this.#via = via
    this.limited = limited
    this.careTeamRole = row.care_team_role
    this.supervised = row.supervises
    this.underEmergency = row.emergency_access_id !== null
    this.emergencyAccessId = via === 'emergency' ? row.emergency_access_id : null
  }

  static {
    make = (row, via, limited) => new OpenChart(row, via, limited)
  }

  get via(): Via {
    return this.#via
  }
}

/**
 * The one door to a chart. Decides by the access policy, the care team, supervision and emergency
 * access, records chart and members in the request's audit row, and is passed again by a replay.
 *
 * @throws Problem `not-found` when there is no such chart or the actor may not see this class of it;
 *   `invalid-state` when `write` is asked of a closed chart
 */
export async function openChart(
  trx: PracticeTransaction,
  chartId: string,
  need: ChartNeed,
): Promise<OpenChart> {
  trx.audit({ chartId })
  const row = await findAtDoor(trx, chartId)
  const ways = waysInto(trx.scope.actor, need)
  const via = row && viaTo(row, ways)
  if (!row || !via) throw notFound()
  if (need.write && !need.evenClosed) requireOpen(row)
  trx.audit({ clientIds: row.client_ids })
  if (via === 'emergency') useEmergencyOf(trx, row)
  trx.passDoor({ door: 'chart', id: chartId, need: wordsOf(need) })
  return make(row, via, via === 'all' && ways.everywhere === null)
}

/** @throws Problem `invalid-state` for a closed chart, once it is known that the actor may see it */
export function requireOpen({ status }: { status: 'open' | 'closed' }): void {
  if (status === 'open') return
  throw new Problem('invalid-state', { detail: 'This chart is closed. Reopen it before changing it.' })
}

/**
 * The door of the portal: the open individual chart of the client whose token this is, and no other.
 *
 * @throws Problem `not-found` for anybody but a client, and where that client's chart is not open
 */
export async function openOwnChart(trx: PracticeTransaction): Promise<OpenChart> {
  const { actor } = trx.scope
  const row = actor.kind === 'client' ? await findOwnAtDoor(trx, actor.id) : undefined
  if (!row) throw notFound()
  trx.audit({ chartId: row.id, clientIds: [actor.id] })
  trx.passDoor({ door: 'own-chart', id: row.id, need: 'portal:use' })
  return make(row, 'self', false)
}

/**
 * The same for one chart of the client whose token this is, also where it is closed: for what they have a right to after
 * the end of treatment.
 *
 * @throws Problem `not-found`
 */
export async function openOwnRecord(trx: PracticeTransaction, chartId: string): Promise<OpenChart> {
  const { actor } = trx.scope
  const row = actor.kind === 'client' ? await findOwnRecordAtDoor(trx, actor.id, chartId) : undefined
  if (!row) throw notFound()
  trx.audit({ chartId: row.id, clientIds: [actor.id] })
  trx.passDoor({ door: 'own-record', id: row.id, need: 'portal:use' })
  return make(row, 'self', false)
}

/**
 * A chart for a job's own work in it, of which nobody is shown anything: a job has no roles, and no way through the policy.
 *
 * @throws Error for an actor who is no job, and for a chart that is not there
 */
export async function openForJob(trx: PracticeTransaction, chartId: string): Promise<OpenChart> {
  if (trx.scope.actor.kind !== 'system') throw new Error('Only a job opens a chart by itself')
  trx.audit({ chartId })
  const row = await findAtDoor(trx, chartId)
  if (!row) throw new Error('A job is about a chart that is not there')
  trx.audit({ clientIds: row.client_ids })
  return make(row, 'all', false)
}

/**
 * The doors to the open individual charts of several clients, to write in them, in one statement. A chart that stays
 * shut is left out, as is one that is not there: no caller can tell which.
 */
export async function openIndividualOf(
  trx: PracticeTransaction,
  clientIds: readonly string[],
  need: Omit<ChartNeed, 'write'>,
): Promise<OpenChart[]> {
  const writing = { ...need, write: true }
  const ways = waysInto(trx.scope.actor, writing)
  const rows = await findIndividualAtDoor(trx, clientIds)
  return rows.flatMap(row => {
    const via = viaTo(row, ways)
    if (!via) return []
    trx.audit({ clientIds: row.client_ids })
    trx.passDoor({ door: 'chart', id: row.id, need: wordsOf(writing) })
    return [make(row, via, false)]
  })
}

/**
 * The refusal for something of a chart that is not there. It asks what the door of a hidden chart asks: an answer that
 * came a round trip sooner would tell the one from the other.
 *
 * @throws Problem `not-found`, always
 */
export async function knockInVain(trx: PracticeTransaction): Promise<never> {
  await findAtDoor(trx, noChart)
  throw notFound()
}

const noChart = '00000000-0000-0000-0000-000000000000'

/**
 * The door to one client's administrative data, by the same rule as `isClientWithin`.
 *
 * @param need `write` and `permission` as for a chart; billing staff and emergency access never write
 * @returns `limited` when only name and insurance may be seen
 * @throws Problem `not-found`
 */
export async function requireReach(
  trx: PracticeTransaction,
  clientId: string,
  need: Omit<ChartNeed, 'dataClass'> = {},
): Promise<{ limited: boolean }> {
  const ways = waysInto(trx.scope.actor, { ...need, dataClass: 'administrative' })
  const row = await findClientAtDoor(trx, clientId, ways)
  const via = row && viaOf(ways, row)
  if (!row || !via) throw notFound()
  trx.audit({ clientIds: [clientId] })
  if (via === 'emergency') useEmergencyOf(trx, row)
  trx.passDoor({ door: 'client', id: clientId, need: 'administrative' })
  return { limited: via === 'all' && ways.everywhere === null }
}

/** How these ways lead to this chart; undefined when none does. */
export const viaTo = (row: DoorRow, ways: Ways): Via | undefined =>
  viaOf(ways, { ...row, on_care_team: row.care_team_role !== null })

type Relation = Pick<ClientReachRow, 'on_care_team' | 'supervises' | 'emergency_access_id'>

/**
 * The nearest way that is both allowed by the policy and true of this chart. Emergency access comes last but for
 * the way that shows a name and no more.
 */
function viaOf(ways: Ways, relation: Relation): Via | undefined {
  if (ways.careTeam && relation.on_care_team) return 'care-team'
  if (ways.supervision && relation.supervises) return 'supervision'
  if (ways.everywhere) return ways.everywhere
  if (ways.emergency && relation.emergency_access_id) return 'emergency'
  return ways.limited ? 'all' : undefined
}

function useEmergencyOf(
  trx: PracticeTransaction,
  {
    emergency_access_id: id,
    emergency_expires_at: expires_at,
  }: Pick<ClientReachRow, 'emergency_access_id' | 'emergency_expires_at'>,
): void {
  if (id && expires_at) useEmergency(trx, { id, expires_at })
}

/** A replay asks to see again what was answered. That the chart was closed since does not matter for that. */
const wordsOf = (need: ChartNeed) =>
  need.permission ? `${need.dataClass} ${need.permission}` : need.dataClass

/** The need a passed door remembered. */
export function needOf(words: string): ChartNeed {
  const [className, permissionName] = words.split(' ')
  const dataClass = dataClasses.find(known => known === className)
  if (!dataClass) throw new Error('A stored door names a class of data that is not in the access policy')
  const permission = permissions.find(known => known === permissionName)
  return { dataClass, ...(permission ? { permission } : {}) }
}
