import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { Problem } from '../../../lib/problems.ts'
import { knockInVain, type OpenChart, openChart } from '../../charts/index.ts'
import type { BlockRow } from './blocks.repository.ts'
import * as repository from './intensives.repository.ts'
import type { IntensiveStatus, ParticipantName } from './intensives.rules.ts'

/** An intensive that the caller may see. */
export interface OpenIntensive {
  row: repository.IntensiveRow
  status: IntensiveStatus
  chart: OpenChart
  /** Who takes part, by their place. */
  participants: ReadonlyMap<ParticipantName, string>
  /** Whether the caller may know by id who takes part: of a couple not everybody may. */
  seesClients: boolean
  /** Whether the caller may read what a clinician noted. */
  readsClinical: boolean
}

/**
 * The one door to an intensive: that of its chart.
 *
 * @throws Problem `not-found`; `invalid-state` when `write` is asked of a closed chart
 */
export async function openIntensive(
  trx: PracticeTransaction,
  id: string,
  { write = false, lock = false }: { write?: boolean; lock?: boolean } = {},
): Promise<OpenIntensive> {
  trx.audit({ resourceType: 'intensive', resourceId: id })
  const row = await repository.findIntensive(trx, id, lock)
  if (!row) return knockInVain(trx)
  const permission = write ? 'appointments:write' : 'appointments:read'
  const chart = await openChart(trx, row.chart_id, { dataClass: 'administrative', permission, write })
  trx.passDoor({ door: 'intensive', id, need: 'read' })
  return opened(trx, row, chart)
}

/** @param chart whose door was passed */
export function opened(
  trx: PracticeTransaction,
  row: repository.IntensiveRow,
  chart: OpenChart,
): OpenIntensive {
  const { permissions } = trx.scope.actor
  return {
    row,
    status: row.status as IntensiveStatus,
    chart,
    participants: new Map([['a', row.client_a], ...(row.client_b ? [['b', row.client_b] as const] : [])]),
    seesClients: chart.kind === 'individual' || (permissions.has('couples:read') && !chart.limited),
    readsClinical: ['care-team', 'supervision', 'emergency'].includes(chart.via),
  }
}

/**
 * The intensive as the caller read it, to be changed.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`
 */
export async function openForStep(
  trx: PracticeTransaction,
  id: string,
  version: number,
): Promise<OpenIntensive> {
  const open = await openIntensive(trx, id, { write: true, lock: true })
  if (open.row.version !== version) throw new Problem('stale-version')
  return open
}

/** The place of whoever comes to a block. */
export const namesIn = (
  { participants }: Pick<OpenIntensive, 'participants'>,
  { client_ids }: Pick<BlockRow, 'client_ids'>,
): ParticipantName[] =>
  [...participants].filter(([, clientId]) => client_ids.includes(clientId)).map(([name]) => name)
