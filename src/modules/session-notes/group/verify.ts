import { sql } from 'kysely'
import { canonicalJson } from '../../../lib/canonical-json.ts'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { SealBroken } from '../../../lib/sealing/errors.ts'
import { equalBytes } from '../sealing.ts'
import { contentHash } from '../signed-content.ts'
import type { NoteFinding, Verified } from '../verify.ts'
import { sealedDocument, sealOfSignature } from './sealed-places.ts'
import type { SessionRow, SignatureRow } from './sessions.repository.ts'
import { type GroupSessionContent, statusAfterSigning } from './sessions.rules.ts'
import { toSummary } from './sessions.view.ts'

interface Evidence {
  head: SessionRow
  document: Buffer | undefined
  signatures: SignatureRow[]
  present: number
  isMarked: boolean
}

/**
 * Checks the next records of group sessions by id, as `verifyNotes` does notes: what was signed against every signature,
 * its seal, the head and the attendance.
 */
export async function verifyGroupSessions(
  trx: PracticeTransaction,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<Verified> {
  const records = await listEvidence(trx, after, limit)
  const findings: NoteFinding[] = []
  for (const evidence of records) {
    const problems = new Set(await problemsOf(trx, evidence))
    findings.push(...[...problems].map(problem => ({ noteId: evidence.head.id, problem })))
  }
  const last = records.length < limit ? undefined : records.at(-1)?.head.id
  return { checked: records.length, findings, last }
}

async function problemsOf(trx: PracticeTransaction, evidence: Evidence): Promise<NoteFinding['problem'][]> {
  const { head, document, signatures, present } = evidence
  if (!document) return ['content-missing']
  const content = await opened(trx, head, document)
  if (!content) return ['content-altered']
  const problems: NoteFinding['problem'][] = []
  if (!signatures.some(({ role }) => role === 'author')) problems.push('signature-missing')
  for (const signature of signatures) {
    if (signature.content_hash.toString('hex') !== contentHash(content)) problems.push('content-altered')
    if (!(await signatureHolds(trx, signature))) problems.push('signature-altered')
  }
  if (!headHolds(head, content) || present !== content.headCount) problems.push('header-altered')
  if (!statusHolds(evidence, content)) problems.push('status-altered')
  return problems
}

async function signatureHolds(trx: PracticeTransaction, row: SignatureRow): Promise<boolean> {
  const seal = await sealOfSignature(trx, {
    groupSessionId: row.group_session_id,
    revision: row.revision,
    role: row.role === 'author' ? 'author' : 'facilitator',
    signerId: row.signer_id,
    credentials: row.credentials,
    signedAt: row.signed_at,
    contentHash: row.content_hash.toString('hex'),
  })
  return equalBytes(seal, row.seal)
}

/** The head is what lists show; it must say what was signed. */
function headHolds(head: SessionRow, content: GroupSessionContent): boolean {
  const {
    format: _format,
    groupSessionId,
    facilitatorIds: _ids,
    record: _record,
    carried: _carried,
    groupMeetingId: _meeting,
    overrides: _o,
    ...signed
  } = content
  const {
    status: _s,
    signedAt: _a,
    version: _v,
    createdAt: _c,
    updatedAt: _u,
    groupMeetingId: _tie,
    id,
    ...shown
  } = toSummary(head)
  return id === groupSessionId && canonicalJson(shown) === canonicalJson(signed)
}

function statusHolds(
  { head, signatures, isMarked }: Evidence,
  { facilitatorIds }: GroupSessionContent,
): boolean {
  if (isMarked) return head.status === 'entered_in_error'
  const signerIds = signatures.map(({ signer_id }) => signer_id)
  return head.status === statusAfterSigning(facilitatorIds, signerIds)
}

/** Undefined when the text was altered; a key that is gone or out of reach is no finding and throws. */
async function opened(
  trx: PracticeTransaction,
  { id, revision }: SessionRow,
  document: Buffer,
): Promise<GroupSessionContent | undefined> {
  try {
    const text = await trx.open(sealedDocument(id, revision), document)
    return JSON.parse(text.toString()) as GroupSessionContent
  } catch (error) {
    if (error instanceof SealBroken) return undefined
    throw error
  }
}

/** The next records that were ever signed, by id. For the practice's own check; no person reads through here. */
async function listEvidence(
  trx: PracticeTransaction,
  after: string | undefined,
  limit: number,
): Promise<Evidence[]> {
  let query = trx
    .selectFrom('group_sessions')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('status', '<>', 'draft')
  if (after) query = query.where('id', '>', after)
  const heads = await query.orderBy('id').limit(limit).execute()
  const ids = heads.map(({ id }) => id)
  const isTheirs = sql<boolean>`practice_id = ${trx.practiceId} and group_session_id = any(${ids}::uuid[])`
  const [contents, signatures, attendance, errors] = await Promise.all([
    trx.selectFrom('group_session_contents').selectAll().where(isTheirs).execute(),
    trx.selectFrom('group_session_signatures').selectAll().where(isTheirs).execute(),
    trx.selectFrom('group_session_attendance').selectAll().where(isTheirs).execute(),
    trx.selectFrom('group_session_errors').select('group_session_id').where(isTheirs).execute(),
  ])
  return heads.map(head => {
    const own = <Row extends { group_session_id: string }>(rows: Row[]) =>
      rows.filter(row => row.group_session_id === head.id)
    const current = <Row extends { group_session_id: string; revision: number }>(rows: Row[]) =>
      own(rows).filter(row => row.revision === head.revision)
    return {
      head: { ...head, meeting_id: null, status: head.status as SessionRow['status'] },
      document: current(contents)[0]?.document_sealed,
      signatures: own(signatures),
      present: current(attendance).filter(({ presence }) => presence !== 'absent').length,
      isMarked: own(errors).length > 0,
    }
  })
}
