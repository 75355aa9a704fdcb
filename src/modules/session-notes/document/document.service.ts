import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { Problem } from '../../../lib/problems.ts'
import { namesOf } from '../../charts/index.ts'
import { findPractice } from '../../practice/index.ts'
import type { OpenNote } from '../session-notes.repository.ts'
import { isUnsigned } from '../session-notes.rules.ts'
import { openNote } from '../session-notes.service.ts'
import { toNote } from '../session-notes.view.ts'
import { drawNote } from './document.ts'

/**
 * A signed note as a PDF.
 *
 * @throws Problem `not-found`; `invalid-state` for a draft
 */
export async function printNote(trx: PracticeTransaction, noteId: string) {
  const note = await openNote(trx, noteId, 'notes:read')
  if (isUnsigned(note.row.status)) {
    throw new Problem('invalid-state', { detail: 'A draft is not printed: it is not signed.' })
  }
  return printOpenNote(trx, note)
}

/** The same of a signed note whose door was passed. */
export async function printOpenNote(
  trx: PracticeTransaction,
  note: OpenNote,
  show: typeof toNote = toNote,
): Promise<{ version: number; bytes: Uint8Array }> {
  const [shown, clients, practice] = await Promise.all([
    show(trx, note),
    namesOf(trx, note.chart),
    findPractice(trx),
  ])
  const bytes = await drawNote({ practiceName: practice?.name ?? '', clients, note: shown })
  return { version: note.row.version, bytes }
}
