import { createHash } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import { canonicalJson } from '../../lib/canonical-json.ts'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { notFound, Problem } from '../../lib/problems.ts'
import { recorder } from '../../lib/recorder.ts'
import type { PracticeSealer } from '../../lib/sealing/practice-keys.ts'
import { atVersion } from '../../lib/versions.ts'
import { raiseAlert, settleAlert } from '../alerts/index.ts'
import type { OpenChart } from '../charts/index.ts'
import { getPolicies } from '../practice/index.ts'
import { type At, openIndividual } from './individual.ts'
import { settleSafetyReview } from './review-watch.ts'
import * as repository from './risk-assessments.repository.ts'
import type {
  RiskAssessment,
  RiskContent,
  RiskQuery,
  RiskRevision,
  RiskStep,
  RiskSummary,
} from './risk-assessments.schemas.ts'
import { callsForSignature, checkRiskStep, type RiskLevel, type RiskStatus } from './safety.rules.ts'
import { sealedRisk, sealedRiskReason } from './sealed-places.ts'

/** Newest first. @throws Problem `not-found`, `invalid-state`, `invalid-cursor` */
export async function listRisks(
  trx: PracticeTransaction,
  chartId: string,
  { cursor, limit = limits.page.default, ...wanted }: RiskQuery,
): Promise<Page<RiskSummary>> {
  trx.audit({ resourceType: 'risk-assessment' })
  const chart = await openIndividual(trx, chartId)
  const filter = { chartId, ...wanted }
  const before = trx.cursorKey(filter, cursor)?.[0] as string | undefined
  const rows = await repository.listRisks(trx, chart, { limit, before, ...wanted })
  return toPage(rows, limit, toSummary, row => trx.cursorAfter(filter, [row.id]))
}

/** @throws Problem `not-found`, `invalid-state` */
export async function getRisk(
  trx: PracticeTransaction,
  chartId: string,
  id: string,
): Promise<RiskAssessment> {
  trx.audit({ resourceType: 'risk-assessment', resourceId: id })
  const chart = await openIndividual(trx, chartId)
  const row = await repository.findRisk(trx, chart, id)
  if (!row) throw notFound()
  return show(trx, row, await partsOf(trx, id, row.revision))
}

/** @throws Problem `not-found`, `invalid-state` */
export async function getRevision(
  trx: PracticeTransaction,
  chartId: string,
  id: string,
  revision: number,
): Promise<RiskRevision> {
  trx.audit({ resourceType: 'risk-assessment', resourceId: id })
  const chart = await openIndividual(trx, chartId)
  const [head, row] = await Promise.all([
    repository.findRisk(trx, chart, id),
    repository.findRevision(trx, id, revision),
    trx.sealer(),
  ])
  // Found by the id alone, a revision counts for nothing where the chart has no such head.
  if (!head || !row) throw notFound()
  return toRevision(trx, row)
}

/** @throws Problem `not-found`, `invalid-state` */
export async function assessRisk(
  trx: PracticeTransaction,
  chartId: string,
  content: RiskContent,
): Promise<RiskAssessment> {
  const id = uuidv7()
  trx.audit({ resourceType: 'risk-assessment', resourceId: id, fields: Object.keys(content) })
  const [chart, sealer, policies] = await Promise.all([
    openIndividual(trx, chartId, { write: true }),
    trx.sealer(),
    getPolicies(trx),
  ])
  emit(trx, { type: 'risk-assessment.recorded', resourceId: id, resourceVersion: 1, chartId })
  // Sent in this order, in one round trip.
  const [, , , shown] = await Promise.all([
    repository.insertRisk(trx, id, chart),
    write(trx, { id, revision: 1, content, sealer }),
    recordStatus(trx, id, { status: 'open', sealer }),
    showNow(trx, chart, { id, revision: 1 }),
  ])
  await alertOf(trx, chart, { id, revision: 1, content, policies })
  return shown
}

/**
 * Writes the next revision; the earlier one stays. With a high acute level it is open again.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`
 */
export async function revise(
  trx: PracticeTransaction,
  at: At,
  content: RiskContent,
): Promise<RiskAssessment> {
  const [{ chart, row, sealer }, policies] = await Promise.all([openRisk(trx, at), getPolicies(trx)])
  trx.audit({ fields: Object.keys(content) })
  if (row.status === 'closed')
    throw new Problem('invalid-state', { detail: 'It is closed. Assess the risk anew.' })
  const reopened = callsForSignature(content.acute) && row.status !== 'open'
  const revision = row.revision + 1
  await repository.changeRisk(trx, at, { revision, ...(reopened ? { status: 'open' } : {}) })
  announce(trx, at, 'revised')
  if (row.next_review_on !== content.nextReviewOn)
    await settleSafetyReview(trx, chart, { id: at.id, dueOn: row.next_review_on }, 'handled')
  // Sent in this order, in one round trip.
  const [, , shown] = await Promise.all([
    write(trx, { id: at.id, revision, content, sealer }),
    reopened ? recordStatus(trx, at.id, { status: 'open', sealer }) : undefined,
    showNow(trx, chart, { id: at.id, revision }),
  ])
  await alertOf(trx, chart, { id: at.id, revision, content, policies })
  return shown
}

/** The caller vouches for the current revision. @throws Problem `not-found`, `stale-version`, `invalid-state` */
export async function sign(trx: PracticeTransaction, at: At): Promise<RiskAssessment> {
  const { chart, row } = await openRisk(trx, at)
  trx.audit({ fields: ['signature'] })
  if (row.signed) throw new Problem('invalid-state', { detail: 'This revision is signed.' })
  const revision = await repository.findRevision(trx, at.id, row.revision)
  if (!revision) throw notFound()
  await repository.changeRisk(trx, at, {})
  announce(trx, at, 'signed')
  const signature = {
    risk_assessment_id: at.id,
    revision: row.revision,
    signer_id: recorder(trx),
    content_hash: revision.content_hash,
  }
  // Sent in this order, in one round trip.
  const [, , shown] = await Promise.all([
    repository.insertSignature(trx, signature),
    settleUnsigned(trx, chart, { id: at.id, revision: row.revision }),
    showNow(trx, chart, { id: at.id, revision: row.revision }),
  ])
  return shown
}

/** @throws Problem `not-found`, `stale-version`, `invalid-state` */
export async function changeStatus(
  trx: PracticeTransaction,
  at: At,
  { status, reason }: RiskStep,
): Promise<RiskAssessment> {
  const { chart, row, sealer } = await openRisk(trx, at)
  trx.audit({ fields: ['status'] })
  checkRiskStep(row.status as RiskStatus, status, row.signed)
  await repository.changeRisk(trx, at, { status })
  announce(trx, at, 'status-changed')
  if (status === 'closed')
    await settleSafetyReview(trx, chart, { id: at.id, dueOn: row.next_review_on }, 'no_longer_applies')
  // Sent in this order, in one round trip.
  const [, shown] = await Promise.all([
    recordStatus(trx, at.id, { status, sealer, reason }),
    showNow(trx, chart, { id: at.id, revision: row.revision }),
  ])
  return shown
}

async function openRisk(trx: PracticeTransaction, { chartId, id, version }: At) {
  trx.audit({ resourceType: 'risk-assessment', resourceId: id })
  const chart = await openIndividual(trx, chartId, { write: true })
  const [found, sealer] = await Promise.all([repository.findRisk(trx, chart, id), trx.sealer()])
  return { chart, row: atVersion(found, version), sealer }
}

interface NewRevision {
  id: string
  revision: number
  content: RiskContent
}

function write(
  trx: PracticeTransaction,
  { id, revision, content, sealer }: NewRevision & { sealer: PracticeSealer },
): Promise<void> {
  // All of it, so that what was signed is one text.
  const text = canonicalJson({ ...content })
  return repository.insertRevision(trx, {
    risk_assessment_id: id,
    revision,
    occasion: content.occasion,
    acute: content.acute,
    chronic: content.chronic,
    next_review_on: content.nextReviewOn,
    content_sealed: sealer.seal(sealedRisk(id, revision), text),
    content_hash: createHash('sha256').update(text).digest(),
    written_by: recorder(trx),
  })
}

/** A signature is what the alerts of its revision, and of those before it that nobody signed, asked for. */
async function settleUnsigned(
  trx: PracticeTransaction,
  chart: OpenChart,
  { id, revision }: { id: string; revision: number },
): Promise<void> {
  const keys = Array.from({ length: revision }, (_, before) => unsignedKey(id, before + 1))
  await Promise.all(
    keys.map(key => settleAlert(trx, chart, { rule: 'high_risk_unsigned', key, outcome: 'handled' })),
  )
}

const unsignedKey = (id: string, revision: number) => `${id}:${revision}`

/** Calls for a clinician and their supervisor where the level of a new revision is high: it is not signed yet. */
async function alertOf(
  trx: PracticeTransaction,
  chart: OpenChart,
  { id, revision, content, policies }: NewRevision & { policies: { riskResponseMinutes: number } },
): Promise<void> {
  if (!callsForSignature(content.acute)) return
  await raiseAlert(trx, chart, {
    rule: 'high_risk_unsigned',
    severity: 'urgent',
    key: unsignedKey(id, revision),
    evidence: { riskAssessmentId: id, revision },
    respondWithinMinutes: policies.riskResponseMinutes,
  })
}

function recordStatus(
  trx: PracticeTransaction,
  riskAssessmentId: string,
  { status, sealer, reason }: { status: RiskStatus; sealer: PracticeSealer; reason?: string | undefined },
): Promise<void> {
  const id = uuidv7()
  return repository.insertChange(trx, {
    id,
    risk_assessment_id: riskAssessmentId,
    status,
    reason_sealed: reason === undefined ? null : sealer.seal(sealedRiskReason(id), reason),
    recorded_by: recorder(trx),
  })
}

function announce(
  trx: PracticeTransaction,
  { chartId, id, version }: At,
  what: 'revised' | 'signed' | 'status-changed',
): void {
  emit(trx, { type: `risk-assessment.${what}`, resourceId: id, resourceVersion: version + 1, chartId })
}

/** What is shown beside the head. */
const partsOf = (trx: PracticeTransaction, id: string, revision: number) =>
  Promise.all([repository.findRevision(trx, id, revision), repository.listChanges(trx, id), trx.sealer()])

/** As it is in this transaction, which knows the revision: all of it at once. */
async function showNow(
  trx: PracticeTransaction,
  chart: OpenChart,
  { id, revision }: { id: string; revision: number },
): Promise<RiskAssessment> {
  const [row, parts] = await Promise.all([repository.findRisk(trx, chart, id), partsOf(trx, id, revision)])
  if (!row) throw notFound()
  return show(trx, row, parts)
}

async function show(
  trx: PracticeTransaction,
  row: repository.RiskRow,
  [revision, changes]: Awaited<ReturnType<typeof partsOf>>,
): Promise<RiskAssessment> {
  if (!revision) throw notFound()
  return {
    ...headOf(row),
    ...(await toRevision(trx, revision)),
    changes: await Promise.all(changes.map(change => toChange(trx, change))),
  }
}

const headOf = (row: repository.RiskRow) => ({
  id: row.id,
  chartId: row.chart_id,
  status: row.status as RiskStatus,
  version: row.version,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
})

const toSummary = (row: repository.RiskRow): RiskSummary => ({
  ...headOf(row),
  revision: row.revision,
  acute: row.acute as RiskLevel,
  chronic: row.chronic as RiskLevel,
  nextReviewOn: row.next_review_on,
  reviewOverdue: row.review_overdue,
  signed: row.signed,
})

async function toRevision(trx: PracticeTransaction, row: repository.RevisionRow): Promise<RiskRevision> {
  const text = await trx.open(sealedRisk(row.risk_assessment_id, row.revision), row.content_sealed)
  const { signer_id, signed_at, signed_hash } = row
  return {
    revision: row.revision,
    ...(JSON.parse(text.toString()) as RiskContent),
    writtenById: row.written_by,
    writtenAt: row.written_at.toISOString(),
    signature:
      signer_id && signed_at && signed_hash
        ? { signerId: signer_id, signedAt: signed_at.toISOString(), contentHash: signed_hash.toString('hex') }
        : null,
  }
}

async function toChange(trx: PracticeTransaction, row: repository.ChangeRow) {
  const { reason_sealed: sealed } = row
  return {
    status: row.status as RiskStatus,
    reason: sealed ? (await trx.open(sealedRiskReason(row.id), sealed)).toString() : null,
    recordedById: row.recorded_by,
    createdAt: row.recorded_at.toISOString(),
  }
}
