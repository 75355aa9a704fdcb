import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { OpenChart } from '../../charts/index.ts'
import type { DefinitionDays } from '../days.rules.ts'
import { definitionsOf } from './sobriety.repository.ts'

/** What the definitions of a chart say on which day, by addiction, without the words of their items. */
export async function definitionDays(
  trx: PracticeTransaction,
  chart: OpenChart,
): Promise<ReadonlyMap<string, DefinitionDays[]>> {
  const rows = await definitionsOf(trx, chart)
  const days = rows.map(row => ({
    addictionId: row.addiction_id,
    number: row.number,
    effectiveFrom: row.effective_from,
    circleOf: new Map(row.items.map(({ itemId, circle }) => [itemId, circle])),
  }))
  return Map.groupBy(days, ({ addictionId }) => addictionId)
}
