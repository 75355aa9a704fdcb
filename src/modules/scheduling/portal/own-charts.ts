import { type RawBuilder, sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'

/**
 * True of charts that are those of the client at the portal: their own, and the joint one of a couple that they have not
 * left. Who acts for a client acts in their own care only: the joint one is their partner's too.
 *
 * @param chartId a column, such as `a.chart_id`
 */
export function isOwnChart(trx: PracticeTransaction, chartId: string): RawBuilder<boolean> {
  const { id, representativeId } = trx.scope.actor
  const kinds = representativeId === null ? ['individual', 'couple'] : ['individual']
  return sql<boolean>`exists (select from chart_members m
    join charts c on c.practice_id = m.practice_id and c.id = m.chart_id
    where m.practice_id = ${trx.practiceId} and m.chart_id = ${sql.ref(chartId)} and m.client_id = ${id}
      and m.left_at is null and c.kind = any(${kinds}::text[]))`
}
