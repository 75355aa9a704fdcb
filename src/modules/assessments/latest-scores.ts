import { sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { OpenChart } from '../charts/index.ts'

export interface LatestScore {
  instrumentKey: string
  scale: string
  value: number
  completedOn: string
}

/**
 * The last score of each scale of these instruments that a client has, in one statement: for what may be shown to
 * whoever reads clinical data, so without restricted instruments. Of a couple there are none: what one partner
 * answered is not for the other.
 */
export async function latestScores(
  trx: PracticeTransaction,
  chart: OpenChart,
  instrumentKeys: readonly string[],
): Promise<LatestScore[]> {
  if (chart.kind !== 'individual' || instrumentKeys.length === 0) return []
  const { rows } = await sql<LatestScore>`
    select distinct on (a.instrument_key, s.scale) a.instrument_key as "instrumentKey", s.scale, s.value,
      d.completed_on as "completedOn"
    from assessment_assignments a
    join assessments d on d.practice_id = a.practice_id and d.assignment_id = a.id
    join assessment_scores s on s.practice_id = a.practice_id and s.assignment_id = a.id
    where a.practice_id = ${trx.practiceId} and a.chart_id = ${chart.id}
      and a.instrument_key = any(${instrumentKeys}::text[]) and a.data_class = 'clinical' and a.target is null
      and a.status = any(array['completed', 'reviewed']) and s.value is not null
    order by a.instrument_key, s.scale, d.completed_on desc, a.id desc`.execute(trx)
  return rows
}
