import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { limits } from '../../../lib/limits.ts'
import { enqueue } from '../../../lib/outbox.ts'
import { type Page, toPage } from '../../../lib/pages.ts'
import { notFound } from '../../../lib/problems.ts'
import { recorder } from '../../../lib/recorder.ts'
import { partsIfEnough } from '../../../lib/small-counts.ts'
import { useEmergencyForCharts } from '../../charts/index.ts'
import { ofCaseload } from '../caseload.repository.ts'
import type { MigrationPlan } from '../journeys.schemas.ts'
import { openTemplate } from '../journeys.service.ts'
import { findVersion, type VersionRow } from '../templates.repository.ts'
import * as repository from './batches.repository.ts'
import { type BatchReason, batchReasons, type MemberStatus, planBatch } from './batches.rules.ts'
import type { BatchJourney, BatchPreview, JourneyBatch } from './batches.schemas.ts'

interface VersionPlace {
  programTemplateId: string
  templateNumber: number
}

interface PageWish {
  cursor?: string
  limit?: number
}

const resourceType = 'journey-migration-batch'

/**
 * What a batch would do. Counts are of the whole practice and name nobody; journeys are listed of charts that are open to
 * the caller.
 *
 * @throws Problem `not-found`, `invalid-request`, `unknown-reference`, `invalid-state`, `invalid-cursor`
 */
export async function previewBatch(
  trx: PracticeTransaction,
  place: VersionPlace,
  plan: MigrationPlan,
  { cursor, limit = limits.page.default }: PageWish,
): Promise<BatchPreview> {
  trx.audit({ resourceType: 'program-template', resourceId: place.programTemplateId })
  const filter = { ...place, plan }
  const after = trx.cursorKey(filter, cursor)?.[0] as string | undefined
  const { from, found } = await findBoth(trx, place, plan)
  const { target, keys } = planBatch(from, found, plan.mapping)
  const way = { from, target, unsaid: keys.unmapped }
  const [counts, rows] = await Promise.all([
    repository.countJourneys(trx, way),
    repository.listNeedingPerson(trx, way, { limit, after }),
  ])
  const { data, nextCursor } = toPage(rows, limit, toNeeded, row => trx.cursorAfter(filter, [row.id]))
  await useEmergency(trx, data)
  const total = sum(counts)
  const ready = sum(counts.filter(({ reason }) => reason === null))
  return { keys, total, ready, needPerson: total - ready, byReason: byReason(counts), data, nextCursor }
}

/**
 * Starts to let every journey of a version that is not over go on under another. A job does it, journey by journey; what
 * needs a person is left as it is, and listed.
 *
 * @throws Problem `not-found`, `invalid-request`, `unknown-reference`, `invalid-state`, `conflict` while another batch of this
 *   version runs
 */
export async function startBatch(
  trx: PracticeTransaction,
  place: VersionPlace,
  plan: MigrationPlan,
): Promise<JourneyBatch> {
  const id = uuidv7()
  trx.audit({ resourceType, resourceId: id, fields: ['mapping'] })
  const { from, found } = await findBoth(trx, place, plan)
  const { target } = planBatch(from, found, plan.mapping)
  await openTemplate(trx, target)
  const batch = await repository.insertBatch(trx, {
    id,
    from_template_id: from.template_id,
    from_number: from.number,
    to_template_id: target.template_id,
    to_number: target.number,
    mapping: JSON.stringify(plan.mapping),
    started_by: recorder(trx),
  })
  enqueue(trx, 'journey-migration', id)
  emit(trx, { type: 'journey-migration-batch.started', resourceId: id })
  return toBatch(batch, await repository.progressOf(trx, [id]))
}

/** @throws Problem `not-found` */
export async function getBatch(trx: PracticeTransaction, id: string): Promise<JourneyBatch> {
  trx.audit({ resourceType, resourceId: id })
  const [row, progress] = await Promise.all([repository.findBatch(trx, id), repository.progressOf(trx, [id])])
  if (!row) throw notFound()
  return toBatch(row, progress)
}

/** Of one version, newest first. @throws Problem `not-found`, `invalid-cursor` */
export async function listBatches(
  trx: PracticeTransaction,
  place: VersionPlace,
  { cursor, limit = limits.page.default }: PageWish,
): Promise<Page<JourneyBatch>> {
  trx.audit({ resourceType: 'program-template', resourceId: place.programTemplateId })
  const after = trx.cursorKey(place, cursor)?.[0] as string | undefined
  const { programTemplateId: template_id, templateNumber: number } = place
  const [version, rows] = await Promise.all([
    findVersion(trx, template_id, number),
    repository.listBatches(trx, { template_id, number }, { limit, after }),
  ])
  if (!version) throw notFound()
  const progress = await repository.progressOf(
    trx,
    rows.map(({ id }) => id),
  )
  return toPage(
    rows,
    limit,
    row => toBatch(row, progress),
    row => trx.cursorAfter(place, [row.id]),
  )
}

/** What became of the journeys of charts that are open to the caller. @throws Problem `not-found`, `invalid-cursor` */
export async function listBatchJourneys(
  trx: PracticeTransaction,
  batchId: string,
  { cursor, limit = limits.page.default, status }: PageWish & { status?: MemberStatus },
): Promise<Page<BatchJourney>> {
  trx.audit({ resourceType, resourceId: batchId })
  const filter = { batchId, status }
  const after = trx.cursorKey(filter, cursor)?.[0] as string | undefined
  const [batch, rows] = await Promise.all([
    repository.findBatch(trx, batchId),
    repository.listMembers(trx, batchId, { limit, after, status }),
  ])
  if (!batch) throw notFound()
  const page = toPage(rows, limit, toJourney, row => trx.cursorAfter(filter, [row.id]))
  await useEmergency(trx, page.data)
  return page
}

async function findBoth(
  trx: PracticeTransaction,
  place: VersionPlace,
  plan: MigrationPlan,
): Promise<{ from: VersionRow; found: VersionRow | undefined }> {
  const [from, found] = await Promise.all([
    findVersion(trx, place.programTemplateId, place.templateNumber),
    findVersion(trx, plan.programTemplateId, plan.templateNumber),
  ])
  if (!from) throw notFound()
  return { from, found }
}

/** The audit row names who is in the charts of a list, and what emergency access had to do with it. */
function useEmergency(trx: PracticeTransaction, shown: readonly { chartId: string }[]): Promise<void> {
  const chartIds = shown.map(({ chartId }) => chartId)
  trx.audit({ chartIds })
  return useEmergencyForCharts(trx, chartIds, ofCaseload.dataClass, ofCaseload.permission)
}

interface Counted {
  reason: BatchReason | null
  count: number
}

const sum = (counts: readonly Pick<Counted, 'count'>[]) => counts.reduce((all, { count }) => all + count, 0)

function byReason(counts: readonly Counted[]): BatchPreview['byReason'] {
  const parts = batchReasons.map(reason => [reason, sum(counts.filter(one => one.reason === reason))])
  return partsIfEnough(Object.fromEntries(parts) as Record<BatchReason, number>)
}

const toNeeded = ({ id, chartId, reason, undecidedKeys }: repository.Assessed) => ({
  journeyId: id,
  chartId,
  // Only those with a reason are listed.
  reason: reason ?? ('moved_on' as const),
  undecidedKeys,
})

const toJourney = ({ id, settledAt, ...member }: repository.Member): BatchJourney => ({
  journeyId: id,
  ...member,
  settledAt: settledAt?.toISOString() ?? null,
})

function toBatch(row: repository.BatchRow, progress: readonly repository.Progress[]): JourneyBatch {
  const own = progress.filter(({ batch_id }) => batch_id === row.id)
  const count = (status: MemberStatus) => sum(own.filter(one => one.status === status))
  return {
    id: row.id,
    fromTemplateId: row.from_template_id,
    fromNumber: row.from_number,
    toTemplateId: row.to_template_id,
    toNumber: row.to_number,
    mapping: row.mapping as JourneyBatch['mapping'],
    status: row.status as JourneyBatch['status'],
    total: sum(own),
    waiting: count('waiting'),
    migrated: count('migrated'),
    left: count('left'),
    leftByReason: byReason(own.filter(({ status }) => status === 'left')),
    startedById: row.started_by,
    startedAt: row.started_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  }
}
