import { type Insertable, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { IntensiveAftercareTasks } from '../../../lib/database/schema.ts'
import { limits } from '../../../lib/limits.ts'
import type { AftercareTask } from './aftercare.schemas.ts'
import { sealedTask } from './sealed-places.ts'

export type TaskRow = Selectable<IntensiveAftercareTasks>

/** By due date. */
export function listTasks(trx: PracticeTransaction, intensiveId: string): Promise<TaskRow[]> {
  return trx
    .selectFrom('intensive_aftercare_tasks')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('intensive_id', '=', intensiveId)
    .orderBy('due_on')
    .orderBy('id')
    .limit(limits.scheduling.intensiveTasks)
    .execute()
}

export function findTask(
  trx: PracticeTransaction,
  intensiveId: string,
  id: string,
): Promise<TaskRow | undefined> {
  return trx
    .selectFrom('intensive_aftercare_tasks')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('intensive_id', '=', intensiveId)
    .where('id', '=', id)
    .executeTakeFirst()
}

export function insertTask(
  trx: PracticeTransaction,
  values: Omit<Insertable<IntensiveAftercareTasks>, 'practice_id'>,
): Promise<TaskRow> {
  return trx
    .insertInto('intensive_aftercare_tasks')
    .values({ ...values, practice_id: trx.practiceId })
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function countTasks(trx: PracticeTransaction, intensiveId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from intensive_aftercare_tasks
    where practice_id = ${trx.practiceId} and intensive_id = ${intensiveId}`.execute(trx)
  return rows[0]?.count ?? 0
}

/** The chart of a series of appointments, whoever asks. */
export async function chartOfSeries(trx: PracticeTransaction, id: string): Promise<string | undefined> {
  const row = await trx
    .selectFrom('appointment_series')
    .select('chart_id')
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.chart_id
}

/** Notes are for people of the practice. */
export async function toTask(trx: PracticeTransaction, row: TaskRow): Promise<AftercareTask> {
  const mayRead = trx.scope.actor.kind === 'user'
  return {
    id: row.id,
    kind: row.kind as AftercareTask['kind'],
    participant: row.participant as AftercareTask['participant'],
    dueOn: row.due_on,
    note:
      row.note_sealed && mayRead ? (await trx.open(sealedTask(row.id), row.note_sealed)).toString() : null,
    status: row.status as AftercareTask['status'],
    seriesId: row.series_id,
    settledAt: row.settled_at?.toISOString() ?? null,
    version: row.version,
  }
}
