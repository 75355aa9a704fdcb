import type { Selectable } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { CriteriaReviews } from '../../../lib/database/schema.ts'
import { emit } from '../../../lib/events.ts'
import { limits } from '../../../lib/limits.ts'
import { each, openedPage, type Page } from '../../../lib/pages.ts'
import { recorder } from '../../../lib/recorder.ts'
import type { PracticeSealer } from '../../../lib/sealing/practice-keys.ts'
import { addictionKind } from '../addictions/addictions.service.ts'
import { happenedOn } from '../days.ts'
import { readDocument } from '../documents/documents.ts'
import { openRecovery } from '../recovery-door.ts'
import { sealedCriteria } from '../sealed-places.ts'
import { countMet } from './criteria.rules.ts'
import type { CriteriaQuery, CriteriaReview, CriterionAnswer, NewCriteriaReview } from './criteria.schemas.ts'
import { type FrameworkKey, frameworkOf } from './frameworks.ts'

type Row = Selectable<CriteriaReviews>

/** @throws Problem `not-found`, `invalid-request`, `invalid-state` in a closed chart */
export async function reviewCriteria(
  trx: PracticeTransaction,
  chartId: string,
  addictionId: string,
  { framework, ratedBy, answers, ...input }: NewCriteriaReview,
): Promise<CriteriaReview> {
  const chart = await openRecovery(trx, chartId, 'write')
  const [ratedOn, sealer] = await Promise.all([
    happenedOn(trx, chart, '/ratedOn', input.ratedOn),
    trx.sealer(),
    readDocument(trx, chart, addictionKind, addictionId),
  ])
  const { met, unclear, rated } = countMet(framework, answers)
  const id = uuidv7()
  trx.audit({ resourceType: 'criteria-review', resourceId: id, fields: ['answers'] })
  const row = await trx
    .insertInto('criteria_reviews')
    .values({
      practice_id: trx.practiceId,
      id,
      chart_id: chart.id,
      addiction_id: addictionId,
      framework,
      rated_by: ratedBy,
      rated_on: ratedOn,
      met_count: met,
      unclear_count: unclear,
      rated_count: rated,
      content_sealed: sealer.seal(sealedCriteria(id), JSON.stringify(answers)),
      recorded_by: recorder(trx),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  emit(trx, { type: 'criteria.reviewed', resourceId: id, chartId })
  return show(sealer, row)
}

/** Newest first. @throws Problem `not-found`, `invalid-cursor` */
export async function listCriteriaReviews(
  trx: PracticeTransaction,
  chartId: string,
  addictionId: string,
  { cursor, limit = limits.page.default, framework }: CriteriaQuery,
): Promise<Page<CriteriaReview>> {
  const chart = await openRecovery(trx, chartId, 'read')
  const filter = { chartId, addictionId, framework }
  const after = trx.cursorKey(filter, cursor)?.[0] as string | undefined
  let query = trx
    .selectFrom('criteria_reviews')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('chart_id', '=', chart.id)
    .where('addiction_id', '=', addictionId)
  if (framework) query = query.where('framework', '=', framework)
  if (after) query = query.where('id', '<', after)
  const page = query.orderBy('id', 'desc').limit(limit + 1)
  const [rows, sealer] = await Promise.all([
    page.execute(),
    trx.sealer(),
    readDocument(trx, chart, addictionKind, addictionId),
  ])
  trx.audit({ resourceType: 'criteria-review' })
  return openedPage(
    rows,
    limit,
    each(row => show(sealer, row)),
    row => trx.cursorAfter(filter, [row.id]),
  )
}

async function show(sealer: PracticeSealer, row: Row): Promise<CriteriaReview> {
  const text = await sealer.openText(sealedCriteria(row.id), row.content_sealed)
  return {
    id: row.id,
    addictionId: row.addiction_id,
    framework: row.framework as FrameworkKey,
    ratedBy: row.rated_by as CriteriaReview['ratedBy'],
    answers: JSON.parse(text) as CriterionAnswer[],
    ratedOn: row.rated_on,
    metCount: row.met_count,
    unclearCount: row.unclear_count,
    ratedCount: row.rated_count,
    criteriaCount: frameworkOf(row.framework as FrameworkKey).criteria.length,
    recordedById: row.recorded_by,
    createdAt: row.created_at.toISOString(),
  }
}
