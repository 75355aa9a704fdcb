import { canonicalJson } from '../../lib/canonical-json.ts'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { SealBroken } from '../../lib/sealing/errors.ts'
import { kindsOf } from './parts/parts.rules.ts'
import { equalBytes, openAddendum, openContent, places, sealOf } from './sealing.ts'
import { isUnsigned } from './session-notes.rules.ts'
import { toSummary } from './session-notes.view.ts'
import { contentHash, documentOf, type SignedContent } from './signed-content.ts'
import type { AddendumRow, CorrectionRow, LockRow, SignatureRow } from './signed-notes.repository.ts'
import { listEvidence, type NoteEvidence } from './verify.repository.ts'

/** What is wrong with a signed note: altered or taken away behind the service's back. */
export interface NoteFinding {
  noteId: string
  problem:
    | 'content-missing'
    | 'content-altered'
    | 'signature-missing'
    | 'signature-altered'
    | 'header-altered'
    | 'status-altered'
    | 'addendum-altered'
    | 'correction-altered'
    | 'lock-altered'
}

export interface Verified {
  checked: number
  findings: NoteFinding[]
  /** Give it as `after` for the next notes; undefined when these were the last. */
  last: string | undefined
}

type Problems = NoteFinding['problem'][]

/**
 * Checks the next notes of the practice by id: opens what was signed, computes its hash again and holds it
 * against every signature, each row's own seal and the head. A note removed with all its rows is not found
 * here; the audit trail and the events still know it.
 */
export async function verifyNotes(
  trx: PracticeTransaction,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<Verified> {
  const notes = await listEvidence(trx, { after, limit })
  const findings: NoteFinding[] = []
  for (const evidence of notes) {
    const noteId = evidence.head.id
    const problems = new Set(await problemsOf(trx, evidence))
    findings.push(...[...problems].map(problem => ({ noteId, problem })))
  }
  return { checked: notes.length, findings, last: notes.length < limit ? undefined : notes.at(-1)?.head.id }
}

async function problemsOf(trx: PracticeTransaction, evidence: NoteEvidence): Promise<Problems> {
  const { head, addenda, addendumReviews, corrections, lock } = evidence
  const problems: Problems = statusHolds(evidence) ? [] : ['status-altered']
  for (let revision = 1; revision <= head.revision; revision++) {
    problems.push(...(await revisionProblems(trx, evidence, revision)))
  }
  for (const row of addenda) if (!(await addendumHolds(trx, row))) problems.push('addendum-altered')
  for (const row of addendumReviews)
    if (!(await reviewHolds(trx, addenda, row))) problems.push('addendum-altered')
  if (lock && !(await lockHolds(trx, lock))) problems.push('lock-altered')
  for (const row of corrections) if (!(await correctionHolds(trx, row))) problems.push('correction-altered')
  return problems
}

async function revisionProblems(
  trx: PracticeTransaction,
  { head, contents, signatures }: NoteEvidence,
  revision: number,
): Promise<Problems> {
  const own = signatures.filter(row => row.revision === revision)
  const problems: Problems = own.some(row => row.role === 'author') ? [] : ['signature-missing']
  const row = contents.find(candidate => candidate.revision === revision)
  if (!row) return [...problems, 'content-missing']
  const content = await opened(() => openContent(trx, row))
  if (!content) return [...problems, 'content-altered']
  const hash = contentHash(content)
  for (const signature of own) {
    if (signature.content_hash.toString('hex') !== hash) problems.push('content-altered')
    if (!(await signatureHolds(trx, signature))) problems.push('signature-altered')
  }
  const isCurrent = revision === head.revision && !isUnsigned(head.status)
  if (isCurrent && !headHolds(head, content)) problems.push('header-altered')
  return problems
}

async function signatureHolds(trx: PracticeTransaction, row: SignatureRow): Promise<boolean> {
  const seal = await sealOf(trx, {
    signature: {
      noteId: row.note_id,
      revision: row.revision,
      role: row.role === 'author' ? 'author' : 'cosigner',
      signerId: row.signer_id,
      credentials: row.credentials,
      signedAt: row.signed_at,
      contentHash: row.content_hash.toString('hex'),
    },
  })
  return equalBytes(seal, row.seal)
}

/** The head is what lists show; it must say what was signed. */
function headHolds(head: NoteEvidence['head'], content: SignedContent): boolean {
  const { noteId, chartId, authorId, appointmentId, template, sessionDate, startedAt, endedAt, timeZone } =
    content
  const { revision, lateEntry } = content
  const facts = { chartId, authorId, appointmentId, template, sessionDate, startedAt, endedAt, timeZone }
  const signed = { id: noteId, ...facts, revision, lateEntry, partKinds: kindsOf(documentOf(content).parts) }
  const {
    status: _status,
    signedAt: _signedAt,
    version: _version,
    createdAt: _c,
    updatedAt: _u,
    ...shown
  } = toSummary(head)
  return canonicalJson(shown) === canonicalJson(signed)
}

/** Each state but plainly signed is reached by an act that left a row. */
function statusHolds({ head, signatures, corrections, lock }: NoteEvidence): boolean {
  const acts = corrections.filter(row => row.revision === head.revision).map(row => row.kind)
  const isCosigned = signatures.some(row => row.revision === head.revision && row.role === 'cosigner')
  if (acts.includes('entered_in_error')) return head.status === 'entered_in_error'
  if (acts.includes('returned')) return isUnsigned(head.status)
  if (lock) return head.status === 'locked' && lock.revision === head.revision
  if (isCosigned) return head.status === 'cosigned'
  return head.status === 'signed' || head.status === 'pending_cosign'
}

async function lockHolds(trx: PracticeTransaction, row: LockRow): Promise<boolean> {
  const { note_id: noteId, revision, locked_by: lockedBy, locked_at: lockedAt } = row
  return equalBytes(await sealOf(trx, { lock: { noteId, revision, lockedBy, lockedAt } }), row.seal)
}

async function addendumHolds(trx: PracticeTransaction, row: AddendumRow): Promise<boolean> {
  const content = await opened(() => openAddendum(trx, row))
  if (!content) return false
  const hash = contentHash(content)
  const seal = await sealOf(trx, {
    addendum: {
      addendumId: row.id,
      noteId: row.note_id,
      authorId: row.author_id,
      credentials: row.credentials,
      signedAt: row.signed_at,
      contentHash: row.content_hash.toString('hex'),
    },
  })
  return hash === row.content_hash.toString('hex') && equalBytes(seal, row.seal)
}

/** A decision is about an addendum as it was signed. */
async function reviewHolds(
  trx: PracticeTransaction,
  addenda: readonly AddendumRow[],
  row: NoteEvidence['addendumReviews'][number],
): Promise<boolean> {
  const about = addenda.find(({ id }) => id === row.addendum_id)
  const { document } = row
  const remarks = document && (await opened(() => trx.open(places.addendumReview(row.addendum_id), document)))
  const seal = await sealOf(trx, {
    addendumReview: {
      addendumId: row.addendum_id,
      noteId: row.note_id,
      decision: row.decision === 'cosigned' ? 'cosigned' : 'returned',
      reviewerId: row.reviewer_id,
      credentials: row.credentials,
      decidedAt: row.decided_at,
      contentHash: row.content_hash.toString('hex'),
    },
  })
  return (
    about !== undefined &&
    equalBytes(about.content_hash, row.content_hash) &&
    remarks !== undefined &&
    equalBytes(seal, row.seal)
  )
}

async function correctionHolds(trx: PracticeTransaction, row: CorrectionRow): Promise<boolean> {
  const text = await opened(() => trx.open(places.correction(row.id), row.document))
  const seal = await sealOf(trx, {
    correction: {
      correctionId: row.id,
      noteId: row.note_id,
      revision: row.revision,
      kind: row.kind === 'returned' ? 'returned' : 'entered_in_error',
      staffId: row.staff_id,
      occurredAt: row.occurred_at,
    },
  })
  return text !== undefined && equalBytes(seal, row.seal)
}

/** Undefined when the text was altered; a key that is gone or out of reach is no finding and throws. */
async function opened<T>(open: () => Promise<T>): Promise<T | undefined> {
  try {
    return await open()
  } catch (error) {
    if (error instanceof SealBroken) return undefined
    throw error
  }
}
