import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { raiseAlert } from '../../alerts/index.ts'
import type { OpenChart } from '../../charts/index.ts'
import { latestFeedback } from './engagement.repository.ts'
import { allianceFall, hasFallen, meanOf, rounded } from './engagement.rules.ts'

/** How many before the last one it is compared with. */
const before = 3

/**
 * Raises an alert when the feedback that was just written is the latest and has fallen: also while the client is still on
 * the way home.
 */
export async function lookAtAlliance(
  trx: PracticeTransaction,
  chart: OpenChart,
  { id }: { id: string },
): Promise<void> {
  const rows = await latestFeedback(trx, chart, 1 + before)
  const means = rows.map(({ measures }) => meanOf(measures))
  const fall = allianceFall(means)
  const [latest] = means
  if (rows[0]?.recordId !== id || fall === null || latest === undefined || !hasFallen(fall)) return
  await raiseAlert(trx, chart, {
    rule: 'alliance_drop',
    severity: 'attention',
    key: 'alliance',
    evidence: { recordId: id, mean: rounded(latest), fall },
  })
}
