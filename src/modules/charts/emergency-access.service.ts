import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { notFound, Problem } from '../../lib/problems.ts'
import { atVersion } from '../../lib/versions.ts'
import { findAtDoor } from './door.repository.ts'
import { viaTo } from './door.ts'
import { announceEmergencyAccess } from './emergency-access.notice.ts'
import * as repository from './emergency-access.repository.ts'
import { checkEnd, checkReview } from './emergency-access.rules.ts'
import type {
  EmergencyAccess,
  EmergencyAccessDetail,
  EmergencyAccessQuery,
  EmergencyAccessReview,
  NewEmergencyAccess,
} from './emergency-access.schemas.ts'
import { waysInto } from './ways.rules.ts'

const place = (id: string, column: 'narrative' | 'review_comment') => ({
  table: 'emergency_accesses',
  column,
  rowId: id,
  rowVersion: 1,
})

/**
 * Opens a chart for an emergency. A chart that is not there is 404 like everywhere; one that is there
 * opens, so asking does tell that it exists. That is accepted: ids cannot be guessed, the caller has just
 * proven a second factor, and every grant is audited, announced and reviewed. Nothing of the chart is
 * in the answer.
 *
 * @throws Problem `not-found`; `invalid-state` when the caller can open this chart already
 */
export async function requestAccess(
  trx: PracticeTransaction,
  chartId: string,
  input: NewEmergencyAccess,
): Promise<EmergencyAccessDetail> {
  trx.audit({ resourceType: 'emergency-access', chartId, fields: Object.keys(input) })
  const { staffId } = trx.scope.actor
  if (!staffId) throw new Problem('not-permitted')
  const chart = await findAtDoor(trx, chartId)
  if (!chart) throw notFound()
  if (viaTo(chart, waysInto(trx.scope.actor, { dataClass: 'clinical' }))) {
    throw new Problem('invalid-state', { detail: 'You can open this chart already.' })
  }
  const id = uuidv7()
  const narrative = await trx.seal(place(id, 'narrative'), input.narrative)
  await repository.insertAccess(
    trx,
    { id, chart_id: chartId, staff_id: staffId, reason_code: input.reasonCode, narrative },
    input.durationMinutes,
  )
  trx.audit({ resourceId: id, emergencyAccessId: id })
  emit(trx, { type: 'emergency-access.granted', resourceId: id, resourceVersion: 1, chartId })
  await announceEmergencyAccess(trx, staffId)
  return detailOf(trx, id)
}

/** @throws Problem `not-found` to everybody but its holder and reviewers */
export async function getAccess(trx: PracticeTransaction, id: string): Promise<EmergencyAccessDetail> {
  trx.audit({ resourceType: 'emergency-access', resourceId: id })
  return toDetail(trx, await findForActor(trx, id))
}

export async function listAccesses(
  trx: PracticeTransaction,
  query: EmergencyAccessQuery,
): Promise<Page<EmergencyAccess>> {
  trx.audit({ resourceType: 'emergency-access' })
  const { cursor, limit = limits.page.default, ...filter } = query
  const before = trx.cursorKey(filter, cursor)?.[0] as string | undefined
  const rows = await repository.listAccesses(trx, { ...filter, limit, before })
  trx.audit({ chartIds: rows.slice(0, limit).map(row => row.chart_id) })
  return toPage(rows, limit, toAccess, row => trx.cursorAfter(filter, [row.id]))
}

/** @throws Problem `not-found`, `stale-version`, `invalid-state` */
export async function endAccess(
  trx: PracticeTransaction,
  id: string,
  version: number,
): Promise<EmergencyAccessDetail> {
  trx.audit({ resourceType: 'emergency-access', resourceId: id, fields: ['endedAt'] })
  const row = atVersion(await findForActor(trx, id), version)
  checkEnd(row)
  if (!(await repository.endAccess(trx, id, version))) throw new Problem('stale-version')
  emit(trx, {
    type: 'emergency-access.ended',
    resourceId: id,
    resourceVersion: version + 1,
    chartId: row.chart_id,
  })
  return detailOf(trx, id)
}

/** @throws Problem `not-found`, `not-permitted` for the holder's own review, `stale-version`, `invalid-state` */
export async function reviewAccess(
  trx: PracticeTransaction,
  id: string,
  version: number,
  review: EmergencyAccessReview,
): Promise<EmergencyAccessDetail> {
  trx.audit({ resourceType: 'emergency-access', resourceId: id, fields: Object.keys(review) })
  const row = atVersion(await findForActor(trx, id), version)
  const reviewedBy = checkReview(row, trx.scope.actor.staffId)
  const comment = review.comment ? await trx.seal(place(id, 'review_comment'), review.comment) : null
  const values = { reviewedBy, outcome: review.outcome, comment }
  if (!(await repository.reviewAccess(trx, id, version, values))) throw new Problem('stale-version')
  emit(trx, {
    type: 'emergency-access.reviewed',
    resourceId: id,
    resourceVersion: version + 1,
    chartId: row.chart_id,
  })
  return detailOf(trx, id)
}

/** @throws Problem `not-found` */
async function findForActor(trx: PracticeTransaction, id: string): Promise<repository.EmergencyAccessRow> {
  const { permissions, staffId } = trx.scope.actor
  const row = await repository.findAccess(trx, id)
  if (!row || (row.staff_id !== staffId && !permissions.has('emergency-access:review'))) throw notFound()
  trx.audit({ chartId: row.chart_id })
  return row
}

async function detailOf(trx: PracticeTransaction, id: string): Promise<EmergencyAccessDetail> {
  const row = await repository.findAccess(trx, id)
  if (!row) throw notFound()
  return toDetail(trx, row)
}

async function toDetail(
  trx: PracticeTransaction,
  row: repository.EmergencyAccessRow,
): Promise<EmergencyAccessDetail> {
  const narrative = await trx.open(place(row.id, 'narrative'), row.narrative)
  const comment = row.review_comment && (await trx.open(place(row.id, 'review_comment'), row.review_comment))
  return { ...toAccess(row), narrative: narrative.toString(), comment: comment?.toString() ?? null }
}

function toAccess(row: repository.EmergencyAccessRow): EmergencyAccess {
  return {
    id: row.id,
    chartId: row.chart_id,
    holder: { staffId: row.staff_id, displayName: row.holder_name },
    reasonCode: row.reason_code as EmergencyAccess['reasonCode'],
    startsAt: row.starts_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    running: row.running,
    reviewedAt: row.reviewed_at?.toISOString() ?? null,
    reviewer:
      row.reviewed_by && row.reviewer_name
        ? { staffId: row.reviewed_by, displayName: row.reviewer_name }
        : null,
    outcome: row.review_outcome as EmergencyAccess['outcome'],
    overdue: row.overdue,
    version: row.version,
  }
}
