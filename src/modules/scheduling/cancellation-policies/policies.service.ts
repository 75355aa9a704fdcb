import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { limits } from '../../../lib/limits.ts'
import { type Page, toPage } from '../../../lib/pages.ts'
import { invalidField } from '../../../lib/problems.ts'
import { enteredBy, recorder } from '../../../lib/recorder.ts'
import { openOwnChart } from '../../charts/index.ts'
import { openClient } from '../../clients/index.ts'
import { today } from '../../practice/index.ts'
import { unknownReference } from '../booking.rules.ts'
import * as repository from './policies.repository.ts'
import type {
  CancellationPolicy,
  NewCancellationPolicy,
  NewPolicySignature,
  PolicySignature,
} from './policies.schemas.ts'

interface PageWish {
  cursor?: string
  limit?: number
}

/** @throws Problem `not-permitted` for an API client; `conflict` when somebody was faster */
export async function createPolicy(
  trx: PracticeTransaction,
  { text, windowHours, lateCancellationFeeCents, noShowFeeCents, ...input }: NewCancellationPolicy,
): Promise<CancellationPolicy> {
  const row = await repository.insertPolicy(trx, {
    id: uuidv7(),
    text,
    window_hours: windowHours,
    late_cancellation_fee_cents: lateCancellationFeeCents,
    no_show_fee_cents: noShowFeeCents,
    grace_count: input.graceCount,
    grace_months: input.graceMonths,
    effective_on: input.effectiveOn,
    created_by: recorder(trx),
  })
  trx.audit({ resourceType: 'cancellation-policy', resourceId: row.id, fields: Object.keys(input) })
  emit(trx, { type: 'cancellation-policy.created', resourceId: row.id, resourceVersion: row.number })
  return toPolicy(row)
}

/** Newest first. @throws Problem `invalid-cursor` */
export async function listPolicies(
  trx: PracticeTransaction,
  { cursor, limit = limits.page.default }: PageWish,
): Promise<Page<CancellationPolicy>> {
  trx.audit({ resourceType: 'cancellation-policy' })
  const rows = await repository.listPolicies(trx, { limit, after: numberAfter(trx, {}, cursor) })
  return toPage(rows, limit, toPolicy, row => trx.cursorAfter({}, [row.number]))
}

/**
 * Records a signature the practice has.
 *
 * @throws Problem `not-found`, `unknown-reference`, `invalid-request`, `already-exists`
 */
export async function recordSignature(
  trx: PracticeTransaction,
  clientId: string,
  { cancellationPolicyId, method, signedOn }: NewPolicySignature,
): Promise<PolicySignature> {
  const recorded_by = recorder(trx)
  const [, policy, day] = await Promise.all([
    openClient(trx, clientId, { write: true }),
    repository.findPolicy(trx, cancellationPolicyId),
    today(trx),
  ])
  if (!policy) throw unknownReference('/cancellationPolicyId')
  if (signedOn > day) throw invalidField('/signedOn', 'range', 'Must not be in the future.')
  trx.audit({ fields: ['cancellationPolicyId', 'method', 'signedOn'] })
  return sign(trx, policy, { client_id: clientId, method, signed_on: signedOn, recorded_by })
}

/** The client signs. @throws Problem `not-found`, `unknown-reference`, `already-exists` */
export async function signInPortal(trx: PracticeTransaction, policyId: string): Promise<PolicySignature> {
  const chart = await openOwnChart(trx)
  const [policy, signed_on] = await Promise.all([repository.findPolicy(trx, policyId), today(trx)])
  if (!policy) throw unknownReference('/cancellationPolicyId')
  trx.audit({ fields: ['cancellationPolicyId'] })
  return sign(trx, policy, {
    client_id: trx.scope.actor.id,
    method: 'portal',
    signed_on,
    representative_id: trx.scope.actor.representativeId ?? null,
    chartId: chart.id,
  })
}

interface Signing {
  client_id: string
  method: PolicySignature['method']
  signed_on: string
  recorded_by?: string
  representative_id?: string | null
  chartId?: string
}

async function sign(
  trx: PracticeTransaction,
  policy: repository.PolicyRow,
  { chartId, ...signing }: Signing,
): Promise<PolicySignature> {
  const row = await repository.insertSignature(trx, {
    id: uuidv7(),
    policy_id: policy.id,
    entered_by: enteredBy(trx),
    ...signing,
  })
  emit(trx, {
    type: 'client.cancellation-policy-signed',
    resourceId: row.client_id,
    resourceVersion: policy.number,
    ...(chartId !== undefined && { chartId }),
  })
  return toSignature({ ...row, number: policy.number })
}

/** The newest version first. @throws Problem `not-found`, `invalid-cursor` */
export async function listSignatures(
  trx: PracticeTransaction,
  clientId: string,
  { cursor, limit = limits.page.default }: PageWish,
): Promise<Page<PolicySignature>> {
  await openClient(trx, clientId)
  const after = numberAfter(trx, { clientId }, cursor)
  const rows = await repository.listSignatures(trx, clientId, { limit, after })
  return toPage(rows, limit, toSignature, row => trx.cursorAfter({ clientId }, [row.number]))
}

function numberAfter(trx: PracticeTransaction, filter: object, cursor: string | undefined) {
  const after = trx.cursorKey(filter, cursor)?.[0]
  return after === undefined ? undefined : Number(after)
}

const toPolicy = (row: repository.PolicyRow): CancellationPolicy => ({
  id: row.id,
  number: row.number,
  text: row.text,
  windowHours: row.window_hours,
  lateCancellationFeeCents: row.late_cancellation_fee_cents,
  noShowFeeCents: row.no_show_fee_cents,
  graceCount: row.grace_count,
  graceMonths: row.grace_months,
  currency: row.currency,
  effectiveOn: row.effective_on,
  createdById: row.created_by,
  createdAt: row.created_at.toISOString(),
})

const toSignature = (row: repository.SignatureRow): PolicySignature => ({
  id: row.id,
  cancellationPolicyId: row.policy_id,
  policyNumber: row.number,
  clientId: row.client_id,
  method: row.method as PolicySignature['method'],
  signedOn: row.signed_on,
  recordedById: row.recorded_by,
  createdAt: row.created_at.toISOString(),
})
