import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { Problem } from '../../lib/problems.ts'
import { type OpenChart, openChart } from '../charts/index.ts'

/**
 * The door to what concerns one person's safety: it stands in their own chart only, where no partner can come to it.
 *
 * @throws Problem `not-found`, `invalid-state` for another kind of chart
 */
export async function openIndividual(
  trx: PracticeTransaction,
  chartId: string,
  { write = false }: { write?: boolean } = {},
): Promise<OpenChart> {
  const permission = write ? 'assessments:write' : 'assessments:read'
  const chart = await openChart(trx, chartId, { dataClass: 'clinical', write, permission })
  if (chart.kind === 'individual') return chart
  throw new Problem('invalid-state', { detail: 'This stands in a person’s own chart, not in a joint one.' })
}
