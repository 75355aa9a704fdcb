import { createHash } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { notFound, Problem } from '../../lib/problems.ts'
import { recorder } from '../../lib/recorder.ts'
import { atVersion } from '../../lib/versions.ts'
import { type OpenCouple, openCouple } from './couple-door.ts'
import { lockCouple, presentClientIds } from './couples.repository.ts'
import { notAPartner } from './partners.rules.ts'
import * as repository from './policies.repository.ts'
import {
  checkPolicyStep,
  type PartnerAct,
  type PolicyKind,
  type PolicyStatus,
  type PolicyStep,
  signers,
  statusAfter,
} from './policies.rules.ts'
import type {
  CouplePolicy,
  CouplePolicyChange,
  CouplePolicyQuery,
  CouplePolicySignature,
  CouplePolicyWithdrawal,
  NewCouplePolicy,
  PartnerState,
} from './policies.schemas.ts'
import { checkHappened } from './recording.ts'
import { sealedPolicyText } from './sealed-places.ts'

/** @throws Problem `not-found` */
export async function getPolicy(
  trx: PracticeTransaction,
  coupleId: string,
  policyId: string,
): Promise<CouplePolicy> {
  const couple = await openCouple(trx, coupleId)
  trx.audit({ resourceType: 'couple-policy', resourceId: policyId })
  return showPolicy(trx, couple, policyId)
}

/** @throws Problem `not-found` */
export async function listPolicies(
  trx: PracticeTransaction,
  coupleId: string,
  query: CouplePolicyQuery,
): Promise<Page<CouplePolicy>> {
  const couple = await openCouple(trx, coupleId)
  trx.audit({ resourceType: 'couple-policy' })
  const { cursor, limit = limits.page.default, status } = query
  const filter = { coupleId, status }
  const after = trx.cursorKey(filter, cursor)?.[0] as number | undefined
  const rows = await repository.listPolicies(trx, coupleId, { limit, status, after })
  const shown = await showPolicies(trx, couple, rows)
  return toPage(
    rows,
    limit,
    row => shown.get(row.id) as CouplePolicy,
    row => trx.cursorAfter(filter, [row.number]),
  )
}

/** @throws Problem `not-found`, `invalid-state` while another draft or offer is open */
export async function draftPolicy(
  trx: PracticeTransaction,
  coupleId: string,
  input: NewCouplePolicy,
): Promise<CouplePolicy> {
  const couple = await openToChange(trx, coupleId)
  if (!couple.chart) {
    throw new Problem('invalid-state', { detail: 'The policy waits until both partners are clients.' })
  }
  if (await repository.hasOpen(trx, coupleId)) {
    throw new Problem('invalid-state', { detail: 'A draft or an offer is open already.' })
  }
  const id = uuidv7()
  trx.audit({ resourceType: 'couple-policy', resourceId: id, fields: Object.keys(input) })
  const number = (await repository.lastNumber(trx, coupleId)) + 1
  await repository.insertPolicy(trx, { id, couple_id: coupleId, number })
  await writeText(trx, id, 1, input)
  return announce(trx, couple, id, 'couple-policy.created')
}

/** @throws Problem `not-found`, `stale-version`, `invalid-state` once it was offered */
export async function changeDraft(
  trx: PracticeTransaction,
  coupleId: string,
  policyId: string,
  version: number,
  change: CouplePolicyChange,
): Promise<CouplePolicy> {
  const { couple, row } = await openPolicyTo('change', trx, coupleId, policyId, version)
  trx.audit({ fields: Object.keys(change) })
  const revision = row.revision + 1
  await writeText(trx, policyId, revision, {
    kind: change.kind ?? (row.kind as PolicyKind),
    text: change.text ?? (await textOf(trx, row)),
  })
  await repository.updatePolicy(trx, policyId, version, { revision })
  return announce(trx, couple, policyId)
}

/**
 * Offers the draft to both partners. From here on its text is fixed.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`
 */
export async function offerPolicy(
  trx: PracticeTransaction,
  coupleId: string,
  policyId: string,
  version: number,
): Promise<CouplePolicy> {
  const { couple } = await openPolicyTo('offer', trx, coupleId, policyId, version)
  await requirePresent(trx, couple, couple.clientIds)
  await repository.updatePolicy(trx, policyId, version, { status: 'offered' }, 'offered_at')
  return announce(trx, couple, policyId)
}

/** @throws Problem `not-found`, `stale-version`, `invalid-state` */
export async function cancelPolicy(
  trx: PracticeTransaction,
  coupleId: string,
  policyId: string,
  version: number,
): Promise<CouplePolicy> {
  const { couple } = await openPolicyTo('cancel', trx, coupleId, policyId, version)
  await repository.updatePolicy(trx, policyId, version, { status: 'canceled' }, 'ended_at')
  return announce(trx, couple, policyId)
}

/**
 * Records one partner's own signature. The policy comes in force with the signature that was still
 * missing, and supersedes the one before.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`, `invalid-request`;
 *   `conflict` when another text was signed
 */
export async function signPolicy(
  trx: PracticeTransaction,
  coupleId: string,
  policyId: string,
  version: number,
  input: CouplePolicySignature,
): Promise<CouplePolicy> {
  checkHappened('/signedAt', input.signedAt)
  const { couple, row } = await openPolicyTo('sign', trx, coupleId, policyId, version)
  trx.audit({ fields: ['signatures'] })
  if (!couple.clientIds.includes(input.clientId)) throw notAPartner()
  await requirePresent(trx, couple, [input.clientId])
  if (row.content_hash.toString('hex') !== input.contentHash) {
    throw new Problem('conflict', { detail: 'What was signed is not the text of this policy.' })
  }
  const before = await actsOf(trx, policyId)
  if (signers(before).has(input.clientId)) {
    throw new Problem('invalid-state', { detail: 'This signature does not fit what is recorded.' })
  }
  return act(trx, couple, row, before, {
    clientId: input.clientId,
    act: 'signed',
    method: input.method,
    at: input.signedAt,
  })
}

/**
 * Records that one partner takes the signature back: a policy in force is suspended for both.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`, `invalid-request`
 */
export async function withdrawSignature(
  trx: PracticeTransaction,
  coupleId: string,
  policyId: string,
  version: number,
  input: CouplePolicyWithdrawal,
): Promise<CouplePolicy> {
  checkHappened('/withdrawnAt', input.withdrawnAt)
  const { couple, row } = await openPolicyTo('withdraw', trx, coupleId, policyId, version)
  trx.audit({ fields: ['signatures'] })
  if (!couple.clientIds.includes(input.clientId)) throw notAPartner()
  const before = await actsOf(trx, policyId)
  if (!signers(before).has(input.clientId)) {
    throw new Problem('invalid-state', { detail: 'This withdrawal does not fit what is recorded.' })
  }
  return act(trx, couple, row, before, {
    clientId: input.clientId,
    act: 'withdrawn',
    method: input.method,
    at: input.withdrawnAt,
  })
}

interface NewAct extends PartnerAct {
  method: string
  at: string
}

async function act(
  trx: PracticeTransaction,
  couple: OpenCouple,
  row: repository.PolicyRow,
  before: readonly PartnerAct[],
  added: NewAct,
): Promise<CouplePolicy> {
  const status = statusAfter(row.status as PolicyStatus, couple.clientIds, [...before, added])
  const comesInForce = status === 'in_force' && row.in_force_at === null
  if (comesInForce) await supersedeOthers(trx, couple, row.id)
  const stamped = comesInForce ? 'in_force_at' : undefined
  await repository.updatePolicy(trx, row.id, row.version, { status }, stamped)
  await repository.insertAct(trx, {
    policy_id: row.id,
    policy_version: row.version + 1,
    revision: row.revision,
    client_id: added.clientId,
    act: added.act,
    method: added.method,
    acted_at: new Date(added.at),
    content_hash: row.content_hash,
    attested_by: recorder(trx),
  })
  return announce(trx, couple, row.id)
}

async function supersedeOthers(trx: PracticeTransaction, couple: OpenCouple, except: string): Promise<void> {
  const ended = await repository.supersede(trx, couple.id, except)
  if (!ended) return
  emit(trx, {
    type: 'couple-policy.updated',
    resourceId: ended.id,
    resourceVersion: ended.version,
    ...(couple.chart ? { chartId: couple.chart.id } : {}),
  })
}

/** Holds the couple, then passes its door: whatever happens to its policies happens one by one. */
async function openToChange(trx: PracticeTransaction, coupleId: string): Promise<OpenCouple> {
  await lockCouple(trx, coupleId)
  return openCouple(trx, coupleId, { write: true })
}

async function openPolicyTo(
  step: PolicyStep,
  trx: PracticeTransaction,
  coupleId: string,
  policyId: string,
  version: number,
): Promise<{ couple: OpenCouple; row: repository.PolicyRow }> {
  const couple = await openToChange(trx, coupleId)
  trx.audit({ resourceType: 'couple-policy', resourceId: policyId })
  const row = atVersion(await repository.findPolicy(trx, coupleId, policyId), version)
  checkPolicyStep(row.status as PolicyStatus, step)
  return { couple, row }
}

/** One answer for one absent partner and for two: it does not say who. */
async function requirePresent(
  trx: PracticeTransaction,
  couple: OpenCouple,
  clientIds: readonly string[],
): Promise<void> {
  const present = await presentClientIds(trx, couple.id)
  if (clientIds.every(clientId => present.includes(clientId))) return
  throw new Problem('invalid-state', { detail: 'A partner who signs must be in the joint care.' })
}

async function writeText(
  trx: PracticeTransaction,
  policyId: string,
  revision: number,
  { kind, text }: NewCouplePolicy,
): Promise<void> {
  await repository.insertText(trx, {
    policy_id: policyId,
    revision,
    kind,
    text_sealed: await trx.seal(sealedPolicyText(policyId, revision), text),
    content_hash: contentHash(policyId, kind, text),
    written_by: recorder(trx),
  })
}

/** Of this text in this policy: equal texts of two couples do not show as equal. */
const contentHash = (policyId: string, kind: PolicyKind, text: string) =>
  createHash('sha256')
    .update(JSON.stringify([policyId, kind, text]))
    .digest()

const textOf = async (trx: PracticeTransaction, row: repository.PolicyRow) =>
  (await trx.open(sealedPolicyText(row.id, row.revision), row.text_sealed)).toString()

async function actsOf(trx: PracticeTransaction, policyId: string): Promise<PartnerAct[]> {
  const rows = await repository.listActs(trx, [policyId])
  return rows.map(toAct)
}

const toAct = (row: repository.ActRow): PartnerAct => ({
  clientId: row.client_id,
  act: row.act as PartnerAct['act'],
})

async function announce(
  trx: PracticeTransaction,
  couple: OpenCouple,
  policyId: string,
  type: 'couple-policy.created' | 'couple-policy.updated' = 'couple-policy.updated',
): Promise<CouplePolicy> {
  const policy = await showPolicy(trx, couple, policyId)
  emit(trx, {
    type,
    resourceId: policyId,
    resourceVersion: policy.version,
    ...(couple.chart ? { chartId: couple.chart.id } : {}),
  })
  return policy
}

async function showPolicy(
  trx: PracticeTransaction,
  couple: OpenCouple,
  policyId: string,
): Promise<CouplePolicy> {
  const row = await repository.findPolicy(trx, couple.id, policyId)
  const policy = row && (await showPolicies(trx, couple, [row])).get(policyId)
  if (!policy) throw notFound()
  return policy
}

async function showPolicies(
  trx: PracticeTransaction,
  couple: OpenCouple,
  rows: readonly repository.PolicyRow[],
): Promise<ReadonlyMap<string, CouplePolicy>> {
  const acts = await repository.listActs(
    trx,
    rows.map(row => row.id),
  )
  const shown = await Promise.all(
    rows.map(async row => {
      const own = acts.filter(one => one.policy_id === row.id)
      return [row.id, toPolicy(couple, row, await textOf(trx, row), own)] as const
    }),
  )
  return new Map(shown)
}

function toPolicy(
  couple: OpenCouple,
  row: repository.PolicyRow,
  text: string,
  acts: readonly repository.ActRow[],
): CouplePolicy {
  return {
    id: row.id,
    coupleId: couple.id,
    number: row.number,
    kind: row.kind as PolicyKind,
    text,
    contentHash: row.content_hash.toString('hex'),
    status: row.status as PolicyStatus,
    signedCount: signers(acts.map(toAct)).size,
    requiredCount: 2,
    partners: partnerStates(couple, acts),
    offeredAt: row.offered_at?.toISOString() ?? null,
    inForceAt: row.in_force_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}

/**
 * Where each partner stands. Only clinicians on the couple's own care team are told who is who; for all
 * others the order goes by state, so that it tells nothing.
 */
function partnerStates({ clientIds, chart }: OpenCouple, acts: readonly repository.ActRow[]): PartnerState[] {
  const states = clientIds.map(clientId => {
    const last = acts.findLast(one => one.client_id === clientId)
    return {
      clientId,
      state: last ? (last.act as 'signed' | 'withdrawn') : ('not_signed' as const),
      method: last ? (last.method as PartnerState['method']) : null,
      actedAt: last?.acted_at.toISOString() ?? null,
    }
  })
  if (chart?.via === 'care-team') return states
  return states
    .map(state => ({ ...state, clientId: null }))
    .toSorted((a, b) => a.state.localeCompare(b.state) || (a.actedAt ?? '').localeCompare(b.actedAt ?? ''))
}
