import { sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { OpenChart } from '../charts/index.ts'

/** Those of these keys that name a task of a journey of this chart. */
export async function knownTaskKeys(
  trx: PracticeTransaction,
  chart: OpenChart,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  if (keys.length === 0) return new Set()
  const rows = await trx
    .selectFrom('journey_tasks as t')
    .innerJoin('journeys as j', join =>
      join.onRef('j.practice_id', '=', 't.practice_id').onRef('j.id', '=', 't.journey_id'),
    )
    .select('t.task_key')
    .distinct()
    .where('t.practice_id', '=', trx.practiceId)
    .where('j.chart_id', '=', chart.id)
    .where('t.dropped_at', 'is', null)
    .where('t.task_key', '=', sql<string>`any(${keys}::text[])`)
    .execute()
  return new Set(rows.map(row => row.task_key))
}
