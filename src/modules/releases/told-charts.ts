import { type RawBuilder, sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'

/**
 * True of charts of which whoever is at the portal hears here: the client of all, who acts for them of their own care
 * alone. A joint chart is their partner's too.
 *
 * @param chartId a column, such as `r.chart_id`
 */
export function isToldOf(trx: PracticeTransaction, chartId: string): RawBuilder<boolean> {
  if (trx.scope.actor.representativeId === null) return sql<boolean>`true`
  return sql<boolean>`exists (select from charts c where c.practice_id = ${trx.practiceId}
    and c.id = ${sql.ref(chartId)} and c.kind = 'individual')`
}
