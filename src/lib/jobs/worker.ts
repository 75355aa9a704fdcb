import type pg from 'pg'
import { type JobResult, type JobWithMetadata, PgBoss } from 'pg-boss'
import { jobHandlers, rounds } from '../../modules/jobs.ts'
import { createPool } from '../database/connect.ts'
import { jobSchema } from '../database/job-schema.ts'
import { assertFencedRole } from '../database/roles.ts'
import type { House } from '../house.ts'
import { limits } from '../limits.ts'
import { errorForLog } from '../log.ts'
import { createAuditSealer } from './audit-sealer.ts'
import { type JobHandlers, runJob } from './handlers.ts'
import { keepHouse } from './housekeeping.ts'
import { repeat } from './loop.ts'
import { type QueueName, queues, type RoundName, timetable } from './queues.ts'
import { handOver, numberEvents } from './relay.ts'
import { makeRound, type Round } from './rounds.ts'

export interface WorkerOptions {
  /** The database as `cairn_relay`. */
  relayUrl: string
  /** Who does the work of each queue; the modules' own handlers unless a test gives others. */
  handlers?: JobHandlers
}

export interface Worker {
  /** Finishes what is running, for some seconds, and gives the rest back. */
  stop(): Promise<void>
}

/**
 * Numbers events, hands the outbox to the job queue, runs jobs, seals the audit log and keeps house. As many
 * workers as you like may run: constraints and locks decide between them.
 *
 * @throws when the relay role could bypass row security, or the job schema is not migrated
 */
export async function startWorker(house: House, options: WorkerOptions): Promise<Worker> {
  const relay = createPool({
    url: options.relayUrl,
    size: limits.relay.connections,
    applicationName: 'cairn-relay',
    onError: error => house.outage.failed(error, 'a database connection was lost'),
    fence: house.fence,
  })
  relay.on('release', error => error ?? house.outage.answered())
  const boss = createBoss(house, relay)
  try {
    await assertFencedRole(relay, 'DATABASE_RELAY_URL')
    await boss.start()
    await workOnQueues(house, relay, boss, options.handlers ?? jobHandlers)
    await workOnTimetable(house, relay, boss)
  } catch (error) {
    await boss.stop({ graceful: false })
    await relay.end()
    throw error
  }
  const stopLoops = startLoops(house, relay, boss)
  return {
    async stop() {
      await stopLoops()
      await boss.stop({ timeout: limits.jobs.stopMs })
      await relay.end()
    },
  }
}

function startLoops(house: House, relay: pg.Pool, boss: PgBoss): () => Promise<void> {
  const sealer = createAuditSealer(house, relay)
  const failed = (what: string) => (error: unknown) =>
    house.outage.failed(error, `${what} failed and will be tried again`)
  const { relay: pace, audit } = limits
  const loops = [
    repeat(pace.intervalMs, () => numberEvents(relay), failed('numbering events')),
    repeat(pace.intervalMs, () => handOver(relay, boss), failed('handing over later work')),
    repeat(audit.sealIntervalMs, sealer.seal, failed('sealing the audit log')),
    repeat(
      audit.anchorIntervalMs,
      () => sealer.anchor().then(() => false),
      failed('anchoring the audit log'),
    ),
  ]
  return async () => {
    await Promise.all(loops.map(loop => loop.stop()))
    await sealer.anchor().catch(failed('anchoring the audit log'))
  }
}

/** The relay role has no DDL, so pg-boss neither migrates nor rebuilds indexes here: migrations do. */
function createBoss(house: House, relay: pg.Pool): PgBoss {
  const boss = new PgBoss({
    schema: jobSchema,
    db: { executeSql: (text, values) => executeSql(relay, text, values) },
    migrate: false,
    createSchema: false,
    supervise: true,
    superviseIntervalSeconds: limits.jobs.superviseSeconds,
    monitorIntervalSeconds: limits.jobs.superviseSeconds,
    schedule: true,
    reindex: false,
    monitorVacuum: false,
  })
  boss.on('error', error => house.outage.failed(error, 'the job queue failed'))
  return boss
}

/** pg-boss sends whole transactions as one text: one that fails leaves its connection inside of it. */
async function executeSql(relay: pg.Pool, text: string, values?: unknown[]) {
  const client = await relay.connect()
  try {
    const result = await client.query(text, values)
    client.release()
    return result
  } catch (error) {
    client.release(true)
    throw error
  }
}

async function workOnQueues(house: House, relay: pg.Pool, boss: PgBoss, handlers: JobHandlers) {
  const options = {
    pollingIntervalSeconds: limits.jobs.pollSeconds,
    batchSize: limits.jobs.atOnce,
    burstWhenBatchFull: true,
    includeMetadata: true,
    perJobResults: true,
  } as const
  for (const queue of Object.keys(queues) as QueueName[]) {
    await boss.work<{ outboxId: string }, unknown, typeof options>(queue, options, jobs =>
      Promise.all(jobs.map(job => settle(house, relay, queue, job, handlers))),
    )
  }
}

/**
 * A failed job is tried again with growing pauses and in the end left as failed; those beside it go on.
 * What the queue keeps of an error is its name: a message may hold what a person wrote.
 */
async function settle(
  house: House,
  relay: pg.Pool,
  queue: QueueName,
  job: JobWithMetadata<{ outboxId: string }>,
  handlers: JobHandlers,
): Promise<JobResult> {
  const { id, retryCount, retryLimit } = job
  try {
    await runJob(house, relay, { queue, outboxId: id, handler: handlers[queue] })
    return { id, status: 'completed' }
  } catch (error) {
    const details = { queue, outboxId: id, attempt: retryCount + 1, error: errorForLog(error) }
    if (retryCount < retryLimit) house.log.warn(details, 'a job failed and will be tried again')
    else house.log.error(details, 'a job failed for good')
    return { id, status: 'failed', output: { error: error instanceof Error ? error.name : typeof error } }
  }
}

async function workOnTimetable(house: House, relay: pg.Pool, boss: PgBoss) {
  for (const [name, { cron }] of Object.entries(timetable)) await boss.schedule(name, cron)
  for (const [name, round] of Object.entries(rounds) as [RoundName, Round][])
    await boss.work(name, async () => makeRound(house, relay, name, round))
  await boss.work('housekeeping' satisfies keyof typeof timetable, async () => keepHouse(house, relay))
}
