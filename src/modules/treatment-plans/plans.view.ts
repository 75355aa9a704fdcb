import { timingSafeEqual } from 'node:crypto'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { type OpenChart, readableClasses } from '../charts/index.ts'
import { today } from '../practice/index.ts'
import { philosophyNow } from '../recovery/index.ts'
import type { PlanContent } from './content.schemas.ts'
import { type Evidence, evidenceOf, recordsFor } from './evidence.ts'
import { notesOn } from './note-source.ts'
import { groundworkOf, type PhaseWarning, phaseWarnings } from './phases.rules.ts'
import type { OpenPlan, PlanRow } from './plans.repository.ts'
import * as repository from './plans.repository.ts'
import { isInForce } from './plans.rules.ts'
import type { PlanChange, PlanFigures, PlanSummary, TreatmentPlan } from './plans.schemas.ts'
import { type LatestRow, latestProgress } from './progress.repository.ts'
import { isOverdue, nowOf, percentOf, type Standing } from './progress.rules.ts'
import type { ObjectiveProgress } from './progress.schemas.ts'
import * as revisions from './revisions.repository.ts'
import { sealedReason } from './sealed-places.ts'
import { type MissingSignature, missingSignatures } from './signatures.rules.ts'
import type { PlanSignature } from './signatures.schemas.ts'
import {
  type DraftDocument,
  hashOf,
  openDraft,
  openRevision,
  type RevisionDocument,
  type SignatureFacts,
  type SignedPlan,
  sealOf,
  together,
} from './signed-content.ts'
import { groundworkIn, type Scores, scoreOf, scoresFor } from './ties.ts'

/** A plan's head as the API shows it. */
export function toSummary(row: PlanRow, day: string): PlanSummary {
  return {
    id: row.id,
    chartId: row.chart_id,
    clinicianId: row.clinician_id,
    status: row.status,
    revision: row.revision,
    inForceRevision: row.in_force_revision,
    reviewDueOn: row.review_due_on,
    reviewOverdue:
      row.review_due_on !== null &&
      row.review_due_on < day &&
      isInForce({ status: row.status, inForceRevision: row.in_force_revision }),
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}

/** Behaviors are restricted: only who may see that class of the chart sees which ones an objective is about. */
const seesBehaviors = (trx: PracticeTransaction, chart: OpenChart) =>
  chart.via !== 'self' && readableClasses(trx.scope.actor, chart).includes('restricted')

/** The content of a draft as this actor may see it. */
export const contentFor = (
  trx: PracticeTransaction,
  chart: OpenChart,
  document: DraftDocument,
): PlanContent => (seesBehaviors(trx, chart) ? together(document) : document.content)

/** The whole plan, with what guides the treatment now. What it asks for is sent at once: after what was sent before. */
export async function toPlan(trx: PracticeTransaction, plan: OpenPlan): Promise<TreatmentPlan> {
  const { row, chart } = plan
  const offered = row.status === 'client_review' ? row.revision : null
  const inForce = row.in_force_revision
  const [revisionRow, draftRow, signatures, latest, changes, philosophy, day, groundwork, notes, cosign] =
    await Promise.all([
      row.revision === 0 ? undefined : revisions.findRevision(trx, plan, inForce ?? row.revision),
      inForce === null && offered === null ? repository.findDraft(trx, plan) : undefined,
      row.revision === 0 ? [] : revisions.listSignatures(trx, plan, [inForce ?? row.revision, row.revision]),
      latestProgress(trx, plan),
      repository.listChanges(trx, plan),
      philosophyNow(trx, chart),
      today(trx),
      groundworkIn(trx, chart),
      notesOn(trx, plan),
      offered !== null && revisions.needsCosign(trx, plan),
      trx.sealer(),
    ])
  const shown = await shownOf(trx, plan, revisionRow, draftRow)
  const content = contentFor(trx, chart, shown)
  const [scores, records] = await Promise.all([
    scoresFor(trx, chart, content),
    recordsFor(trx, chart, content),
  ])
  const known = { latest, scores, notes, ...records }
  const progress = content.objectives.map(one => objectiveNow(one, known, day))
  const own = groundworkOf(
    shown.content.objectives,
    key => progress.find(one => one.objectiveKey === key)?.standing ?? 'not_started',
  )
  return {
    ...toSummary(row, day),
    shows: inForce !== null ? 'in_force' : shown.signed ? 'offered' : 'draft',
    content,
    contentHash: shown.signed ? hashOf(shown.signed).toString('hex') : null,
    philosophy: shown.signed ? shown.signed.philosophy : philosophy,
    signatures: await toSignatures(
      trx,
      row.id,
      shown.signed,
      signatures.filter(({ revision }) => revision === shown.signed?.revision),
    ),
    missingSignatures: offered === null ? [] : missingOf(plan, signatures, cosign),
    progress,
    figures: figuresOf(shown.content, progress),
    warnings: phaseWarnings(shown.content, {
      containment: own.containment || groundwork.containment,
      coping: own.coping || groundwork.coping,
    }),
    history: await Promise.all(changes.map(change => toChange(trx, change))),
  }
}

interface Shown extends DraftDocument {
  /** Null for a draft. */
  signed: SignedPlan | null
}

/** A draft there is, or else the revision: the one in force, or the last one offered. */
async function shownOf(
  trx: PracticeTransaction,
  { row }: OpenPlan,
  revisionRow: revisions.RevisionRow | undefined,
  draftRow: repository.DraftRow | undefined,
): Promise<Shown> {
  if (draftRow) return { ...(await openDraft(trx, draftRow)), signed: null }
  if (revisionRow) return shownRevisionOf(await openRevision(trx, revisionRow))
  throw new Error(`The treatment plan ${row.id} has neither a revision nor a draft`)
}

const shownRevisionOf = ({ signed, behaviorIds }: RevisionDocument): Shown => ({
  content: signed.content,
  behaviorIds,
  signed,
})

/** What is warned of in a draft: what it says, with the progress of the plan it belongs to. */
export async function draftWarnings(
  trx: PracticeTransaction,
  plan: OpenPlan,
  content: PlanContent,
): Promise<PhaseWarning[]> {
  const [latest, groundwork] = await Promise.all([latestProgress(trx, plan), groundworkIn(trx, plan.chart)])
  const own = groundworkOf(content.objectives, key => nowOf(entriesAbout(latest, key)).standing)
  return phaseWarnings(content, {
    containment: own.containment || groundwork.containment,
    coping: own.coping || groundwork.coping,
  })
}

const entriesAbout = (latest: readonly LatestRow[], key: string) =>
  latest
    .filter(row => row.objective_key === key)
    .map(({ occurred_on: occurredOn, value, standing }) => ({ occurredOn, value, standing }))

function objectiveNow(
  objective: PlanContent['objectives'][number],
  known: Evidence & { latest: readonly LatestRow[]; scores: Scores },
  day: string,
): ObjectiveProgress {
  const { current: entered, standing } = nowOf(entriesAbout(known.latest, objective.key))
  const score = scoreOf(known.scores, objective)
  const current = score
    ? { ...score, source: 'instrument' as const }
    : entered && { ...entered, source: 'entry' as const }
  return {
    objectiveKey: objective.key,
    standing,
    current,
    percent: percentOf(objective.baseline, objective.target, current?.value ?? null),
    overdue: isOverdue(objective.dueOn, standing, day),
    evidence: evidenceOf(objective, known),
  }
}

function figuresOf(content: PlanContent, progress: readonly ObjectiveProgress[]): PlanFigures {
  const standingOf = new Map<string, Standing>(progress.map(one => [one.objectiveKey, one.standing]))
  const isMet = (goalKey: string) => {
    const standings = content.objectives
      .filter(one => one.goalKey === goalKey)
      .map(({ key }) => standingOf.get(key))
      .filter(standing => standing !== 'dropped')
    return standings.length > 0 && standings.every(standing => standing === 'met')
  }
  return {
    goals: content.goals.length,
    goalsByClient: content.goals.filter(({ author }) => author !== 'clinician').length,
    goalsMet: content.goals.filter(({ key }) => isMet(key)).length,
    objectives: content.objectives.length,
    objectivesMet: progress.filter(({ standing }) => standing === 'met').length,
    objectivesOverdue: progress.filter(({ overdue }) => overdue).length,
  }
}

type Given = Pick<revisions.SignatureRow, 'revision' | 'role' | 'client_id' | 'staff_id'>

/** What the offered revision waits for. `signatures` may be of other revisions too. */
export function missingOf(
  { chart, row }: OpenPlan,
  signatures: readonly Given[],
  cosignRequired: boolean,
): MissingSignature[] {
  const given = signatures
    .filter(({ revision }) => revision === row.revision)
    .map(one => ({ role: one.role, clientId: one.client_id, staffId: one.staff_id }))
  const kind = chart.kind === 'couple' ? 'couple' : 'individual'
  return missingSignatures({ kind, clientIds: chart.clientIds, cosignRequired }, given)
}

/** Signatures on one revision, each held against its own seal and the hash of the content. */
export async function toSignatures(
  trx: PracticeTransaction,
  planId: string,
  signed: SignedPlan | null,
  rows: readonly revisions.SignatureRow[],
): Promise<PlanSignature[]> {
  const hash = signed && hashOf(signed)
  return Promise.all(
    rows.map(async row => ({
      role: row.role as PlanSignature['role'],
      clientId: row.client_id,
      representativeId: row.representative_id,
      staffId: row.staff_id,
      credentials: row.credentials,
      method: row.method as PlanSignature['method'],
      attestedById: row.attested_by,
      signedAt: row.signed_at.toISOString(),
      recordedAt: row.recorded_at.toISOString(),
      contentHash: row.content_hash.toString('hex'),
      intact:
        (hash === null || equalBytes(hash, row.content_hash)) &&
        equalBytes(await sealOf(trx, factsOf(planId, row)), row.seal),
    })),
  )
}

const equalBytes = (a: Buffer, b: Buffer) => a.length === b.length && timingSafeEqual(a, b)

export const factsOf = (
  planId: string,
  row: Pick<
    revisions.SignatureRow,
    | 'revision'
    | 'role'
    | 'signer_id'
    | 'representative_id'
    | 'credentials'
    | 'method'
    | 'attested_by'
    | 'signed_at'
    | 'content_hash'
  >,
): SignatureFacts => ({
  planId,
  revision: row.revision,
  role: row.role as SignatureFacts['role'],
  signerId: row.signer_id,
  representativeId: row.representative_id,
  credentials: row.credentials,
  method: row.method,
  attestedBy: row.attested_by,
  signedAt: row.signed_at.toISOString(),
  contentHash: row.content_hash.toString('hex'),
})

async function toChange(trx: PracticeTransaction, row: repository.ChangeRow): Promise<PlanChange> {
  return {
    status: row.status as PlanChange['status'],
    revision: row.revision,
    reasonCode: row.reason_code as PlanChange['reasonCode'],
    reason: row.reason_sealed ? (await trx.open(sealedReason(row.id), row.reason_sealed)).toString() : null,
    enteredBy: row.entered_by as PlanChange['enteredBy'],
    recordedById: row.recorded_by,
    recordedAt: row.recorded_at.toISOString(),
  }
}
