import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { invalidField, notFound, Problem } from '../../lib/problems.ts'
import { recorder } from '../../lib/recorder.ts'
import type { PracticeSealer } from '../../lib/sealing/practice-keys.ts'
import { atVersion } from '../../lib/versions.ts'
import type { OpenChart } from '../charts/index.ts'
import { today } from '../practice/index.ts'
import { crisisSupport } from './crisis.ts'
import { type At, openIndividual } from './individual.ts'
import { settleSafetyReview } from './review-watch.ts'
import { planHeadings } from './safety.rules.ts'
import * as repository from './safety-plans.repository.ts'
import type {
  NewPlan,
  NewPlanReview,
  PlanPrintout,
  PlanQuery,
  PlanRevision,
  PlanSections,
  PlanSummary,
  SafetyPlan,
} from './safety-plans.schemas.ts'
import { sealedPlan } from './sealed-places.ts'

/** Newest first. @throws Problem `not-found`, `invalid-state`, `invalid-cursor` */
export async function listPlans(
  trx: PracticeTransaction,
  chartId: string,
  { cursor, limit = limits.page.default, ...wanted }: PlanQuery,
): Promise<Page<PlanSummary>> {
  trx.audit({ resourceType: 'safety-plan' })
  const chart = await openIndividual(trx, chartId)
  const filter = { chartId, ...wanted }
  const before = trx.cursorKey(filter, cursor)?.[0] as string | undefined
  const rows = await repository.listPlans(trx, chart, { limit, before, ...wanted })
  return toPage(rows, limit, toSummary, row => trx.cursorAfter(filter, [row.id]))
}

/** @throws Problem `not-found`, `invalid-state` */
export async function getPlan(trx: PracticeTransaction, chartId: string, id: string): Promise<SafetyPlan> {
  trx.audit({ resourceType: 'safety-plan', resourceId: id })
  const chart = await openIndividual(trx, chartId)
  const row = await repository.findPlan(trx, chart, id)
  if (!row) throw notFound()
  return show(trx, row, await partsOf(trx, id, row.revision))
}

/** @throws Problem `not-found`, `invalid-state` */
export async function getRevision(
  trx: PracticeTransaction,
  chartId: string,
  id: string,
  revision: number,
): Promise<PlanRevision> {
  trx.audit({ resourceType: 'safety-plan', resourceId: id })
  const chart = await openIndividual(trx, chartId)
  const [head, row] = await Promise.all([
    repository.findPlan(trx, chart, id),
    repository.findRevision(trx, id, revision),
    trx.sealer(),
  ])
  // Found by the id alone, a revision counts for nothing where the chart has no such head.
  if (!head || !row) throw notFound()
  return toRevision(trx, row)
}

/** @throws Problem `not-found`, `invalid-state` */
export async function getPrintout(
  trx: PracticeTransaction,
  chartId: string,
  id: string,
): Promise<PlanPrintout> {
  trx.audit({ resourceType: 'safety-plan', resourceId: id })
  const chart = await openIndividual(trx, chartId)
  return printed(trx, await repository.findPlan(trx, chart, id))
}

/** The client's own copy, once it was released. @throws Problem `not-found` */
export async function ownPlan(trx: PracticeTransaction, chart: OpenChart): Promise<PlanPrintout> {
  const row = await repository.findReleased(trx, chart)
  trx.audit({ resourceType: 'safety-plan', ...(row ? { resourceId: row.id } : {}) })
  return printed(trx, row)
}

/** @throws Problem `not-found`, `invalid-state`, `already-exists` while another one holds */
export async function makePlan(
  trx: PracticeTransaction,
  chartId: string,
  input: NewPlan,
): Promise<SafetyPlan> {
  const id = uuidv7()
  trx.audit({ resourceType: 'safety-plan', resourceId: id, fields: Object.keys(input) })
  const [chart, sealer] = await Promise.all([openIndividual(trx, chartId, { write: true }), trx.sealer()])
  emit(trx, { type: 'safety-plan.recorded', resourceId: id, resourceVersion: 1, chartId })
  // Sent in this order, in one round trip.
  const [, , shown] = await Promise.all([
    repository.insertPlan(trx, { id, chart_id: chart.id, review_due_on: input.reviewDueOn ?? null }),
    write(trx, { id, revision: 1, sections: input.sections, sealer }),
    showNow(trx, chart, { id, revision: 1 }),
  ])
  return shown
}

/** Writes the next revision; the earlier one stays. @throws Problem `not-found`, `stale-version`, `invalid-state` */
export async function revise(trx: PracticeTransaction, at: At, input: NewPlan): Promise<SafetyPlan> {
  const { chart, row, sealer } = await openPlan(trx, at)
  trx.audit({ fields: Object.keys(input) })
  const revision = row.revision + 1
  const { reviewDueOn = row.review_due_on } = input
  await repository.changePlan(trx, at, { revision, review_due_on: reviewDueOn })
  announce(trx, at, 'revised')
  if (reviewDueOn !== row.review_due_on) await settle(trx, chart, row, 'handled')
  // Sent in this order, in one round trip.
  const [, shown] = await Promise.all([
    write(trx, { id: at.id, revision, sections: input.sections, sealer }),
    showNow(trx, chart, { id: at.id, revision }),
  ])
  return shown
}

/** @throws Problem `not-found`, `stale-version`, `invalid-state`, `invalid-request` */
export async function review(trx: PracticeTransaction, at: At, input: NewPlanReview): Promise<SafetyPlan> {
  const [{ chart, row }, day] = await Promise.all([openPlan(trx, at), today(trx)])
  trx.audit({ fields: Object.keys(input) })
  if (input.reviewedOn > day) throw invalidField('/reviewedOn', 'not-future', 'Must not be in the future.')
  await repository.changePlan(trx, at, { review_due_on: input.reviewDueOn })
  announce(trx, at, 'reviewed')
  await settle(trx, chart, row, 'handled')
  const made = {
    id: uuidv7(),
    safety_plan_id: at.id,
    revision: row.revision,
    occasion: input.occasion,
    outcome: input.outcome,
    reviewed_on: input.reviewedOn,
    reviewed_by: recorder(trx),
  }
  // Sent in this order, in one round trip.
  const [, shown] = await Promise.all([
    repository.insertReview(trx, made),
    showNow(trx, chart, { id: at.id, revision: row.revision }),
  ])
  return shown
}

/** Lets the client have their own copy at the portal. @throws Problem `not-found`, `stale-version`, `invalid-state` */
export async function release(trx: PracticeTransaction, at: At): Promise<SafetyPlan> {
  const { chart, row } = await openPlan(trx, at)
  trx.audit({ fields: ['releasedAt'] })
  if (row.released_at) throw new Problem('invalid-state', { detail: 'It was released before.' })
  await repository.changePlan(trx, at, { released_at: sql<Date>`now()` })
  announce(trx, at, 'released')
  return showNow(trx, chart, { id: at.id, revision: row.revision })
}

/** @throws Problem `not-found`, `stale-version`, `invalid-state` */
export async function end(trx: PracticeTransaction, at: At): Promise<SafetyPlan> {
  const { chart, row } = await openPlan(trx, at)
  trx.audit({ fields: ['status'] })
  await repository.changePlan(trx, at, { status: 'ended' })
  announce(trx, at, 'ended')
  await settle(trx, chart, row, 'no_longer_applies')
  return showNow(trx, chart, { id: at.id, revision: row.revision })
}

const settle = (
  trx: PracticeTransaction,
  chart: OpenChart,
  row: repository.PlanRow,
  outcome: 'handled' | 'no_longer_applies',
) => settleSafetyReview(trx, chart, { id: row.id, dueOn: row.review_due_on }, outcome)

async function openPlan(trx: PracticeTransaction, { chartId, id, version }: At) {
  trx.audit({ resourceType: 'safety-plan', resourceId: id })
  const chart = await openIndividual(trx, chartId, { write: true })
  const [found, sealer] = await Promise.all([repository.findPlan(trx, chart, id), trx.sealer()])
  const row = atVersion(found, version)
  if (row.status === 'ended')
    throw new Problem('invalid-state', { detail: 'This plan has ended. Make another one.' })
  return { chart, row, sealer }
}

function write(
  trx: PracticeTransaction,
  {
    id,
    revision,
    sections,
    sealer,
  }: { id: string; revision: number; sections: PlanSections; sealer: PracticeSealer },
): Promise<void> {
  return repository.insertRevision(trx, {
    safety_plan_id: id,
    revision,
    content_sealed: sealer.seal(sealedPlan(id, revision), JSON.stringify(sections)),
    written_by: recorder(trx),
  })
}

function announce(
  trx: PracticeTransaction,
  { chartId, id, version }: At,
  what: 'revised' | 'reviewed' | 'released' | 'ended',
): void {
  emit(trx, { type: `safety-plan.${what}`, resourceId: id, resourceVersion: version + 1, chartId })
}

/** What is shown beside the head. */
const partsOf = (trx: PracticeTransaction, id: string, revision: number) =>
  Promise.all([repository.findRevision(trx, id, revision), repository.listReviews(trx, id), trx.sealer()])

/** As it is in this transaction, which knows the revision: all of it at once. */
async function showNow(
  trx: PracticeTransaction,
  chart: OpenChart,
  { id, revision }: { id: string; revision: number },
): Promise<SafetyPlan> {
  const [row, parts] = await Promise.all([repository.findPlan(trx, chart, id), partsOf(trx, id, revision)])
  if (!row) throw notFound()
  return show(trx, row, parts)
}

async function show(
  trx: PracticeTransaction,
  row: repository.PlanRow,
  [revision, reviews]: Awaited<ReturnType<typeof partsOf>>,
): Promise<SafetyPlan> {
  if (!revision) throw notFound()
  return { ...toSummary(row), ...(await toRevision(trx, revision)), reviews: reviews.map(toReview) }
}

async function printed(trx: PracticeTransaction, row: repository.PlanRow | undefined): Promise<PlanPrintout> {
  if (!row) throw notFound()
  const [revision, crisis] = await Promise.all([
    repository.findRevision(trx, row.id, row.revision),
    crisisSupport(trx),
    trx.sealer(),
  ])
  if (!revision) throw notFound()
  const { sections, writtenAt } = await toRevision(trx, revision)
  return {
    title: 'My safety plan',
    revision: row.revision,
    writtenAt,
    sections: sections.map(({ key, heading, entries }) => ({
      heading: heading ?? planHeadings[key],
      entries,
    })),
    crisis,
    version: row.version,
  }
}

async function toRevision(trx: PracticeTransaction, row: repository.RevisionRow): Promise<PlanRevision> {
  const text = await trx.open(sealedPlan(row.safety_plan_id, row.revision), row.content_sealed)
  return {
    revision: row.revision,
    sections: JSON.parse(text.toString()) as PlanSections,
    writtenById: row.written_by,
    writtenAt: row.written_at.toISOString(),
  }
}

const toReview = (row: repository.ReviewRow) => ({
  occasion: row.occasion as SafetyPlan['reviews'][number]['occasion'],
  outcome: row.outcome as SafetyPlan['reviews'][number]['outcome'],
  revision: row.revision,
  reviewedOn: row.reviewed_on,
  reviewedById: row.reviewed_by,
  createdAt: row.created_at.toISOString(),
})

const toSummary = (row: repository.PlanRow): PlanSummary => ({
  id: row.id,
  chartId: row.chart_id,
  status: row.status as PlanSummary['status'],
  revision: row.revision,
  reviewDueOn: row.review_due_on,
  reviewOverdue: row.review_overdue,
  releasedAt: row.released_at?.toISOString() ?? null,
  version: row.version,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
})
