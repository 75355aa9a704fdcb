import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { invalidField, notFound, Problem } from '../../lib/problems.ts'
import { atVersion } from '../../lib/versions.ts'
import { openChart } from '../charts/index.ts'
import { today } from '../practice/index.ts'
import { openNote } from './notes.door.ts'
import * as repository from './notes.repository.ts'
import { type NoteStep, requireStep, requireText } from './notes.rules.ts'
import type {
  NewPsychotherapyNote,
  NotesQuery,
  PsychotherapyNote,
  PsychotherapyNoteAddendumReceipt,
  PsychotherapyNoteChange,
  PsychotherapyNoteRevision,
  PsychotherapyNoteSummary,
} from './notes.schemas.ts'
import { openText, places, sealText } from './sealing.ts'

// No answer but a read holds a text: stored answers of POSTs are sealed with the practice's common key.

/**
 * Starts a note as its author's draft.
 *
 * @throws Problem `not-found`, `invalid-state` in a closed chart, `invalid-request` for a day that is yet to come
 */
export async function startNote(
  trx: PracticeTransaction,
  chartId: string,
  { kind, conversationOn, text = '' }: NewPsychotherapyNote,
): Promise<PsychotherapyNoteSummary> {
  const { id: userId, staffId } = trx.scope.actor
  if (!staffId) throw notFound()
  const id = uuidv7()
  trx.audit({ resourceType: 'psychotherapy-note', resourceId: id })
  await openChart(trx, chartId, {
    dataClass: 'psychotherapy',
    permission: 'psychotherapy:write',
    write: true,
  })
  await requirePast(trx, conversationOn)
  const row = await repository.insertNote(trx, {
    id,
    chart_id: chartId,
    author_id: staffId,
    author_user_id: userId,
    kind,
    conversation_on: conversationOn,
  })
  repository.insertDraft(trx, row, row.version, await sealText(trx, places.draft(id, row.version), text))
  trx.passDoor({ door: 'psychotherapy-note', id, need: 'read' })
  return toSummary(row)
}

async function requirePast(trx: PracticeTransaction, day: string): Promise<void> {
  if (day > (await today(trx))) {
    throw invalidField('/conversationOn', 'range', 'Must not be after today in the practice’s zone.')
  }
}

/**
 * Saves what changed in a draft. Made to be called every few seconds: it writes one small row, plus the head when the
 * day changed.
 *
 * @throws Problem `not-found`, `stale-version` when another device saved meanwhile, `invalid-state` once it is completed
 */
export async function saveNote(
  trx: PracticeTransaction,
  noteId: string,
  version: number,
  { conversationOn, text }: PsychotherapyNoteChange,
): Promise<PsychotherapyNoteSummary> {
  const { row, draft } = await openDraft(trx, noteId, version, 'save')
  trx.audit({ fields: ['draft'] })
  if (conversationOn !== undefined) await requirePast(trx, conversationOn)
  const kept = text ?? (await openText(trx, places.draft(noteId, version), draft))
  const sealed = await sealText(trx, places.draft(noteId, version + 1), kept)
  const savedAt = await repository.saveDraft(trx, row, version, sealed)
  const moved = conversationOn === undefined ? {} : { conversation_on: conversationOn }
  if (conversationOn !== undefined) repository.updateHead(trx, row, moved)
  return toSummary({ ...row, ...moved, version: version + 1, updated_at: savedAt })
}

/**
 * Completes a draft: its text is kept as a revision that nothing changes any more.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state` also while it has no text
 */
export async function completeNote(
  trx: PracticeTransaction,
  noteId: string,
  version: number,
): Promise<PsychotherapyNoteSummary> {
  const { row, draft } = await openDraft(trx, noteId, version, 'complete')
  const text = await openText(trx, places.draft(noteId, version), draft)
  requireText(text)
  const completedAt = await repository.takeDraft(trx, row, version)
  const revision = row.revision + 1
  const changes = {
    status: 'completed',
    revision,
    completed_at: completedAt,
    version: version + 1,
  } as const
  repository.updateHead(trx, row, changes)
  const sealed = await sealText(trx, places.text(noteId, revision), text)
  repository.insertText(trx, row, { revision, completedAt, sealed })
  trx.audit({ fields: ['status'] })
  return toSummary({ ...row, ...changes, updated_at: completedAt })
}

/**
 * Makes a completed note its author's draft again. The completed text is kept as a revision.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`
 */
export async function reopenNote(
  trx: PracticeTransaction,
  noteId: string,
  version: number,
): Promise<PsychotherapyNoteSummary> {
  const row = await openForStep(trx, noteId, version, 'reopen')
  const text = await completedText(trx, row)
  const reopenedAt = await repository.moveOn(trx, row, version, 'draft')
  const sealed = await sealText(trx, places.draft(noteId, version + 1), text)
  repository.insertDraft(trx, row, version + 1, sealed)
  trx.audit({ fields: ['status'] })
  return toSummary({ ...row, status: 'draft', version: version + 1, updated_at: reopenedAt })
}

/**
 * Adds to a completed note. Addenda do not stand in each other's way, so there is no version to give.
 *
 * @throws Problem `not-found`, `invalid-state`
 */
export async function addAddendum(
  trx: PracticeTransaction,
  noteId: string,
  text: string,
): Promise<PsychotherapyNoteAddendumReceipt> {
  const row = await openNote(trx, noteId, 'write')
  requireStep(row.status, 'amend')
  const addedAt = await repository.touch(trx, row)
  if (!addedAt) throw new Problem('conflict')
  const id = await addText(trx, row, 'addendum', text, addedAt)
  trx.audit({ fields: ['addenda'] })
  return { id, addedAt: addedAt.toISOString() }
}

/**
 * Marks a completed note as one that should not have been written. Its text stays.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`
 */
export async function markAsError(
  trx: PracticeTransaction,
  noteId: string,
  version: number,
  reason: string,
): Promise<PsychotherapyNoteSummary> {
  const row = await openForStep(trx, noteId, version, 'markAsError')
  const markedAt = await repository.moveOn(trx, row, version, 'entered_in_error')
  await addText(trx, row, 'entered_in_error', reason, markedAt)
  trx.audit({ fields: ['enteredInError'] })
  return toSummary({ ...row, status: 'entered_in_error', version: version + 1, updated_at: markedAt })
}

async function addText(
  trx: PracticeTransaction,
  row: repository.NoteRow,
  addition: 'addendum' | 'entered_in_error',
  text: string,
  addedAt: Date,
): Promise<string> {
  const id = uuidv7()
  const sealed = await sealText(trx, places.addition(id), text)
  repository.insertAddition(trx, row, { id, addition, text_sealed: sealed, added_at: addedAt })
  return id
}

/** @throws Problem `not-found`, `stale-version`, `invalid-state` */
async function openForStep(trx: PracticeTransaction, noteId: string, version: number, step: NoteStep) {
  const row = atVersion(await openNote(trx, noteId, 'write'), version)
  requireStep(row.status, step)
  return row
}

async function openDraft(trx: PracticeTransaction, noteId: string, version: number, step: NoteStep) {
  const row = await openForStep(trx, noteId, version, step)
  if (!row.draft) throw new Problem('stale-version')
  return { row, draft: row.draft }
}

/** @throws Problem `not-found` */
export async function getNote(trx: PracticeTransaction, noteId: string): Promise<PsychotherapyNote> {
  const row = await openNote(trx, noteId, 'read')
  const [text, additions] = await Promise.all([
    row.draft ? openText(trx, places.draft(noteId, row.version), row.draft) : completedText(trx, row),
    row.revision === 0 ? [] : repository.listAdditions(trx, noteId),
  ])
  const opened = await Promise.all(
    additions.map(async ({ id, addition, added_at, text_sealed }) => ({
      id,
      addition,
      addedAt: added_at.toISOString(),
      text: await openText(trx, places.addition(id), text_sealed),
    })),
  )
  const mark = opened.find(({ addition }) => addition === 'entered_in_error')
  return {
    ...toSummary(row),
    text,
    addenda: opened
      .filter(({ addition }) => addition === 'addendum')
      .map(({ id, addedAt, text }) => ({ id, addedAt, text })),
    enteredInError: mark ? { markedAt: mark.addedAt, reason: mark.text } : null,
  }
}

async function completedText(
  trx: PracticeTransaction,
  { id, revision }: repository.NoteRow,
): Promise<string> {
  const found = await repository.findText(trx, id, revision)
  if (!found) throw new Error('A completed note has no text')
  return openText(trx, places.text(id, revision), found.text_sealed)
}

/**
 * A text as it was completed.
 *
 * @throws Problem `not-found`
 */
export async function getRevision(
  trx: PracticeTransaction,
  noteId: string,
  revision: number,
): Promise<PsychotherapyNoteRevision> {
  await openNote(trx, noteId, 'read')
  const found = await repository.findText(trx, noteId, revision)
  if (!found) throw notFound()
  return {
    psychotherapyNoteId: noteId,
    revision,
    completedAt: found.completed_at.toISOString(),
    text: await openText(trx, places.text(noteId, revision), found.text_sealed),
  }
}

/** Notes this actor may read, the newest first. */
export async function listNotes(
  trx: PracticeTransaction,
  { cursor, limit = limits.page.default, chartId, kind, status }: NotesQuery,
): Promise<Page<PsychotherapyNoteSummary>> {
  trx.audit({ resourceType: 'psychotherapy-note' })
  const filter = { chartId, kind, status }
  const after = trx.cursorKey(filter, cursor)?.[0] as string | undefined
  const rows = await repository.listNotes(trx, filter, { limit, after })
  trx.audit({ chartIds: rows.slice(0, limit).map(row => row.chart_id) })
  return toPage(rows, limit, toSummary, row => trx.cursorAfter(filter, [row.id]))
}

function toSummary(row: Omit<repository.NoteRow, 'author_on_team' | 'granted'>): PsychotherapyNoteSummary {
  return {
    id: row.id,
    chartId: row.chart_id,
    authorId: row.author_id,
    kind: row.kind,
    conversationOn: row.conversation_on,
    status: row.status,
    revision: row.revision,
    completedAt: row.completed_at?.toISOString() ?? null,
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}
