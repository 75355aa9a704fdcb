import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { FieldError } from '../../../lib/problems.ts'
import { latestScores } from '../../assessments/index.ts'
import type { OpenChart } from '../../charts/index.ts'
import { groundworkOf } from '../../recovery/index.ts'
import type { NotePart } from '../parts/parts.schemas.ts'
import { listStanding } from './targets.repository.ts'
import { warningsFromChart } from './warnings.rules.ts'

const screen = 'des-ii'

/** What a note with EMDR is warned about that only the chart knows. Nothing is asked for a note without EMDR. */
export async function emdrWarnings(
  trx: PracticeTransaction,
  chart: OpenChart,
  parts: readonly NotePart[],
  sessionDate: string,
): Promise<FieldError[]> {
  if (!parts.some(({ kind }) => kind === 'emdr')) return []
  const [scores, groundwork, open] = await Promise.all([
    latestScores(trx, chart, [screen]),
    groundworkOf(trx, chart),
    listStanding(trx, chart),
  ])
  const days = scores.map(({ completedOn }) => completedOn).toSorted()
  return warningsFromChart(parts, sessionDate, {
    screenedOn: days.at(-1) ?? null,
    stabilized: groundwork.contained && groundwork.coping,
    open: open.map(({ id, last_session_on }) => ({ id, lastSessionOn: last_session_on })),
  })
}
