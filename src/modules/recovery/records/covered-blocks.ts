import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { OpenChart } from '../../charts/index.ts'

/**
 * Says which blocks of a chart the treatment plan in force has an objective for; it has none for any other block. Leaves
 * with COMMIT. A record does not get a new version by it: what is written in it is the same.
 *
 * @param plan what came into force; null when the plan in force has ended
 */
export function coverBlocks(
  trx: PracticeTransaction,
  chart: OpenChart,
  plan: { planId: string; blockIds: readonly string[] } | null,
): void {
  const { planId = null, blockIds = [] } = plan ?? {}
  const covering = sql`case when id = any(${blockIds}::uuid[]) then ${planId}::uuid end`
  trx.later(
    sql`update recovery_records set plan_id = ${covering}
      where practice_id = ${trx.practiceId} and chart_id = ${chart.id} and kind = 'block'
        and plan_id is distinct from ${covering}`.compile(trx),
  )
}
