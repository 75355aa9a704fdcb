import { sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { OpenChart } from '../charts/index.ts'
import type { TaskStatus } from './tasks.rules.ts'

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

/** How tasks of these keys stand, for whoever reads the clinical data of their chart. */
export interface TaskStanding {
  taskKey: string
  status: TaskStatus
}

/**
 * Tasks of these keys in the journeys of this chart. In a couple's chart a key may stand for a task of each; of one that
 * was begun again in another journey the latest counts.
 */
export async function standingOfTasks(
  trx: PracticeTransaction,
  chart: OpenChart,
  keys: readonly string[],
): Promise<TaskStanding[]> {
  if (keys.length === 0) return []
  const { rows } = await sql<TaskStanding>`
    select distinct on (t.task_key, j.client_id) t.task_key as "taskKey", t.status
    from journeys j
    join journey_tasks t on t.practice_id = j.practice_id and t.journey_id = j.id and t.dropped_at is null
      and t.task_key = any(${keys}::text[])
    where j.practice_id = ${trx.practiceId} and j.chart_id = ${chart.id}
    order by t.task_key, j.client_id, j.id desc`.execute(trx)
  return rows
}
