import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { OpenChart } from '../charts/index.ts'

/** Whether a chart has this risk assessment. */
export async function isRiskAssessmentOf(
  trx: PracticeTransaction,
  chart: OpenChart,
  id: string,
): Promise<boolean> {
  const found = await trx
    .selectFrom('risk_assessments')
    .select('id')
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .where('chart_id', '=', chart.id)
    .executeTakeFirst()
  return found !== undefined
}
