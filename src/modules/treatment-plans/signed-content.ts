import { createHash } from 'node:crypto'
import { canonicalJson, type Json } from '../../lib/canonical-json.ts'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { PlanContent } from './content.schemas.ts'
import { sealedDraft, sealedRevision } from './sealed-places.ts'
import type { SignatureRole } from './signatures.rules.ts'

/** Behaviors are restricted, and who co-signs may not see them: they stand beside what is signed, by objective. */
export type BehaviorIds = Readonly<Record<string, readonly string[]>>

/** What a draft holds. */
export interface DraftDocument {
  content: PlanContent
  behaviorIds: BehaviorIds
}

/** What is signed: one revision of one plan. Its canonical JSON is hashed. */
export interface SignedPlan {
  /** The shape of this document. A plan is read for ever under the format it was signed in. */
  format: 1
  planId: string
  revision: number
  chartId: string
  clientIds: readonly string[]
  clinicianId: string
  philosophy: string | null
  content: PlanContent
}

export interface RevisionDocument {
  signed: SignedPlan
  behaviorIds: BehaviorIds
}

/** The hash that signatures bind: SHA-256 over the UTF-8 bytes of the canonical JSON. */
export const hashOf = (signed: SignedPlan): Buffer =>
  createHash('sha256')
    .update(canonicalJson(asJson(signed)))
    .digest()

const asJson = (value: object): Json => JSON.parse(JSON.stringify(value)) as Json

/** Takes the behaviors out of a content, to be kept beside it. */
export function apart(content: PlanContent): DraftDocument {
  const linked = content.objectives.filter(({ behaviorIds }) => behaviorIds.length > 0)
  return {
    content: { ...content, objectives: content.objectives.map(one => ({ ...one, behaviorIds: [] })) },
    behaviorIds: Object.fromEntries(linked.map(({ key, behaviorIds }) => [key, behaviorIds])),
  }
}

/** The content as the care team sees it. */
export const together = ({ content, behaviorIds }: DraftDocument): PlanContent => ({
  ...content,
  objectives: content.objectives.map(one => ({ ...one, behaviorIds: [...(behaviorIds[one.key] ?? [])] })),
})

export const sealDraft = (
  trx: PracticeTransaction,
  planId: string,
  version: number,
  document: DraftDocument,
) => trx.seal(sealedDraft(planId, version), JSON.stringify(document))

export async function openDraft(
  trx: PracticeTransaction,
  { plan_id, version, document_sealed }: { plan_id: string; version: number; document_sealed: Buffer },
): Promise<DraftDocument> {
  return JSON.parse(
    (await trx.open(sealedDraft(plan_id, version), document_sealed)).toString(),
  ) as DraftDocument
}

export const sealRevision = (trx: PracticeTransaction, document: RevisionDocument) =>
  trx.seal(sealedRevision(document.signed.planId, document.signed.revision), JSON.stringify(document))

/** @throws SealBroken when it was altered behind the service's back */
export async function openRevision(
  trx: PracticeTransaction,
  { plan_id, revision, document_sealed }: { plan_id: string; revision: number; document_sealed: Buffer },
): Promise<RevisionDocument> {
  const opened = await trx.open(sealedRevision(plan_id, revision), document_sealed)
  return JSON.parse(opened.toString()) as RevisionDocument
}

/** What one signature says. */
export interface SignatureFacts {
  planId: string
  revision: number
  role: SignatureRole
  signerId: string
  representativeId: string | null
  credentials: string | null
  method: string
  attestedBy: string | null
  /** RFC 3339. */
  signedAt: string
  /** In hex. */
  contentHash: string
}

/**
 * A keyed hash over the plain columns of a signature. Who writes to the database without the practice's keys can
 * neither make one nor change signer, time or hash unnoticed.
 */
export async function sealOf(trx: PracticeTransaction, facts: SignatureFacts): Promise<Buffer> {
  return (await trx.sealer()).blindIndex('treatment_plans.signatures', canonicalJson({ ...facts }))
}
