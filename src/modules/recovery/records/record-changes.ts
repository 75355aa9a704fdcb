import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { enteredBy } from '../../../lib/recorder.ts'
import type { RecordChange } from './history.schemas.ts'
import type { Warning } from './kind.ts'
import type { RecordRow } from './records.repository.ts'
import * as repository from './records.repository.ts'

interface Change {
  change: RecordChange['change']
  effective_on: string
  content_sealed?: Buffer
  words_sealed?: Buffer | null
  reason_key?: string | null
  warnings?: Warning[]
}

/** Adds a row to the history of a record, which stands as this row has it. */
export function recordChange(trx: PracticeTransaction, row: RecordRow, change: Change): void {
  repository.recordRevision(trx, {
    record_id: row.id,
    version: row.version,
    status: row.status,
    entered_by: enteredBy(trx),
    recorded_by: trx.scope.actor.staffId,
    ...change,
  })
}

type Verb = 'created' | 'revised' | 'status-changed' | 'reviewed' | 'released' | 'unreleased'

/** Of a restricted record another type tells, which only the care team is shown. */
export function announce(trx: PracticeTransaction, row: RecordRow, verb: Verb): void {
  const prefix = row.data_class === 'restricted' ? 'restricted-recovery-record' : 'recovery-record'
  emit(trx, {
    type: `${prefix}.${verb}`,
    resourceId: row.id,
    resourceVersion: row.version,
    chartId: row.chart_id,
  })
}
