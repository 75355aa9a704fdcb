import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { notFound, Problem } from '../../lib/problems.ts'
import { recorder } from '../../lib/recorder.ts'
import type { OpenChart } from '../charts/index.ts'
import { isSupervisorOf } from '../practice/index.ts'
import { philosophyNow } from '../recovery/index.ts'
import { checkDraft, requireComplete } from './content.rules.ts'
import type { PlanDraft } from './content.schemas.ts'
import { labeled, requireValidCodes } from './diagnosis-codes.service.ts'
import { changed, openForStep, openPlan, openPlanChart } from './plans.access.ts'
import * as repository from './plans.repository.ts'
import { hasDraft, statusAfterWithdrawal } from './plans.rules.ts'
import type { PlanDraftView, TreatmentPlan } from './plans.schemas.ts'
import { contentFor, draftWarnings, toPlan } from './plans.view.ts'
import * as revisions from './revisions.repository.ts'
import {
  apart,
  type DraftDocument,
  hashOf,
  openDraft,
  openRevision,
  type SignedPlan,
  sealDraft,
  sealRevision,
} from './signed-content.ts'
import { announce, type PlanEvent, sealStep } from './steps.ts'
import { checkLinks } from './ties.ts'

/**
 * Begins a plan. It takes the place of the one in force when it is signed.
 *
 * @throws Problem `not-found`, `invalid-request`, `unknown-reference`; `already-exists` while another plan is on its
 *   way; `invalid-state` in a closed chart and in a group's
 */
export async function startPlan(
  trx: PracticeTransaction,
  chartId: string,
  input: PlanDraft,
): Promise<TreatmentPlan> {
  const id = uuidv7()
  trx.audit({ resourceType: 'treatment-plan', resourceId: id, fields: Object.keys(input) })
  const [chart] = await Promise.all([openPlanChart(trx, chartId, 'plans:write'), trx.sealer()])
  const document = await toDocument(trx, chart, input)
  const step = await sealStep(trx, id, { status: 'draft', revision: 0 })
  const sealed = await sealDraft(trx, id, firstVersion, document)
  // Sent in this order, in one round trip: the others belong to the first.
  const [row] = await Promise.all([
    repository.insertPlan(trx, chart, { id, clinician_id: recorder(trx) }),
    repository.putDraft(trx, id, firstVersion, sealed),
    repository.insertChanges(trx, [step]),
  ])
  const plan = { chart, row }
  announce(trx, plan, 'treatment-plan.created')
  return toPlan(trx, plan)
}

const firstVersion = 1

/** Checks what is written, and gives it the labels of its codes. */
async function toDocument(
  trx: PracticeTransaction,
  chart: OpenChart,
  input: PlanDraft,
): Promise<DraftDocument> {
  checkDraft(input, kindOf(chart), chart.clientIds)
  const [diagnoses] = await Promise.all([labeled(trx, input), checkLinks(trx, chart, input)])
  return apart({ ...input, diagnoses })
}

function kindOf(chart: OpenChart): 'individual' | 'couple' {
  if (chart.kind !== 'group') return chart.kind
  throw new Problem('invalid-state', { detail: 'A plan belongs to a client or a couple, not to a group.' })
}

/** @throws Problem `not-found` where nothing is being written */
export async function getDraft(
  trx: PracticeTransaction,
  chartId: string,
  planId: string,
): Promise<PlanDraftView> {
  const plan = await openPlan(trx, chartId, planId, 'plans:read')
  const row = hasDraft(plan.row.status) ? await repository.findDraft(trx, plan) : undefined
  if (!row) throw notFound()
  return toView(trx, plan, await openDraft(trx, row))
}

async function toView(
  trx: PracticeTransaction,
  plan: repository.OpenPlan,
  document: DraftDocument,
): Promise<PlanDraftView> {
  return {
    planId: plan.row.id,
    content: contentFor(trx, plan.chart, document),
    warnings: await draftWarnings(trx, plan, document.content),
    version: plan.row.version,
  }
}

/**
 * Writes the draft anew, as a whole.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`, `invalid-request`, `unknown-reference`
 */
export async function saveDraft(
  trx: PracticeTransaction,
  ids: { chartId: string; planId: string },
  version: number,
  input: PlanDraft,
): Promise<PlanDraftView> {
  trx.audit({ fields: ['draft'] })
  const plan = await openForStep(trx, ids, version, 'write')
  const document = await toDocument(trx, plan.chart, input)
  const saved = await changed(trx, plan, {})
  const { id, version: now } = saved.row
  const sealed = await sealDraft(trx, id, now, document)
  const [, view] = await Promise.all([
    repository.putDraft(trx, id, now, sealed),
    toView(trx, saved, document),
  ])
  return view
}

/**
 * Offers the draft for signature: from here on it can only be signed or withdrawn.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state` also for a plan that is not complete, and for a couple of
 *   which one partner is not in the joint care
 */
export async function offerPlan(
  trx: PracticeTransaction,
  ids: { chartId: string; planId: string },
  version: number,
): Promise<TreatmentPlan> {
  trx.audit({ fields: ['status'] })
  const plan = await openForStep(trx, ids, version, 'offer')
  const { chart } = plan
  const [draft, philosophy] = await Promise.all([repository.findDraft(trx, plan), philosophyNow(trx, chart)])
  if (!draft) throw new Problem('invalid-state', { detail: 'There is no draft to offer.' })
  const { content, behaviorIds } = await openDraft(trx, draft)
  requireComplete(content)
  requireWhole(chart)
  await requireValidCodes(trx, content)
  const revision = plan.row.revision + 1
  const offered = await changed(trx, plan, { status: 'client_review', revision })
  const signed: SignedPlan = {
    format: 1,
    planId: ids.planId,
    revision,
    chartId: chart.id,
    clientIds: chart.clientIds,
    clinicianId: plan.row.clinician_id,
    philosophy,
    content,
  }
  const document_sealed = await sealRevision(trx, { signed, behaviorIds })
  const step = await sealStep(trx, ids.planId, offered.row)
  announce(trx, offered, 'treatment-plan.offered')
  // Sent in this order, in one round trip: objectives belong to their revision, and the plan is shown as it is then.
  const [, , , , shown] = await Promise.all([
    revisions.insertRevision(trx, offered, {
      revision,
      document_sealed,
      content_hash: hashOf(signed),
      offered_by: recorder(trx),
    }),
    revisions.insertObjectives(
      trx,
      offered,
      content.objectives.map(one => toObjectiveRow(revision, one)),
    ),
    repository.dropDraft(trx, ids.planId),
    repository.insertChanges(trx, [step]),
    toPlan(trx, offered),
  ])
  return shown
}

const toObjectiveRow = (revision: number, one: PlanDraft['objectives'][number]) => ({
  revision,
  objective_key: one.key,
  phase: one.phase,
  measure: one.measure.kind,
  baseline: one.baseline,
  target: one.target,
  due_on: one.dueOn,
})

/** A couple's plan is not offered to one partner alone. */
function requireWhole(chart: OpenChart): void {
  if (chart.kind !== 'couple' || chart.clientIds.length === 2) return
  throw new Problem('invalid-state', { detail: 'Both partners must be in the joint care.' })
}

/**
 * Takes an offer back: what was offered stays on record with its signatures, and becomes the draft again.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`
 */
export async function withdrawOffer(
  trx: PracticeTransaction,
  ids: { chartId: string; planId: string },
  version: number,
  reason: string,
): Promise<TreatmentPlan> {
  trx.audit({ fields: ['status', 'reason'] })
  const plan = await openForStep(trx, ids, version, 'withdraw')
  return takeBack(trx, plan, { text: reason }, 'treatment-plan.withdrawn')
}

/**
 * Gives a plan back that the clinician signed and that waits for their present supervisor: it becomes the draft again, and
 * the remarks are the reason of that step.
 *
 * @throws Problem `not-found`, also for a supervisor of somebody else; `stale-version`, `invalid-state`
 */
export async function returnPlan(
  trx: PracticeTransaction,
  ids: { chartId: string; planId: string },
  version: number,
  remarks: string,
): Promise<TreatmentPlan> {
  trx.audit({ fields: ['status', 'remarks'] })
  const plan = await openForStep(trx, ids, version, 'return', 'plans:cosign')
  const [signatures, isNeeded] = await Promise.all([
    revisions.listSignatures(trx, plan, [plan.row.revision]),
    revisions.needsCosign(trx, plan),
  ])
  const clinicianId = signatures.find(({ role }) => role === 'clinician')?.staff_id
  if (!clinicianId) throw new Problem('invalid-state', { detail: 'The clinician signs first.' })
  if (!(await isSupervisorOf(trx, clinicianId))) throw notFound()
  if (!isNeeded || signatures.some(({ role }) => role === 'supervisor')) {
    throw new Problem('invalid-state', { detail: 'This plan does not wait for a supervisor.' })
  }
  const why = { code: 'returned_by_supervisor', text: remarks } as const
  return takeBack(trx, plan, why, 'treatment-plan.returned')
}

/** What was offered stays on record with its signatures, and becomes the draft again. */
async function takeBack(
  trx: PracticeTransaction,
  plan: repository.OpenPlan,
  why: Parameters<typeof sealStep>[3],
  event: PlanEvent,
): Promise<TreatmentPlan> {
  const status = statusAfterWithdrawal(plan.row.in_force_revision)
  const [withdrawn, row] = await Promise.all([
    changed(trx, plan, { status }),
    revisions.findRevision(trx, plan, plan.row.revision),
  ])
  const sealed = await sealedCopy(trx, withdrawn, row)
  const step = await sealStep(trx, plan.row.id, withdrawn.row, why)
  announce(trx, withdrawn, event)
  // Sent in this order, in one round trip: the plan is shown as it is then.
  const [, , shown] = await Promise.all([
    repository.putDraft(trx, plan.row.id, withdrawn.row.version, sealed),
    repository.insertChanges(trx, [step]),
    toPlan(trx, withdrawn),
  ])
  return shown
}

/** A revision as the draft of the next one, sealed for the plan as it is now. */
export async function sealedCopy(
  trx: PracticeTransaction,
  { row: { id, version } }: repository.OpenPlan,
  row: revisions.RevisionRow | undefined,
): Promise<Buffer> {
  if (!row) throw new Error(`The treatment plan ${id} has lost a revision`)
  const { signed, behaviorIds } = await openRevision(trx, row)
  return sealDraft(trx, id, version, { content: signed.content, behaviorIds })
}
