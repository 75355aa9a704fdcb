import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { notFound } from '../../lib/problems.ts'
import type { DataClass } from '../charts/access-policy.ts'
import { knockInVain, type OpenChart, openChart, requireReach } from '../charts/index.ts'
import { type CoupleRow, clientIdsOf, findCouple } from './couples.repository.ts'
import { checkNotEnded } from './couples.rules.ts'

export interface CoupleNeed {
  /** To change something: the couple must not have ended. */
  write?: boolean
  /** `administrative` unless said otherwise. */
  dataClass?: DataClass
}

/** A couple that the actor may see. */
export interface OpenCouple {
  id: string
  /** Those of the two who are clients, in a fixed order. */
  clientIds: readonly string[]
  /** The joint chart, passed for this need; null until both partners are clients. */
  chart: OpenChart | null
  row: CoupleRow
}

/**
 * The one door to a couple. Who may see it stands in the care team of the joint chart, and nowhere else:
 * being on a partner's own care team is not enough. Before there is a joint chart, all that is known
 * belongs to the first client's record, and so does the couple.
 *
 * @throws Problem `not-found` when there is no such couple or the actor may not see it;
 *   `invalid-state` when `write` is asked of a couple that has ended
 */
export async function openCouple(
  trx: PracticeTransaction,
  coupleId: string,
  need: CoupleNeed = {},
): Promise<OpenCouple> {
  trx.audit({ resourceType: 'couple', resourceId: coupleId })
  const row = await findCouple(trx, coupleId)
  if (!row) return knockInVain(trx)
  const chart = await passChart(trx, row, need)
  if (need.write) checkNotEnded(row.status)
  const clientIds = clientIdsOf(row)
  trx.audit({ clientIds })
  trx.passDoor({ door: 'couple', id: coupleId, need: need.dataClass ?? 'administrative' })
  return { id: coupleId, clientIds, chart, row }
}

async function passChart(
  trx: PracticeTransaction,
  row: CoupleRow,
  { write = false, dataClass = 'administrative' }: CoupleNeed,
): Promise<OpenChart | null> {
  const permission = write ? 'couples:write' : 'couples:read'
  // That an ended couple cannot be changed is said by the couple, not by its closed chart.
  const passed = { permission, write: write && row.status !== 'ended' } as const
  if (row.chart_id) return openChart(trx, row.chart_id, { dataClass, ...passed })
  if (dataClass !== 'administrative') throw notFound()
  await requireReach(trx, row.first_client_id, passed)
  return null
}
