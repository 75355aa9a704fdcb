import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { FieldError } from '../../lib/problems.ts'
import { emdrWarnings } from './emdr/warnings.service.ts'
import { groupWarnings } from './group/ties.ts'
import type { NoteDocument } from './note-document.ts'
import { factsMissingIn } from './session-facts.rules.ts'
import type { OpenNote } from './session-notes.repository.ts'
import { warningsIn } from './session-notes.rules.ts'
import { diagnosisWarnings } from './ties.ts'

/** All that a note is warned about: by itself, and by what its chart knows. */
export async function warningsOf(
  trx: PracticeTransaction,
  { chart, row }: OpenNote,
  document: NoteDocument,
): Promise<FieldError[]> {
  const found = await Promise.all([
    warningsIn(document),
    factsMissingIn(document, { startedAt: row.started_at, endedAt: row.ended_at }, chart.kind),
    diagnosisWarnings(trx, document.header, row.session_date),
    emdrWarnings(trx, chart, document.parts, row.session_date),
    groupWarnings(trx, chart, document),
  ])
  return found.flat()
}
