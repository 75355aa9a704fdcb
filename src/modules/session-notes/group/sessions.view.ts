import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { sealedDocument, sealedReason } from './sealed-places.ts'
import * as repository from './sessions.repository.ts'
import type { GroupSessionContent } from './sessions.rules.ts'
import type { GroupSession, GroupSessionSummary } from './sessions.schemas.ts'

/** A group session's head as the API shows it. */
export function toSummary(row: repository.SessionRow): GroupSessionSummary {
  return {
    id: row.id,
    chartId: row.chart_id,
    authorId: row.author_id,
    groupMeetingId: row.meeting_id,
    sessionDate: row.session_date,
    startedAt: row.started_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
    timeZone: row.time_zone,
    headCount: row.head_count,
    status: row.status,
    revision: row.revision,
    signedAt: row.signed_at?.toISOString() ?? null,
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}

/** @throws SealBroken when it was altered behind the service's back */
export async function openContent(
  trx: PracticeTransaction,
  session: repository.OpenSession,
): Promise<GroupSessionContent> {
  const sealed = await repository.findContent(trx, session)
  const { id, revision } = session.row
  return JSON.parse((await trx.open(sealedDocument(id, revision), sealed)).toString()) as GroupSessionContent
}

/** The whole record, its texts opened. */
export async function toSession(
  trx: PracticeTransaction,
  session: repository.OpenSession,
): Promise<GroupSession> {
  const { row } = session
  const [content, attendance, signatures, error] = await Promise.all([
    openContent(trx, session),
    repository.listAttendance(trx, session),
    row.status === 'draft' ? [] : repository.listSignatures(trx, session),
    row.status === 'entered_in_error' ? repository.findError(trx, session) : undefined,
  ])
  return {
    ...toSummary(row),
    ...said(content),
    attendance: attendance.map(toAttendance),
    signatures: signatures.map(toSignature),
    enteredInError: error ? await toMark(trx, error) : null,
  }
}

export const said = ({ facilitatorIds, record, carried = [], overrides }: GroupSessionContent) => ({
  facilitatorIds,
  record,
  carried,
  overrides,
})

export const toAttendance = (row: repository.AttendanceRow): GroupSession['attendance'][number] => ({
  memberId: row.member_id,
  presence: row.presence,
  minutes: row.minutes,
  noteId: row.note_id,
})

export const toSignature = (row: repository.SignatureRow): GroupSession['signatures'][number] => ({
  role: row.role as 'author' | 'facilitator',
  signerId: row.signer_id,
  credentials: row.credentials,
  signedAt: row.signed_at.toISOString(),
  contentHash: row.content_hash.toString('hex'),
})

async function toMark(trx: PracticeTransaction, row: repository.ErrorRow) {
  const reason = await trx.open(sealedReason(row.group_session_id), row.reason_sealed)
  return { staffId: row.staff_id, markedAt: row.marked_at.toISOString(), reason: reason.toString() }
}
