import { sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { OpenChart } from '../charts/index.ts'

/** The scores of one completed assessment, by scale. */
export interface ScoredOnce {
  instrumentKey: string
  /** Whom the client was asked about; null where the instrument asks about nobody in particular. */
  target: string | null
  completedOn: string
  scores: Readonly<Record<string, number>>
}

/**
 * Every completed assessment of these instruments that a client has, oldest first, in one statement: for what may be
 * shown to whoever reads clinical data, so without restricted instruments. Of a couple there are none: what one partner
 * answered is not for the other.
 */
export async function scoresOverTime(
  trx: PracticeTransaction,
  chart: OpenChart,
  instrumentKeys: readonly string[],
): Promise<ScoredOnce[]> {
  if (chart.kind !== 'individual') return []
  const { rows } = await sql<ScoredOnce>`
    select a.instrument_key as "instrumentKey", a.target, d.completed_on as "completedOn",
      jsonb_object_agg(s.scale, s.value) as scores
    from assessment_assignments a
    join assessments d on d.practice_id = a.practice_id and d.assignment_id = a.id
    join assessment_scores s on s.practice_id = a.practice_id and s.assignment_id = a.id and s.value is not null
    where a.practice_id = ${trx.practiceId} and a.chart_id = ${chart.id}
      and a.instrument_key = any(${instrumentKeys}::text[]) and a.data_class = 'clinical'
      and a.status = any(array['completed', 'reviewed'])
    group by a.id, a.instrument_key, a.target, d.completed_on, d.completed_at
    order by d.completed_on, d.completed_at, a.id`.execute(trx)
  return rows
}
