import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { Problem } from '../../lib/problems.ts'
import { credentialTextOf, findStaff, getPolicies } from '../practice/index.ts'
import { templateOf } from './note-templates.ts'
import { openContent, openDraft, places, sealContent, sealDraft, sealOf } from './sealing.ts'
import * as repository from './session-notes.repository.ts'
import { isLateEntry, requireBegun, requireComplete, statusAfterSigning } from './session-notes.rules.ts'
import type { SessionNote, SessionNoteSummary } from './session-notes.schemas.ts'
import { openForStep } from './session-notes.service.ts'
import { toNote, toSummary } from './session-notes.view.ts'
import { contentHash, type SignedContent } from './signed-content.ts'
import * as signed from './signed-notes.repository.ts'

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
): Promise<SessionNote> {
  const note = await openForStep(trx, noteId, version, 'sign')
  const { row } = note
  if (!row.draft) throw new Problem('stale-version')
  const { sections } = await openDraft(trx, noteId, version, row.draft)
  requireComplete(templateOf(row.template_key, row.template_version), sections)
  const [author, policies] = await Promise.all([findStaff(trx, row.author_id), getPolicies(trx)])
  const signedAt = await repository.takeDraft(trx, note, version)
  if (!signedAt) throw new Problem('stale-version')
  const times = { sessionDate: row.session_date, startedAt: row.started_at, endedAt: row.ended_at }
  requireBegun(times, row.time_zone, signedAt)
  const lateEntry = isLateEntry(times, row.time_zone, signedAt, policies.lateEntryAfterHours)
  const changes = {
    status: statusAfterSigning(author?.cosign_required ?? false),
    revision: row.revision + 1,
    signed_at: signedAt,
    late_entry: lateEntry,
    version: version + 1,
    updated_at: signedAt,
  }
  repository.updateHead(trx, note, changes)
  const now = { ...note, row: { ...row, ...changes, draft: null } }
  const content = contentOf(now.row, sections)
  await signed.insertContent(trx, note, {
    revision: content.revision,
    document: await sealContent(trx, content),
  })
  await addSignature(trx, note, content, { role: 'author', signerId: row.author_id, signedAt })
  trx.audit({ fields: ['signature'] })
  emit(trx, {
    type: 'session-note.signed',
    resourceId: noteId,
    resourceVersion: changes.version,
    chartId: row.chart_id,
  })
  return toNote(trx, now)
}

/** What the author signs: the head as it stands and the text. */
function contentOf(row: repository.NoteRow, sections: Record<string, string>): SignedContent {
  const { id, chartId, authorId, appointmentId, template, sessionDate, startedAt, endedAt, timeZone } =
    toSummary(row)
  return {
    format: 1,
    noteId: id,
    revision: row.revision,
    chartId,
    authorId,
    appointmentId,
    template,
    sessionDate,
    startedAt,
    endedAt,
    timeZone,
    lateEntry: row.late_entry,
    sections,
  }
}

async function addSignature(
  trx: PracticeTransaction,
  note: repository.OpenNote,
  content: SignedContent,
  by: { role: 'author' | 'cosigner'; signerId: string; signedAt: Date },
): Promise<void> {
  const { noteId, revision } = content
  const credentials = await credentialTextOf(trx, by.signerId)
  const facts = { noteId, revision, ...by, credentials, contentHash: contentHash(content) }
  await signed.insertSignature(trx, note, {
    revision,
    role: by.role,
    signer_id: by.signerId,
    credentials,
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
  if (!signedAt) throw new Problem('stale-version')
  await addSignature(trx, note, content, { role: 'cosigner', signerId: actingStaff(trx), signedAt })
  trx.audit({ fields: ['cosignature'] })
  const { chart_id: chartId } = note.row
  emit(trx, { type: 'session-note.cosigned', resourceId: noteId, resourceVersion: version + 1, chartId })
  const row = { ...note.row, status: 'cosigned' as const, version: version + 1, updated_at: signedAt }
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
  const { sections } = await signedContentOf(trx, note)
  const returnedAt = await repository.moveOn(trx, note, version, 'draft')
  if (!returnedAt) throw new Problem('stale-version')
  const draft = await sealDraft(trx, noteId, version + 1, { format: 1, sections })
  repository.insertDraft(trx, noteId, version + 1, draft)
  await addCorrection(trx, note, 'returned', remarks, returnedAt)
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
