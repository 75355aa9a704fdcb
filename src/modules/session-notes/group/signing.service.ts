import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { notFound, Problem } from '../../../lib/problems.ts'
import { changeAtVersion } from '../../../lib/versions.ts'
import { credentialTextOf } from '../../practice/index.ts'
import { requireHappened } from '../session-notes.rules.ts'
import { contentHash } from '../signed-content.ts'
import { actingStaff } from '../signing.service.ts'
import { membersAt, requireMeeting, timesOf, untieRecord } from './meetings.ts'
import { attendeesOf } from './members.rules.ts'
import { sealedReason, sealOfSignature } from './sealed-places.ts'
import { openForStep, type SessionPath } from './sessions.door.ts'
import * as repository from './sessions.repository.ts'
import { statusAfterSigning } from './sessions.rules.ts'
import type { GroupSession } from './sessions.schemas.ts'
import { changedPresences } from './sessions.service.ts'
import { openContent, said, toAttendance, toSession, toSignature, toSummary } from './sessions.view.ts'

/**
 * Signs a record: its author first, then whoever led it with them. Nothing of it changes any more.
 *
 * @throws Problem `not-found`, also for anybody who did not lead it; `stale-version`, `invalid-state`
 */
export async function signSession(
  trx: PracticeTransaction,
  path: SessionPath,
  version: number,
): Promise<GroupSession> {
  const session = await openForStep(trx, path, version, 'sign')
  const { chart, row } = session
  const signerId = actingStaff(trx)
  const [content, attendance, signatures, credentials] = await Promise.all([
    openContent(trx, session),
    repository.listAttendance(trx, session),
    repository.listSignatures(trx, session),
    credentialTextOf(trx, signerId),
  ])
  const signerIds = signatures.map(({ signer_id }) => signer_id)
  if (signerIds.includes(signerId))
    throw new Problem('invalid-state', { detail: 'You have signed this record.' })
  const isAuthor = signerId === row.author_id
  if (isAuthor) await requireAsMeeting(trx, session, attendance)
  if (!isAuthor && !content.facilitatorIds.includes(signerId)) throw notFound()
  const status = statusAfterSigning(content.facilitatorIds, [...signerIds, signerId])
  const next = await changeAtVersion(trx, 'group_sessions', row, {
    status,
    ...(isAuthor ? { signed_at: sql<Date>`now()` } : {}),
  })
  const signedAt = next.updated_at
  const times = { sessionDate: row.session_date, startedAt: row.started_at, endedAt: row.ended_at }
  requireHappened(times, row.time_zone, signedAt)
  const role = isAuthor ? ('author' as const) : ('facilitator' as const)
  const { id: groupSessionId, revision } = row
  const hash = contentHash(content)
  const facts = { groupSessionId, revision, role, signerId, credentials, signedAt, contentHash: hash }
  repository.insertSignature(trx, session, {
    revision,
    signer_id: signerId,
    role,
    credentials,
    signed_at: signedAt,
    content_hash: Buffer.from(hash, 'hex'),
    seal: await sealOfSignature(trx, facts),
  })
  trx.audit({ fields: ['signature'] })
  const type = isAuthor ? 'group-session.signed' : 'group-session.cosigned'
  emit(trx, { type, resourceId: row.id, resourceVersion: next.version, chartId: chart.id })
  const signature = { role, signerId, credentials, signedAt: signedAt.toISOString(), contentHash: hash }
  return {
    ...toSummary({ ...row, ...next, status }),
    ...said(content),
    attendance: attendance.map(toAttendance),
    signatures: [...signatures.map(toSignature), signature],
    enteredInError: null,
  }
}

/**
 * What is signed is what the meeting says by now.
 *
 * @throws Problem `invalid-state` where its attendance was corrected since
 */
async function requireAsMeeting(
  trx: PracticeTransaction,
  { chart, row }: repository.OpenSession,
  recorded: readonly repository.AttendanceRow[],
): Promise<void> {
  if (row.meeting_id === null) return
  const [meeting, memberships] = await Promise.all([
    requireMeeting(trx, chart, row.meeting_id),
    repository.listMemberships(trx, chart),
  ])
  const present = attendeesOf(membersAt(meeting, memberships, []), memberships)
  const isSame = recorded.length === present.length && changedPresences(recorded, present).length === 0
  const times = timesOf(meeting)
  if (isSame && +times.startedAt === +(row.started_at ?? 0) && +times.endedAt === +(row.ended_at ?? 0)) return
  throw new Problem('invalid-state', {
    detail: 'The meeting was corrected since. Correct this record: it takes over what the meeting says.',
  })
}

/**
 * Marks a signed record as one that should not have been written. Its text stays.
 *
 * @throws Problem `not-found`, also for anybody but the author; `stale-version`, `invalid-state`
 */
export async function markAsError(
  trx: PracticeTransaction,
  path: SessionPath,
  version: number,
  reason: string,
): Promise<GroupSession> {
  const session = await openForStep(trx, path, version, 'markAsError')
  const { chart, row } = session
  const staffId = actingStaff(trx)
  if (row.author_id !== staffId) throw notFound()
  const next = await changeAtVersion(trx, 'group_sessions', row, { status: 'entered_in_error' })
  const reason_sealed = await trx.seal(sealedReason(row.id), reason)
  repository.insertError(trx, session, { staff_id: staffId, reason_sealed })
  untieRecord(trx, row.id)
  trx.audit({ fields: ['enteredInError'] })
  emit(trx, {
    type: 'group-session.entered-in-error',
    resourceId: row.id,
    resourceVersion: next.version,
    chartId: chart.id,
  })
  const marked = { ...next, status: 'entered_in_error' as const, meeting_id: null }
  const shown = await toSession(trx, { chart, row: marked })
  return { ...shown, enteredInError: { staffId, markedAt: next.updated_at.toISOString(), reason } }
}
