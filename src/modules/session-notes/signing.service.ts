import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { Problem } from '../../lib/problems.ts'
import { credentialTextOf, getPolicies, needsCosign } from '../practice/index.ts'
import { factsEvent } from './billing/announce.ts'
import { requireGiven } from './blocks.ts'
import { afterSigning, afterWithdrawal } from './consequences.ts'
import { requirePartTies } from './part-ties.ts'
import { tellOfRelease } from './release/release.service.ts'
import { openContent, openDraft, places, sealContent, sealDraft, sealOf } from './sealing.ts'
import * as repository from './session-notes.repository.ts'
import {
  isLateEntry,
  requireComplete,
  requireHappened,
  requireOwnWords,
  requireReasons,
  statusAfterSigning,
} from './session-notes.rules.ts'
import type { SessionNote, SessionNoteSummary } from './session-notes.schemas.ts'
import { openForStep } from './session-notes.service.ts'
import { toNote, toSummary } from './session-notes.view.ts'
import { contentHash, documentOf, type SignedContent } from './signed-content.ts'
import * as signed from './signed-notes.repository.ts'
import type { NoteSigning } from './steps.schemas.ts'
import { warningsOf } from './warnings.ts'

/**
 * Signs a draft as its author: its text moves to where it cannot be changed. A note whose author needs a
 * co-signature waits for it.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`
 */
export async function signNote(
  trx: PracticeTransaction,
  noteId: string,
  version: number,
  { overrides: reasons = [], confirmCarried = false }: NoteSigning = {},
): Promise<SessionNote> {
  const note = await openForStep(trx, noteId, version, 'sign')
  const { row, chart } = note
  if (!row.draft) throw new Problem('stale-version')
  const { format: _format, ...document } = await openDraft(trx, row, row.draft)
  requireComplete(document, chart.kind)
  const overrides = requireReasons(await warningsOf(trx, note, document), reasons)
  requireOwnWords(document, confirmCarried)
  const [cosign, policies, credentials, given] = await Promise.all([
    needsCosign(trx, row.author_id),
    getPolicies(trx),
    credentialTextOf(trx, row.author_id),
    requireGiven(trx, chart, row),
    requirePartTies(trx, chart, document.parts),
  ])
  const signedAt = await repository.takeDraft(trx, note, version)
  const times = { sessionDate: row.session_date, startedAt: row.started_at, endedAt: row.ended_at }
  requireHappened(times, row.time_zone, signedAt)
  const lateEntry = isLateEntry(times, row.time_zone, signedAt, policies.lateEntryAfterHours)
  const changes = {
    status: statusAfterSigning(cosign),
    revision: row.revision + 1,
    signed_at: signedAt,
    late_entry: lateEntry,
    version: version + 1,
    updated_at: signedAt,
  }
  repository.updateHead(trx, note, changes)
  const now = { ...note, row: { ...row, ...changes, draft: null } }
  const content = { ...headOf(now.row), ...document, overrides, format: 2 } as const
  const sealed = await sealContent(trx, content)
  await Promise.all([
    signed.insertContent(trx, note, { revision: content.revision, document: sealed }),
    addSignature(trx, note, content, { role: 'author', signerId: row.author_id, signedAt, credentials }),
  ])
  await afterSigning(trx, { chart, note: now.row, content, given })
  trx.audit({ fields: ['signature'] })
  emit(trx, {
    type: 'session-note.signed',
    resourceId: noteId,
    resourceVersion: changes.version,
    chartId: row.chart_id,
  })
  if (!cosign) emit(trx, factsEvent('recorded', { id: noteId, chartId: row.chart_id }))
  return toNote(trx, now)
}

/** The head as it stands, for what the author signs. */
function headOf(row: repository.NoteWithDraft) {
  const { id, chartId, authorId, appointmentId, template, sessionDate, startedAt, endedAt, timeZone } =
    toSummary(row)
  return {
    noteId: id,
    revision: row.revision,
    chartId,
    authorId,
    appointmentId,
    ...(row.block_ids.length > 0 ? { intensiveBlockIds: row.block_ids } : {}),
    template,
    sessionDate,
    startedAt,
    endedAt,
    timeZone,
    lateEntry: row.late_entry,
  }
}

async function addSignature(
  trx: PracticeTransaction,
  note: repository.OpenNote,
  content: SignedContent,
  by: { role: 'author' | 'cosigner'; signerId: string; signedAt: Date; credentials: string },
): Promise<void> {
  const { noteId, revision } = content
  const facts = { noteId, revision, ...by, contentHash: contentHash(content) }
  await signed.insertSignature(trx, note, {
    revision,
    role: by.role,
    signer_id: by.signerId,
    credentials: by.credentials,
    signed_at: by.signedAt,
    content_hash: Buffer.from(facts.contentHash, 'hex'),
    seal: await sealOf(trx, { signature: facts }),
  })
}

/**
 * Co-signs what the author signed, as the author's supervisor.
 *
 * @throws Problem `not-found`, also for a supervisor of somebody else; `stale-version`, `invalid-state`
 */
export async function cosignNote(
  trx: PracticeTransaction,
  noteId: string,
  version: number,
): Promise<SessionNote> {
  const note = await openForStep(trx, noteId, version, 'cosign')
  const content = await signedContentOf(trx, note)
  const signedAt = await repository.moveOn(trx, note, version, 'cosigned')
  const signerId = actingStaff(trx)
  const credentials = await credentialTextOf(trx, signerId)
  const row = { ...note.row, status: 'cosigned' as const, version: version + 1, updated_at: signedAt }
  await Promise.all([
    addSignature(trx, note, content, { role: 'cosigner', signerId, signedAt, credentials }),
    tellOfRelease(trx, row),
  ])
  trx.audit({ fields: ['cosignature'] })
  const { chart_id: chartId } = note.row
  emit(trx, { type: 'session-note.cosigned', resourceId: noteId, resourceVersion: version + 1, chartId })
  emit(trx, factsEvent('recorded', { id: noteId, chartId }))
  return toNote(trx, { ...note, row })
}

/**
 * Returns a note to its author with remarks. What was signed is kept; the author goes on with a draft of it.
 *
 * @throws Problem `not-found`, also for a supervisor of somebody else; `stale-version`, `invalid-state`
 */
export async function returnNote(
  trx: PracticeTransaction,
  noteId: string,
  version: number,
  remarks: string,
): Promise<SessionNoteSummary> {
  const note = await openForStep(trx, noteId, version, 'return')
  const { overrides: _overrides, ...document } = documentOf(await signedContentOf(trx, note))
  const returnedAt = await repository.moveOn(trx, note, version, 'draft')
  const draft = await sealDraft(trx, noteId, version + 1, { format: 2, ...document })
  repository.insertDraft(trx, noteId, version + 1, draft)
  await addCorrection(trx, note, 'returned', remarks, returnedAt)
  await afterWithdrawal(trx, note)
  trx.audit({ fields: ['return'] })
  const { chart_id: chartId } = note.row
  emit(trx, { type: 'session-note.returned', resourceId: noteId, resourceVersion: version + 1, chartId })
  return toSummary({ ...note.row, status: 'draft', version: version + 1, updated_at: returnedAt })
}

/** @throws Error when the content a note points to is missing, SealBroken when it was altered */
async function signedContentOf(trx: PracticeTransaction, note: repository.OpenNote): Promise<SignedContent> {
  const row = await signed.findContent(trx, note, note.row.revision)
  if (!row) throw new Error('A signed note has no content')
  return openContent(trx, row)
}

/** Adds a return or the mark "entered in error" to what is kept of the note. */
export async function addCorrection(
  trx: PracticeTransaction,
  note: repository.OpenNote,
  kind: 'returned' | 'entered_in_error',
  text: string,
  occurredAt: Date,
): Promise<void> {
  const correctionId = uuidv7()
  const { id: noteId, revision } = note.row
  const staffId = actingStaff(trx)
  await signed.insertCorrection(trx, note, {
    id: correctionId,
    revision,
    kind,
    staff_id: staffId,
    document: await trx.seal(places.correction(correctionId), text),
    occurred_at: occurredAt,
    seal: await sealOf(trx, { correction: { correctionId, noteId, revision, kind, staffId, occurredAt } }),
  })
}

/** Only people sign; the routes' permissions are never given to an integration. */
export function actingStaff(trx: PracticeTransaction): string {
  const { staffId } = trx.scope.actor
  if (!staffId) throw new Error('Only a member of staff can do this')
  return staffId
}
