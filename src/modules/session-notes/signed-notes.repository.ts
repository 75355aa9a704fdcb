import type { Insertable, Selectable } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type {
  SessionNoteAddenda,
  SessionNoteContents,
  SessionNoteCorrections,
  SessionNoteLocks,
  SessionNoteSignatures,
} from '../../lib/database/schema.ts'
import type { OpenNote } from './session-notes.repository.ts'

// What was signed. The runtime role may add to these tables and read them, nothing else.

export type ContentRow = Selectable<SessionNoteContents>
export type SignatureRow = Selectable<SessionNoteSignatures>
export type AddendumRow = Selectable<SessionNoteAddenda>
export type CorrectionRow = Selectable<SessionNoteCorrections>
export type LockRow = Selectable<SessionNoteLocks>

type New<Table> = Omit<Insertable<Table>, 'practice_id' | 'note_id'>

const ofNote = (trx: PracticeTransaction, { row }: OpenNote) => ({
  practice_id: trx.practiceId,
  note_id: row.id,
})

export async function insertContent(
  trx: PracticeTransaction,
  note: OpenNote,
  values: New<SessionNoteContents>,
): Promise<void> {
  await trx
    .insertInto('session_note_contents')
    .values({ ...values, ...ofNote(trx, note) })
    .execute()
}

export async function insertSignature(
  trx: PracticeTransaction,
  note: OpenNote,
  values: New<SessionNoteSignatures>,
): Promise<void> {
  await trx
    .insertInto('session_note_signatures')
    .values({ ...values, ...ofNote(trx, note) })
    .execute()
}

export async function insertAddendum(
  trx: PracticeTransaction,
  note: OpenNote,
  values: New<SessionNoteAddenda>,
): Promise<void> {
  await trx
    .insertInto('session_note_addenda')
    .values({ ...values, ...ofNote(trx, note) })
    .execute()
}

export async function insertCorrection(
  trx: PracticeTransaction,
  note: OpenNote,
  values: New<SessionNoteCorrections>,
): Promise<void> {
  await trx
    .insertInto('session_note_corrections')
    .values({ ...values, ...ofNote(trx, note) })
    .execute()
}

export async function insertLock(
  trx: PracticeTransaction,
  note: OpenNote,
  values: New<SessionNoteLocks>,
): Promise<void> {
  await trx
    .insertInto('session_note_locks')
    .values({ ...values, ...ofNote(trx, note) })
    .execute()
}

export function findContent(
  trx: PracticeTransaction,
  { row }: OpenNote,
  revision: number,
): Promise<ContentRow | undefined> {
  return trx
    .selectFrom('session_note_contents')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('note_id', '=', row.id)
    .where('revision', '=', revision)
    .executeTakeFirst()
}

/** Signatures on one revision: the author's first. */
export function listSignatures(
  trx: PracticeTransaction,
  { row }: OpenNote,
  revision: number,
): Promise<SignatureRow[]> {
  return trx
    .selectFrom('session_note_signatures')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('note_id', '=', row.id)
    .where('revision', '=', revision)
    .orderBy('role')
    .execute()
}

/** Returns and the mark "entered in error", oldest first. */
export function listCorrections(trx: PracticeTransaction, { row }: OpenNote): Promise<CorrectionRow[]> {
  return trx
    .selectFrom('session_note_corrections')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('note_id', '=', row.id)
    .orderBy('id')
    .execute()
}

/** That the note was locked, and by whom. */
export function findLock(trx: PracticeTransaction, { row }: OpenNote): Promise<LockRow | undefined> {
  return trx
    .selectFrom('session_note_locks')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('note_id', '=', row.id)
    .executeTakeFirst()
}
