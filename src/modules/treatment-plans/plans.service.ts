import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { limits } from '../../lib/limits.ts'
import { each, openedPage, type Page, toPage } from '../../lib/pages.ts'
import { notFound } from '../../lib/problems.ts'
import { openOwnChart, useEmergencyForCharts } from '../charts/index.ts'
import { today } from '../practice/index.ts'
import { differencesBetween } from './differences.rules.ts'
import { openOwnPlan, openPlan, openPlanChart } from './plans.access.ts'
import type { OpenPlansQuery, PageOnly } from './plans.params.schemas.ts'
import type { PortalPlan } from './plans.portal.schemas.ts'
import * as repository from './plans.repository.ts'
import { hasDraft } from './plans.rules.ts'
import type { OpenPlanEntry, PlanSummary, TreatmentPlan } from './plans.schemas.ts'
import { contentFor, missingOf, toPlan, toSignatures, toSummary } from './plans.view.ts'
import * as revisions from './revisions.repository.ts'
import type { PlanDifferences, PlanRevision, RevisionSummary } from './revisions.schemas.ts'
import { hashOf, openDraft, openRevision } from './signed-content.ts'

/** @throws Problem `not-found` */
export async function getPlan(
  trx: PracticeTransaction,
  chartId: string,
  planId: string,
): Promise<TreatmentPlan> {
  return toPlan(trx, await openPlan(trx, chartId, planId, 'plans:read'))
}

/** Newest first. @throws Problem `not-found`, `invalid-cursor` */
export async function listPlans(
  trx: PracticeTransaction,
  chartId: string,
  { cursor, limit = limits.page.default }: PageOnly,
): Promise<Page<PlanSummary>> {
  trx.audit({ resourceType: 'treatment-plan' })
  const before = trx.cursorKey({ chartId }, cursor)?.[0] as string | undefined
  const chart = await openPlanChart(trx, chartId, 'plans:read')
  const [rows, day] = await Promise.all([
    repository.listPlans(trx, chart, { limit, before, offered: false }),
    today(trx),
  ])
  return toPage(
    rows,
    limit,
    row => toSummary(row, day),
    row => trx.cursorAfter({ chartId }, [row.id]),
  )
}

/** The client's own plans that they were given, newest first. @throws Problem `not-found`, `invalid-cursor` */
export async function listOwnPlans(
  trx: PracticeTransaction,
  { cursor, limit = limits.page.default }: PageOnly,
): Promise<Page<PlanSummary>> {
  trx.audit({ resourceType: 'treatment-plan' })
  const before = trx.cursorKey({}, cursor)?.[0] as string | undefined
  const chart = await openOwnChart(trx)
  const [rows, day] = await Promise.all([
    repository.listPlans(trx, chart, { limit, before, offered: true }),
    today(trx),
  ])
  return toPage(
    rows,
    limit,
    row => toSummary(row, day),
    row => trx.cursorAfter({}, [row.id]),
  )
}

/** What a client was given of a plan. @throws Problem `not-found` */
export async function getOwnPlan(trx: PracticeTransaction, planId: string): Promise<PortalPlan> {
  return toPortalPlan(trx, await openOwnPlan(trx, planId))
}

export async function toPortalPlan(trx: PracticeTransaction, plan: repository.OpenPlan): Promise<PortalPlan> {
  const { row } = plan
  const [day, inForce, offered] = await Promise.all([
    today(trx),
    row.in_force_revision === null ? null : showRevision(trx, plan, row.in_force_revision),
    row.status === 'client_review' ? showRevision(trx, plan, row.revision) : null,
  ])
  return { ...toSummary(row, day), inForce, offered }
}

/** By the day of their review, those of which none is due yet last. @throws Problem `invalid-cursor` */
export async function listOpenPlans(
  trx: PracticeTransaction,
  { cursor, limit = limits.page.default, ...filter }: OpenPlansQuery,
): Promise<Page<OpenPlanEntry>> {
  trx.audit({ resourceType: 'treatment-plan' })
  const key = trx.cursorKey(filter, cursor)
  const after = key && ([String(key[0]), String(key[1])] as const)
  const { status, reviewDueBefore } = filter
  const [rows, day] = await Promise.all([
    repository.listOpenPlans(trx, { limit, status, reviewDueBefore, after }),
    today(trx),
  ])
  const chartIds = rows.slice(0, limit).map(row => row.chart_id)
  trx.audit({ chartIds })
  await useEmergencyForCharts(trx, chartIds, 'clinical', 'plans:read')
  return toPage(
    rows,
    limit,
    row => ({ ...toSummary(row, day), nextObjectiveOn: row.next_objective_on }),
    row => trx.cursorAfter(filter, [row.due_key, row.id]),
  )
}

/** Newest first. @throws Problem `not-found`, `invalid-cursor` */
export async function listRevisions(
  trx: PracticeTransaction,
  chartId: string,
  planId: string,
  { cursor, limit = limits.page.default }: PageOnly,
): Promise<Page<RevisionSummary>> {
  const before = trx.cursorKey({ planId }, cursor)?.[0] as number | undefined
  const plan = await openPlan(trx, chartId, planId, 'plans:read')
  const rows = await revisions.listRevisions(trx, plan, { limit, before })
  const signatures = await revisions.listSignatures(
    trx,
    plan,
    rows.map(({ revision }) => revision),
  )
  const show = async (row: revisions.RevisionRow): Promise<RevisionSummary> => ({
    revision: row.revision,
    contentHash: row.content_hash.toString('hex'),
    offeredById: row.offered_by,
    offeredAt: row.offered_at.toISOString(),
    // Held against the content where that is read.
    signatures: await toSignatures(
      trx,
      planId,
      null,
      signatures.filter(({ revision }) => revision === row.revision),
    ),
  })
  return openedPage(rows, limit, each(show), row => trx.cursorAfter({ planId }, [row.revision]))
}

/** @throws Problem `not-found` */
export async function getRevision(
  trx: PracticeTransaction,
  chartId: string,
  planId: string,
  revision: number,
): Promise<PlanRevision> {
  return showRevision(trx, await openPlan(trx, chartId, planId, 'plans:read'), revision)
}

/** One revision with its signatures. @throws Problem `not-found` */
export async function showRevision(
  trx: PracticeTransaction,
  plan: repository.OpenPlan,
  revision: number,
): Promise<PlanRevision> {
  const isOffered = plan.row.status === 'client_review' && plan.row.revision === revision
  const [row, signatures, cosign] = await Promise.all([
    revisions.findRevision(trx, plan, revision),
    revisions.listSignatures(trx, plan, [revision]),
    isOffered && revisions.needsCosign(trx, plan),
    trx.sealer(),
  ])
  if (!row) throw notFound()
  const { signed, behaviorIds } = await openRevision(trx, row)
  return {
    planId: plan.row.id,
    revision,
    content: contentFor(trx, plan.chart, { content: signed.content, behaviorIds }),
    contentHash: hashOf(signed).toString('hex'),
    philosophy: signed.philosophy,
    offeredById: row.offered_by,
    offeredAt: row.offered_at.toISOString(),
    signatures: await toSignatures(trx, plan.row.id, signed, signatures),
    missingSignatures: isOffered ? missingOf(plan, signatures, cosign) : [],
  }
}

/**
 * What is different between two revisions, or between one and the draft.
 *
 * @throws Problem `not-found` where there is no such revision, or no draft
 */
export async function getDifferences(
  trx: PracticeTransaction,
  chartId: string,
  planId: string,
  { from, to }: { from: number; to?: number },
): Promise<PlanDifferences> {
  const plan = await openPlan(trx, chartId, planId, 'plans:read')
  const [before, after, draft] = await Promise.all([
    revisions.findRevision(trx, plan, from),
    to === undefined ? undefined : revisions.findRevision(trx, plan, to),
    to === undefined && hasDraft(plan.row.status) ? repository.findDraft(trx, plan) : undefined,
  ])
  const later = after ?? draft
  if (!before || !later) throw notFound()
  const old = (await openRevision(trx, before)).signed.content
  const now = after
    ? (await openRevision(trx, after)).signed.content
    : draft && (await openDraft(trx, draft)).content
  return { from, to: to ?? null, differences: now ? differencesBetween(old, now) : [] }
}
