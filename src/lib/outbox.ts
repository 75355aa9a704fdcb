import { sql } from 'kysely'
import type { PracticeTransaction } from './database/practice-transaction.ts'
import type { QueueName } from './jobs/queues.ts'

/**
 * Queues later work in the same transaction as its cause. Only an id travels: the job reads the rest
 * through the practice's own door when it runs.
 *
 * @param options.minutes how many minutes from now it is due; at once when left out
 */
export function enqueue(
  trx: PracticeTransaction,
  kind: QueueName,
  subjectId: string,
  { minutes = 0 }: { minutes?: number } = {},
): void {
  const run_after = sql<Date>`now() + make_interval(mins => ${minutes})`
  trx.record(
    trx.insertInto('outbox').values({ practice_id: trx.practiceId, kind, subject_id: subjectId, run_after }),
  )
}
