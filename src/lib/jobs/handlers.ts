import type pg from 'pg'
import type { House } from '../house.ts'
import type { QueueName } from './queues.ts'

/** A piece of later work. It names its practice; the handler opens that practice's door itself. */
export interface Job {
  practiceId: string
  /** What the work is about; its kind stands with the queue. */
  subjectId: string
  /** The same on every attempt: an effect outside of the database is made idempotent with it. */
  outboxId: string
}

/** Does the work. It may run more than once; throw to have it tried again. */
export type JobHandler = (house: House, job: Job) => Promise<void>

/** Who does the work of each queue. */
export type JobHandlers = Readonly<Record<QueueName, JobHandler>>

/**
 * Does what an outbox row asks for, unless it is done. Practice and subject come from the row, which row
 * security let only its own practice write; a job's payload is never believed.
 */
export async function runJob(
  house: House,
  relay: pg.Pool,
  { queue, outboxId, handler }: { queue: QueueName; outboxId: string; handler: JobHandler },
): Promise<void> {
  const { rows } = await relay.query<{ practice_id: string; subject_id: string; done_at: Date | null }>(
    'select practice_id, subject_id, done_at from outbox where id = $1 and kind = $2',
    [outboxId, queue],
  )
  const row = rows[0]
  // Gone means done long ago: housekeeping removes such rows.
  if (!row || row.done_at) return
  await handler(house, { practiceId: row.practice_id, subjectId: row.subject_id, outboxId })
  await relay.query(
    'update outbox set done_at = now() where practice_id = $1 and id = $2 and done_at is null',
    [row.practice_id, outboxId],
  )
}
