import { sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { OpenChart } from '../charts/index.ts'
import { knownClasses } from './assignments.repository.ts'
import { scoredStatuses } from './assignments.rules.ts'

/** One completed assessment with all its scores. */
export interface ScoredRow {
  id: string
  client_id: string | null
  edition: number
  completed_on: string
  scores: { scale: string; value: number | null; prorated: boolean; band: string | null; met: string[] }[]
}

/**
 * The newest completed assessments of an instrument in a chart, with their scores, in one statement. One more than asked
 * for.
 *
 * @param about null for those about nobody in particular, else only about these partners
 */
export function listScored(
  trx: PracticeTransaction,
  chart: OpenChart,
  {
    key,
    about,
    target,
    limit,
  }: { key: string; about: readonly string[] | null; target: string | null; limit: number },
): Promise<ScoredRow[]> {
  const scores = sql<
    ScoredRow['scores']
  >`(select json_agg(json_build_object('scale', c.scale, 'value', c.value,
      'prorated', c.prorated, 'band', c.band, 'met', c.met))
    from assessment_scores c where c.practice_id = a.practice_id and c.assignment_id = a.id)`
  let query = trx
    .selectFrom('assessment_assignments as a')
    .innerJoin('assessments as s', join =>
      join.onRef('s.practice_id', '=', 'a.practice_id').onRef('s.assignment_id', '=', 'a.id'),
    )
    .select(['a.id', 'a.client_id', 'a.edition', 's.completed_on', scores.as('scores')])
    .where('a.practice_id', '=', trx.practiceId)
    .where('a.chart_id', '=', chart.id)
    .where('a.instrument_key', '=', key)
    .where('a.data_class', '=', sql<string>`any(${knownClasses(trx, chart)}::text[])`)
    .where('a.status', '=', sql<string>`any(${[...scoredStatuses]}::text[])`)
  query = about === null ? query : query.where('a.client_id', '=', sql<string>`any(${about}::uuid[])`)
  query = target === null ? query : query.where('a.target', '=', target)
  return query
    .orderBy('s.completed_at', 'desc')
    .orderBy('a.id', 'desc')
    .limit(limit + 1)
    .execute()
}
