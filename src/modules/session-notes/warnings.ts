import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { FieldError } from '../../lib/problems.ts'
import { emdrWarnings } from './emdr/warnings.service.ts'
import { groupWarnings } from './group/ties.ts'
import type { NoteDocument } from './note-document.ts'
import type { OpenNote } from './session-notes.repository.ts'
import { warningsIn } from './session-notes.rules.ts'

/** All that a note is warned about: by itself, and by what its chart knows. */
export async function warningsOf(
  trx: PracticeTransaction,
  { chart, row }: OpenNote,
  document: NoteDocument,
): Promise<FieldError[]> {
  return [
    ...warningsIn(document),
    ...(await emdrWarnings(trx, chart, document.parts, row.session_date)),
    ...(await groupWarnings(trx, chart, document)),
  ]
}
