import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { limits } from '../../lib/limits.ts'
import { each, openedPage, type Page } from '../../lib/pages.ts'
import { invalidField } from '../../lib/problems.ts'
import { recorder } from '../../lib/recorder.ts'
import { getPolicies, today } from '../practice/index.ts'
import { coverBlocks } from '../recovery/index.ts'
import { sealedCopy } from './drafts.service.ts'
import { changed, openForStep, openPlan } from './plans.access.ts'
import type { PageOnly } from './plans.params.schemas.ts'
import { dropDraft, insertChanges, putDraft } from './plans.repository.ts'
import type { ReviewOutcome } from './plans.rules.ts'
import type { PlanClosure, TreatmentPlan } from './plans.schemas.ts'
import { toPlan } from './plans.view.ts'
import type { NewPlanReview, PlanReview } from './reviews.schemas.ts'
import * as revisions from './revisions.repository.ts'
import { sealedSummary } from './sealed-places.ts'
import { openRevision } from './signed-content.ts'
import { daysAfter } from './signing.service.ts'
import { announce, sealStep } from './steps.ts'
import { settleReview } from './watch.ts'

type Ids = { chartId: string; planId: string }

/**
 * Records a review of the plan in force. `continue` leaves it as it is, and drops a draft of the next revision; `revise`
 * begins that draft with what is in force, unless there is one.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`, `invalid-request`
 */
export async function reviewPlan(
  trx: PracticeTransaction,
  ids: Ids,
  version: number,
  input: NewPlanReview,
): Promise<PlanReview> {
  trx.audit({ fields: Object.keys(input) })
  const plan = await openForStep(trx, ids, version, 'review')
  const { status: before, in_force_revision: inForce } = plan.row
  if (inForce === null) throw new Error(`The treatment plan ${ids.planId} is in force without a revision`)
  const [{ planReviewDays }, day, revision, lastReviewedOn] = await Promise.all([
    getPolicies(trx),
    today(trx),
    revisions.findRevision(trx, plan, inForce),
    revisions.lastReviewedOn(trx, plan),
  ])
  if (!revision) throw new Error(`The treatment plan ${ids.planId} has lost a revision`)
  const { startsOn } = (await openRevision(trx, revision)).signed.content
  const { reviewedOn, outcome } = input
  checkReviewedOn(reviewedOn, { day, startsOn, lastReviewedOn })
  const nextReviewOn = input.nextReviewOn ?? daysAfter(reviewedOn, planReviewDays)
  if (nextReviewOn <= reviewedOn) throw invalidField('/nextReviewOn', 'order', 'Must be after `reviewedOn`.')
  const status = outcome === 'continue' ? 'active' : 'under_review'
  const isMoved = status !== before
  const reviewed = await changed(trx, plan, { status, review_due_on: nextReviewOn })
  const id = uuidv7()
  const summary_sealed = await trx.seal(sealedSummary(id), input.summary)
  const begins = isMoved && status === 'under_review'
  const draft = begins ? await sealedCopy(trx, reviewed, revision) : null
  const step = await sealStep(trx, ids.planId, reviewed.row)
  const [row] = await Promise.all([
    revisions.insertReview(trx, reviewed, {
      id,
      revision: inForce,
      reviewed_on: reviewedOn,
      outcome,
      next_review_on: nextReviewOn,
      summary_sealed,
      recorded_by: recorder(trx),
    }),
    isMoved && status === 'active' && dropDraft(trx, ids.planId),
    draft && putDraft(trx, ids.planId, reviewed.row.version, draft),
    isMoved && insertChanges(trx, [step]),
    settleReview(trx, plan.row, 'handled'),
  ])
  announce(trx, reviewed, 'treatment-plan.reviewed')
  return toReview(trx, row)
}

/**
 * The next review is due by the last one: what was reviewed before it, or before there was a plan, moves no day.
 *
 * @throws Problem `invalid-request`
 */
function checkReviewedOn(
  reviewedOn: string,
  { day, startsOn, lastReviewedOn }: { day: string; startsOn: string; lastReviewedOn: string | null },
): void {
  if (reviewedOn > day) throw invalidField('/reviewedOn', 'not-future', 'Must not be in the future.')
  // A plan may have been agreed before the day it begins.
  if (reviewedOn < startsOn && startsOn <= day)
    throw invalidField('/reviewedOn', 'order', 'Must not be before `startsOn` of the plan.')
  if (lastReviewedOn !== null && reviewedOn < lastReviewedOn)
    throw invalidField('/reviewedOn', 'order', 'Must not be before the last review.')
}

/** Newest first. @throws Problem `not-found`, `invalid-cursor` */
export async function listReviews(
  trx: PracticeTransaction,
  { chartId, planId }: Ids,
  { cursor, limit = limits.page.default }: PageOnly,
): Promise<Page<PlanReview>> {
  const before = trx.cursorKey({ planId }, cursor)?.[0] as string | undefined
  const plan = await openPlan(trx, chartId, planId, 'plans:read')
  const rows = await revisions.listReviews(trx, plan, { limit, before })
  return openedPage(
    rows,
    limit,
    each(row => toReview(trx, row)),
    row => trx.cursorAfter({ planId }, [row.id]),
  )
}

async function toReview(trx: PracticeTransaction, row: revisions.ReviewRow): Promise<PlanReview> {
  return {
    id: row.id,
    planId: row.plan_id,
    revision: row.revision,
    reviewedOn: row.reviewed_on,
    outcome: row.outcome as ReviewOutcome,
    summary: (await trx.open(sealedSummary(row.id), row.summary_sealed)).toString(),
    nextReviewOn: row.next_review_on,
    recordedById: row.recorded_by,
    createdAt: row.recorded_at.toISOString(),
  }
}

/** @throws Problem `not-found`, `stale-version`, `invalid-state` */
export async function closePlan(
  trx: PracticeTransaction,
  ids: Ids,
  version: number,
  { reasonCode, summary }: PlanClosure,
): Promise<TreatmentPlan> {
  trx.audit({ fields: ['status'] })
  const plan = await openForStep(trx, ids, version, 'close')
  const closed = await changed(trx, plan, { status: 'closed' })
  if (plan.row.in_force_revision !== null) coverBlocks(trx, plan.chart, null)
  const step = await sealStep(trx, ids.planId, closed.row, { code: reasonCode, text: summary })
  announce(trx, closed, 'treatment-plan.closed')
  // Sent in this order, in one round trip: the plan is shown as it is then.
  const [, , shown] = await Promise.all([
    insertChanges(trx, [step]),
    settleReview(trx, plan.row, 'no_longer_applies'),
    toPlan(trx, closed),
  ])
  return shown
}
