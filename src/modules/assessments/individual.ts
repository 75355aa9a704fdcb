import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { Problem } from '../../lib/problems.ts'
import type { RowVersion } from '../../lib/versions.ts'
import { type OpenChart, openChart } from '../charts/index.ts'

/** Something in a chart, as the caller read it. */
export interface At extends RowVersion {
  chartId: string
}

/**
 * The door to what concerns one person alone: it stands in their own chart only, where no partner can come to it.
 *
 * @throws Problem `not-found`, `invalid-state` for another kind of chart
 */
export async function openIndividual(
  trx: PracticeTransaction,
  chartId: string,
  { write = false, dataClass = 'clinical' }: { write?: boolean; dataClass?: 'clinical' | 'restricted' } = {},
): Promise<OpenChart> {
  const permission = write ? 'assessments:write' : 'assessments:read'
  const chart = await openChart(trx, chartId, { dataClass, write, permission })
  if (chart.kind === 'individual') return chart
  throw new Problem('invalid-state', { detail: 'This stands in a person’s own chart, not in a joint one.' })
}
