import { sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { DataClass, Permission } from './access-policy.ts'
import { reachableCharts, reachableClients } from './reach.ts'
import { type Ways, waysInto } from './ways.rules.ts'

interface UsedAccess {
  id: string
  expires_at: Date
}

/** Says in the audit row and in the answer that emergency access was needed for it. */
export function useEmergency(trx: PracticeTransaction, { id, expires_at }: UsedAccess): void {
  trx.audit({ emergencyAccessId: id })
  trx.answerHeader('cairn-emergency-access-expires', expires_at.toISOString())
}

/**
 * For a list narrowed by `isChartWithin`: records the use of emergency access when one of the charts shown was
 * reached by nothing else, as `openChart` does for a single one. Of several it names the one that ends first.
 */
export async function useEmergencyForCharts(
  trx: PracticeTransaction,
  chartIds: readonly string[],
  dataClass: DataClass,
  permission?: Permission,
): Promise<void> {
  const ways = waysInto(trx.scope.actor, { dataClass, ...(permission ? { permission } : {}) })
  if (chartIds.length === 0 || !mayNeedEmergency(ways)) return
  await useFirst(
    trx,
    sql`e.chart_id = any(${chartIds}::uuid[]) and e.chart_id not in ${reachableCharts(trx, without(ways))}`,
  )
}

/** The same for a list narrowed by `isClientWithin`. */
export async function useEmergencyForClients(
  trx: PracticeTransaction,
  clientIds: readonly string[],
): Promise<void> {
  const ways = waysInto(trx.scope.actor, { dataClass: 'administrative' })
  if (clientIds.length === 0 || !mayNeedEmergency(ways)) return
  await useFirst(
    trx,
    sql`exists (select from charts c
      join chart_members m on m.practice_id = c.practice_id and m.chart_id = c.id and m.left_at is null
      where c.practice_id = e.practice_id and c.id = e.chart_id and c.kind = 'individual'
        and m.client_id = any(${clientIds}::uuid[]) and m.client_id not in ${reachableClients(trx, without(ways))})`,
  )
}

const mayNeedEmergency = ({ emergency, everywhere }: Ways) => emergency && everywhere === null

/** Who sees everybody's name only (billing staff) needs emergency access for the rest. */
const without = (ways: Ways): Ways => ({ ...ways, limited: false, emergency: false })

async function useFirst(trx: PracticeTransaction, isNeeded: ReturnType<typeof sql>): Promise<void> {
  const { rows } = await sql<UsedAccess>`select e.id, e.expires_at from emergency_accesses e
    where e.practice_id = ${trx.practiceId} and e.staff_id = ${trx.scope.actor.staffId}
      and e.ended_at is null and e.expires_at > now() and ${isNeeded}
    order by e.expires_at, e.id limit 1`.execute(trx)
  if (rows[0]) useEmergency(trx, rows[0])
}
