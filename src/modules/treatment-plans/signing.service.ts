import { Temporal } from 'temporal-polyfill'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { invalidField, notFound, Problem, unknownReference } from '../../lib/problems.ts'
import { recorder } from '../../lib/recorder.ts'
import { findRelatedPerson } from '../clients/index.ts'
import { credentialTextOf, getPolicies, isSupervisorOf, today } from '../practice/index.ts'
import { coverBlocks } from '../recovery/index.ts'
import { changed, openForStep, openOwnPlan, requireVersion } from './plans.access.ts'
import type { PortalPlan } from './plans.portal.schemas.ts'
import { insertChanges, type OpenPlan, supersede } from './plans.repository.ts'
import { requireStep } from './plans.rules.ts'
import type { TreatmentPlan } from './plans.schemas.ts'
import { toPortalPlan } from './plans.service.ts'
import { factsOf, missingOf, toPlan } from './plans.view.ts'
import * as revisions from './revisions.repository.ts'
import type { ClientSignature } from './signatures.schemas.ts'
import { hashOf, openRevision, sealOf } from './signed-content.ts'
import { announce, sealStep } from './steps.ts'
import { settleReview } from './watch.ts'

type Ids = { chartId: string; planId: string }

/** Who signs, beside what is signed. */
type Signer = Pick<
  revisions.SignatureRow,
  'signer_id' | 'role' | 'client_id' | 'representative_id' | 'staff_id' | 'method' | 'attested_by'
> & {
  /** Null: now, by the database's clock. */
  signed_at: Date | null
}

/**
 * Signs the offered revision as the clinician.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`
 */
export async function signAsClinician(
  trx: PracticeTransaction,
  ids: Ids,
  version: number,
): Promise<TreatmentPlan> {
  const plan = await openForStep(trx, ids, version, 'sign')
  return sign(trx, plan, staffSigner('clinician', recorder(trx)))
}

/**
 * Co-signs the offered revision, as the present supervisor of the clinician who signed it.
 *
 * @throws Problem `not-found`, also for a supervisor of somebody else; `stale-version`, `invalid-state`
 */
export async function cosignPlan(
  trx: PracticeTransaction,
  ids: Ids,
  version: number,
): Promise<TreatmentPlan> {
  const plan = await openForStep(trx, ids, version, 'sign', 'plans:cosign')
  const signatures = await revisions.listSignatures(trx, plan, [plan.row.revision])
  const clinicianId = signatures.find(({ role }) => role === 'clinician')?.staff_id
  if (!clinicianId) {
    throw new Problem('invalid-state', { detail: 'The clinician signs first.' })
  }
  if (!(await isSupervisorOf(trx, clinicianId))) throw notFound()
  const supervisorId = recorder(trx)
  return sign(trx, plan, staffSigner('supervisor', supervisorId))
}

const staffSigner = (role: 'clinician' | 'supervisor', staffId: string): Signer => ({
  signer_id: staffId,
  role,
  client_id: null,
  representative_id: null,
  staff_id: staffId,
  method: 'electronic',
  attested_by: null,
  signed_at: null,
})

/**
 * Records a client's own signature, which the member of staff attests.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`, `invalid-request`, `unknown-reference`; `conflict` when
 *   something else was shown to the client
 */
export async function attestSignature(
  trx: PracticeTransaction,
  ids: Ids,
  version: number,
  input: ClientSignature,
): Promise<TreatmentPlan> {
  const plan = await openForStep(trx, ids, version, 'sign')
  if (!plan.chart.clientIds.includes(input.clientId)) throw unknownReference('/clientId')
  const representativeId = input.representativeId ?? null
  if (representativeId) await requireRepresentative(trx, input.clientId, representativeId)
  checkHappened(input.signedAt)
  const signer = {
    signer_id: input.clientId,
    role: 'client' as const,
    client_id: input.clientId,
    representative_id: representativeId,
    staff_id: null,
    method: input.method,
    attested_by: recorder(trx),
    signed_at: new Date(input.signedAt),
  }
  return sign(trx, plan, signer, input.contentHash)
}

/** Whether they may sign for this client today is for whoever attests to judge. */
async function requireRepresentative(trx: PracticeTransaction, clientId: string, id: string): Promise<void> {
  const person = await findRelatedPerson(trx, clientId, id)
  const roles = ['guardian', 'personal_representative']
  if (person?.status === 'active' && roles.some(role => person.roles.includes(role))) return
  throw unknownReference('/representativeId', 'Must be a guardian or personal representative of the client.')
}

/** Clocks differ a little. */
const toleranceMs = 60_000

function checkHappened(instant: string): void {
  if (Date.parse(instant) > Date.now() + toleranceMs) {
    throw invalidField('/signedAt', 'not-future', 'Must not be in the future.')
  }
}

/**
 * Signs through the portal, as the client or in their name.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`; `conflict` when something else was shown
 */
export async function signOwnPlan(
  trx: PracticeTransaction,
  planId: string,
  version: number,
  contentHash: string,
): Promise<PortalPlan> {
  const plan = await openOwnPlan(trx, planId)
  requireVersion(plan, version)
  requireStep(plan.row.status, 'sign')
  const { id: clientId, representativeId } = trx.scope.actor
  const signer = {
    signer_id: clientId,
    role: 'client' as const,
    client_id: clientId,
    representative_id: representativeId,
    staff_id: null,
    method: 'portal',
    attested_by: null,
    signed_at: null,
  }
  return addSignature(trx, plan, { signer, contentHash }, toPortalPlan)
}

const sign = (trx: PracticeTransaction, plan: OpenPlan, signer: Signer, contentHash?: string) =>
  addSignature(trx, plan, { signer, contentHash }, toPlan)

/**
 * Adds a signature to the offered revision; the last one that was missing puts it in force. The conditional change of the
 * head comes first: its lock lets signatures happen one after another, so that the last one knows that it is.
 *
 * @param show what the answer is made with; it asks for it in the round trip of the last write
 */
async function addSignature<T>(
  trx: PracticeTransaction,
  plan: OpenPlan,
  { signer, contentHash }: { signer: Signer; contentHash: string | undefined },
  show: (trx: PracticeTransaction, plan: OpenPlan) => Promise<T>,
): Promise<T> {
  trx.audit({ fields: ['signature'] })
  const { revision } = plan.row
  // Sent in this order, in one round trip: what is read is read under the head's lock.
  const [touched, row, before, cosignRequired, credentials] = await Promise.all([
    changed(trx, plan, {}),
    revisions.findRevision(trx, plan, revision),
    revisions.listSignatures(trx, plan, [revision]),
    revisions.needsCosign(trx, plan, signer.role === 'clinician' ? signer.staff_id : null),
    signer.staff_id ? credentialTextOf(trx, signer.staff_id) : null,
  ])
  if (!row) throw new Error(`The treatment plan ${plan.row.id} has lost a revision`)
  if (
    before.some(one => one.signer_id === signer.signer_id || (one.role === signer.role && signer.staff_id))
  ) {
    throw new Problem('invalid-state', { detail: 'This signature is there already.' })
  }
  const { signed } = await openRevision(trx, row)
  const hash = hashOf(signed)
  if (contentHash !== undefined && contentHash !== hash.toString('hex')) {
    throw new Problem('conflict', { detail: 'What was shown is not what is offered now. Show it again.' })
  }
  const signed_at = signer.signed_at ?? touched.row.updated_at
  const values = { ...signer, signed_at, revision, credentials, content_hash: hash }
  const seal = await sealOf(trx, factsOf(plan.row.id, values))
  const insert = () => revisions.insertSignature(trx, plan, { ...values, seal })
  announce(trx, touched, 'treatment-plan.signed')
  if (missingOf(touched, [...before, values], cosignRequired).length > 0) {
    const [, shown] = await Promise.all([insert(), show(trx, touched)])
    return shown
  }
  const blockIds = signed.content.objectives.flatMap(objective => objective.blockIds)
  coverBlocks(trx, plan.chart, { planId: plan.row.id, blockIds })
  return putInForce(trx, touched, insert, show)
}

/** From here on the offered revision guides the treatment, in place of the plan that did so until now. */
async function putInForce<T>(
  trx: PracticeTransaction,
  plan: OpenPlan,
  insert: () => Promise<void>,
  show: (trx: PracticeTransaction, plan: OpenPlan) => Promise<T>,
): Promise<T> {
  const [, policies, day, superseded] = await Promise.all([
    insert(),
    getPolicies(trx),
    today(trx),
    supersede(trx, plan),
  ])
  const active = await changed(trx, plan, {
    status: 'active',
    in_force_revision: plan.row.revision,
    review_due_on: daysAfter(day, policies.planReviewDays),
  })
  announce(trx, active, 'treatment-plan.activated')
  const steps = [await sealStep(trx, active.row.id, active.row)]
  if (superseded) {
    const { id, version, revision } = superseded
    steps.push(await sealStep(trx, id, { status: 'superseded', revision }))
    announce(trx, { chart: plan.chart, row: { ...plan.row, id, version } }, 'treatment-plan.superseded')
    await settleReview(trx, superseded, 'no_longer_applies')
  }
  const [, shown] = await Promise.all([insertChanges(trx, steps), show(trx, active)])
  return shown
}

/** A day of the calendar so many days later. */
export const daysAfter = (day: string, days: number): string =>
  Temporal.PlainDate.from(day).add({ days }).toString()
