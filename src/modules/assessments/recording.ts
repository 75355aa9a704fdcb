import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { type AssignmentRow, insertChange } from './assignments.repository.ts'
import type { AssignmentChange } from './assignments.rules.ts'
import { sealedComment } from './sealed-places.ts'

/** Writes a step into the history of an assignment and, but for the first answer, tells of it. */
export async function record(
  trx: PracticeTransaction,
  row: Pick<AssignmentRow, 'id' | 'chart_id' | 'data_class'>,
  { change, version, comment }: { change: AssignmentChange; version: number; comment?: string | undefined },
): Promise<void> {
  const id = uuidv7()
  await insertChange(trx, {
    id,
    assignment_id: row.id,
    change,
    comment_sealed: comment === undefined ? null : await trx.seal(sealedComment(id), comment),
    recorded_by: trx.scope.actor.staffId,
  })
  if (change === 'started') return
  const resource = row.data_class === 'restricted' ? 'restricted-assessment' : 'assessment'
  emit(trx, {
    type: `${resource}.${change}`,
    resourceId: row.id,
    resourceVersion: version,
    chartId: row.chart_id,
  })
}
