import type { PracticeTransaction } from './database/practice-transaction.ts'
import type { QueueName } from './jobs/queues.ts'

/**
 * Queues later work in the same transaction as its cause. Only an id travels: the job reads the rest
 * through the practice's own door when it runs.
 */
export function enqueue(trx: PracticeTransaction, kind: QueueName, subjectId: string): void {
  trx.record(trx.insertInto('outbox').values({ practice_id: trx.practiceId, kind, subject_id: subjectId }))
}
