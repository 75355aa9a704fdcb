import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'

/**
 * In whose name the sessions of a couple's chart were billed on a day; null where nobody was named, and for charts of
 * others. The caller has passed the chart's door.
 */
export async function identifiedPatientOf(
  trx: PracticeTransaction,
  chartId: string,
  day: string,
): Promise<string | null> {
  const row = await trx
    .selectFrom('couple_identified_patients as p')
    .innerJoin('couples as c', join =>
      join.onRef('c.practice_id', '=', 'p.practice_id').onRef('c.id', '=', 'p.couple_id'),
    )
    .select('p.client_id')
    .where('p.practice_id', '=', trx.practiceId)
    .where('c.chart_id', '=', chartId)
    .where('p.effective_from', '<=', day)
    .orderBy('p.effective_from', 'desc')
    .orderBy('p.recorded_at', 'desc')
    .orderBy('p.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.client_id ?? null
}
