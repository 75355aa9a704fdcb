import { timingSafeEqual } from 'node:crypto'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { type DraftContent, type DraftContentV1, presentDraft } from './note-document.ts'
import { type AddendumContent, canonicalText, type SignedContent } from './signed-content.ts'

/** Where each text of a note belongs. Moved to another note, revision or version, it does not open. */
export const places = {
  draft: (noteId: string, version: number) => place('session_note_drafts', noteId, version),
  content: (noteId: string, revision: number) => place('session_note_contents', noteId, revision),
  addendum: (addendumId: string) => place('session_note_addenda', addendumId, 1),
  template: (templateId: string, version: number) => ({
    ...place('note_template_versions', templateId, version),
    column: 'definition_sealed',
  }),
  snippets: (staffId: string, version: number) => ({
    ...place('note_snippets', staffId, version),
    column: 'document_sealed',
  }),
  addendumReview: (addendumId: string) => place('session_note_addendum_reviews', addendumId, 1),
  correction: (correctionId: string) => place('session_note_corrections', correctionId, 1),
}

const place = (table: string, rowId: string, rowVersion: number) => ({
  table,
  column: 'document',
  rowId,
  rowVersion,
})

export const sealDraft = (trx: PracticeTransaction, noteId: string, version: number, content: DraftContent) =>
  trx.seal(places.draft(noteId, version), JSON.stringify(content))

/** The draft of a note in the present format, whichever it was saved in. */
export async function openDraft(
  trx: PracticeTransaction,
  row: { id: string; version: number; template_key: string; template_version: number },
  sealed: Buffer,
): Promise<DraftContent> {
  const opened = (await trx.open(places.draft(row.id, row.version), sealed)).toString()
  return presentDraft(JSON.parse(opened) as DraftContent | DraftContentV1, row)
}

export const sealContent = (trx: PracticeTransaction, content: SignedContent) =>
  trx.seal(places.content(content.noteId, content.revision), canonicalText(content))

/** @throws SealBroken when it was altered behind the service's back */
export async function openContent(
  trx: PracticeTransaction,
  row: { note_id: string; revision: number; document: Buffer },
): Promise<SignedContent> {
  const opened = await trx.open(places.content(row.note_id, row.revision), row.document)
  return JSON.parse(opened.toString()) as SignedContent
}

export const sealAddendum = (trx: PracticeTransaction, content: AddendumContent) =>
  trx.seal(places.addendum(content.addendumId), canonicalText(content))

export async function openAddendum(
  trx: PracticeTransaction,
  row: { id: string; document: Buffer },
): Promise<AddendumContent> {
  return JSON.parse((await trx.open(places.addendum(row.id), row.document)).toString()) as AddendumContent
}

/** What one signature says. */
export type Signed = {
  noteId: string
  revision: number
  role: 'author' | 'cosigner'
  signerId: string
  credentials: string
  signedAt: Date
  /** In hex. */
  contentHash: string
}

/** What one addendum's signature says. */
export type AddendumSigned = {
  addendumId: string
  noteId: string
  authorId: string
  credentials: string
  signedAt: Date
  /** In hex. */
  contentHash: string
}

/** What a supervisor's decision about an addendum says besides its remarks. */
export type AddendumReviewed = {
  addendumId: string
  noteId: string
  decision: 'cosigned' | 'returned'
  reviewerId: string
  credentials: string
  decidedAt: Date
  /** Of the addendum, in hex. */
  contentHash: string
}

/** What a return or the mark "entered in error" says besides its text. */
export type Corrected = {
  correctionId: string
  noteId: string
  revision: number
  kind: 'returned' | 'entered_in_error'
  staffId: string
  occurredAt: Date
}

/** What a lock says. Nobody's act when the practice's policy locked it. */
export type Locked = {
  noteId: string
  revision: number
  lockedBy: string | null
  lockedAt: Date
}

/**
 * A keyed hash over the plain columns of a row that stands for somebody's act. Who writes to the database
 * without the practice's keys can neither make one nor change signer, time, credentials or hash unnoticed.
 */
export async function sealOf(
  trx: PracticeTransaction,
  act:
    | { signature: Signed }
    | { addendum: AddendumSigned }
    | { addendumReview: AddendumReviewed }
    | { correction: Corrected }
    | { lock: Locked },
): Promise<Buffer> {
  return (await trx.sealer()).blindIndex('session_notes.acts', canonicalText(act))
}

export const equalBytes = (a: Buffer, b: Buffer) => a.length === b.length && timingSafeEqual(a, b)
