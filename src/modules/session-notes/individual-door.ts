import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { notFound } from '../../lib/problems.ts'
import { type OpenChart, openChart } from '../charts/index.ts'

/**
 * The door to what belongs to one client's treatment: their own individual chart. Couples and groups have none of it, so
 * there it is not found.
 *
 * @throws Problem `not-found`; `invalid-state` to write in a closed chart
 */
export async function openIndividual(
  trx: PracticeTransaction,
  chartId: string,
  permission: `${'notes' | 'recovery'}:${'read' | 'write'}`,
): Promise<OpenChart> {
  const chart = await openChart(trx, chartId, {
    dataClass: 'clinical',
    permission,
    write: permission.endsWith(':write'),
  })
  if (chart.kind !== 'individual') throw notFound()
  return chart
}
