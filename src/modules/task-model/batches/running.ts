import { writeAudit } from '../../../lib/audit.ts'
import { inPractice } from '../../../lib/database/in-practice.ts'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import type { House } from '../../../lib/house.ts'
import { limits } from '../../../lib/limits.ts'
import { enqueue } from '../../../lib/outbox.ts'
import { type Scope, systemScope } from '../../../lib/scope.ts'
import { openForJob } from '../../charts/index.ts'
import { sealStep } from '../history.repository.ts'
import { currentTasks, loadParts } from '../journey.read.ts'
import { lockJourney, type OpenJourney } from '../journeys.repository.ts'
import { carryOver } from '../migration.service.ts'
import { findVersion, type VersionRow } from '../templates.repository.ts'
import * as repository from './batches.repository.ts'
import { planBatch, planForJourney } from './batches.rules.ts'
import type { JourneyBatch } from './batches.schemas.ts'

/**
 * Works on a batch, each journey in a transaction of its own that also says it was done: after a crash the next run goes on
 * with those that wait, and several workers never take the same one. After many it lets other work pass.
 */
export async function workOnBatch(
  house: House,
  practiceId: string,
  batchId: string,
  atMost: number = limits.journeyBatchRun,
): Promise<void> {
  const own = systemScope(practiceId, 'journey-migration')
  const batch = await inPractice(house.database, own, trx => repository.findBatch(trx, batchId))
  if (batch?.status !== 'running') return
  const scope = onBehalfOf(own, batch.started_by)
  for (let done = 0; done < atMost; done += 1) {
    const more = await inPractice(house.database, scope, trx => migrateNext(trx, batch))
    if (!more) return
  }
  await inPractice(house.database, own, async trx => enqueue(trx, 'journey-migration', batchId))
}

/** What is written says who started the batch. */
const onBehalfOf = (scope: Scope, staffId: string): Scope => ({
  ...scope,
  actor: { ...scope.actor, staffId },
})

/** @returns false when no journey waits for this worker any more */
async function migrateNext(trx: PracticeTransaction, batch: repository.BatchRow): Promise<boolean> {
  const [next, from, found] = await Promise.all([
    repository.takeNext(trx, batch.id),
    findVersion(trx, batch.from_template_id, batch.from_number),
    findVersion(trx, batch.to_template_id, batch.to_number),
    trx.sealer(),
  ])
  if (!next) {
    if (await repository.finish(trx, batch.id))
      emit(trx, { type: 'journey-migration-batch.finished', resourceId: batch.id })
    return false
  }
  if (!from || !found) throw new Error('A batch is about a version that is not there')
  const mapping = batch.mapping as JourneyBatch['mapping']
  trx.audit({ resourceType: 'journey', resourceId: next.id })
  const { keys } = planBatch(from, found, mapping)
  const chart = await openForJob(trx, next.chartId)
  const key = { chart, row: { id: next.id } }
  const way = { from, target: found, unsaid: keys.unmapped }
  // Sent in this order, in one round trip: what is judged is the journey as the lock found it.
  const [row, parts, judged] = await Promise.all([
    lockJourney(trx, chart, next.id),
    loadParts(trx, key),
    repository.assessOne(trx, way, next.id),
  ])
  if (!row || !judged) {
    repository.settle(trx, batch.id, next.id, { reason: 'moved_on', undecidedKeys: [] })
    return true
  }
  if (judged.reason === null) await goOn(trx, { chart, row }, parts, found, mapping)
  repository.settle(trx, batch.id, next.id, judged)
  return true
}

async function goOn(
  trx: PracticeTransaction,
  journey: OpenJourney,
  parts: Awaited<ReturnType<typeof loadParts>>,
  target: VersionRow,
  said: JourneyBatch['mapping'],
): Promise<void> {
  trx.audit({ fields: ['template'] })
  writeAudit(trx, { decision: 'granted' })
  const followed =
    target.kind === 'task_program'
      ? currentTasks(parts).map(task => task.task_key)
      : parts.contents.of(journey.row).content.stages.map(({ key }) => key)
  const { mapping, preview } = planForJourney(followed, target, said)
  const step = await sealStep(trx, journey.row.id, { kind: 'migrated' })
  await carryOver(trx, { journey, parts, target, preview, mapping, step })
}
