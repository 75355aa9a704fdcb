import { sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { NotesOnObjective } from '../treatment-plans/index.ts'
import { countedStatuses } from './counted.ts'

/** Counted notes of a chart by the objective of this plan they worked on, and by how they rated progress. */
export async function countNotesOnObjectives(
  trx: PracticeTransaction,
  { chartId, planId }: { chartId: string; planId: string },
): Promise<NotesOnObjective[]> {
  const { rows } = await sql<NotesOnObjective>`
    select o.objective_key as "objectiveKey", o.progress as rating, count(*)::int as count,
      max(n.session_date) as "lastOn"
    from session_note_objectives o
    join session_notes n on n.practice_id = o.practice_id and n.id = o.note_id and n.revision = o.revision
      and n.chart_id = ${chartId} and n.status = any(${[...countedStatuses]}::text[])
    where o.practice_id = ${trx.practiceId} and o.plan_id = ${planId}
    group by o.objective_key, o.progress`.execute(trx)
  return rows
}
