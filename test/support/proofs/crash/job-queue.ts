import type pg from 'pg'
import { PgBoss } from 'pg-boss'
import type { Test } from 'tap'
import { inPractice } from '../../../../src/lib/database/in-practice.ts'
import { jobSchema } from '../../../../src/lib/database/job-schema.ts'
import { type QueueName, queues } from '../../../../src/lib/jobs/queues.ts'
import { enqueue } from '../../../../src/lib/outbox.ts'
import { systemScope } from '../../../../src/lib/scope.ts'
import type { TestApp } from '../../test-app.ts'

/** A job as the queue keeps it, with its outbox row. */
export interface KeptJob {
  subject_id: string
  state: string
  attempts: number
  done_at: Date | null
}

export const [someQueue = 'send-mail'] = Object.keys(queues) as QueueName[]

export interface JobQueue {
  enqueue(practiceId: string, subjects: readonly string[]): Promise<void>
  /** Queues work that seems to have been tried so many times. */
  enqueueTried(practiceId: string, subject: string, attempts: number): Promise<void>
  jobs(): Promise<KeptJob[]>
  /**
   * Lets the time pass after which the supervisor takes back the jobs of a dead worker, and the pause before
   * they are tried again: what a running system does by itself, without the wait.
   */
  passTime(queue?: QueueName): Promise<void>
}

/** @param admin a superuser's connection to the service's database */
export async function jobQueueOf(t: Test, test: TestApp, admin: pg.Client): Promise<JobQueue> {
  const boss = new PgBoss({
    schema: jobSchema,
    db: { executeSql: (text, values) => admin.query(text, values) },
    migrate: false,
    supervise: false,
    schedule: false,
  })
  boss.on('error', () => {})
  await boss.start()
  t.teardown(() => boss.stop({ graceful: false }))
  return {
    enqueue: (practiceId, subjects) =>
      inPractice(test.house.database, systemScope(practiceId, 'test'), async trx => {
        for (const subject of subjects) enqueue(trx, someQueue, subject)
      }),
    async enqueueTried(practiceId, subject, attempts) {
      const { rows } = await admin.query<{ id: string }>(
        `insert into cairn.outbox (practice_id, kind, subject_id, handed_over_at) values ($1, $2, $3, now()) returning id`,
        [practiceId, someQueue, subject],
      )
      const [id = ''] = rows.map(row => row.id)
      await boss.insert(someQueue, [{ id, data: { outboxId: id }, startAfter: 3_600 }])
      const tried = 'update pgboss.job set retry_count = $1, start_after = now() where id = $2'
      await admin.query(tried, [attempts, id])
    },
    jobs: async () =>
      (
        await admin.query<KeptJob>(
          `select o.subject_id, coalesce(j.state::text, 'waiting') as state, coalesce(j.retry_count + 1, 0) as attempts,
             o.done_at
           from cairn.outbox o left join pgboss.job j on j.id = o.id order by o.id`,
        )
      ).rows,
    async passTime(queue = someQueue) {
      await admin.query(`update pgboss.queue set monitor_claim_on = null`)
      await admin.query(
        `update pgboss.job set started_on = started_on - interval '1 hour', heartbeat_on = heartbeat_on - interval '1 hour'
         where state = 'active'`,
      )
      await boss.supervise(queue)
      await admin.query(`update pgboss.job set start_after = now() where state = 'retry'`)
    },
  }
}
