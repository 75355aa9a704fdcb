import { type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { SessionNoteAddendumReviews } from '../../lib/database/schema.ts'
import type { NoteRow } from './session-notes.repository.ts'
import type { NoteStatus } from './session-notes.rules.ts'
import type {
  AddendumRow,
  ContentRow,
  CorrectionRow,
  LockRow,
  SignatureRow,
} from './signed-notes.repository.ts'

/** Everything that stands for one note's signatures. */
export interface NoteEvidence {
  head: NoteRow
  contents: ContentRow[]
  signatures: SignatureRow[]
  addenda: AddendumRow[]
  addendumReviews: Selectable<SessionNoteAddendumReviews>[]
  corrections: CorrectionRow[]
  lock: LockRow | undefined
}

/** The next notes that were ever signed, by id. For the practice's own check; no person reads through here. */
export async function listEvidence(
  trx: PracticeTransaction,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<NoteEvidence[]> {
  const heads = await listHeads(trx, after, limit)
  const isTheirs = sql<boolean>`practice_id = ${trx.practiceId} and note_id = any(${heads.map(({ id }) => id)}::uuid[])`
  const [contents, signatures, addenda, addendumReviews, corrections, locks] = await Promise.all([
    trx.selectFrom('session_note_contents').selectAll().where(isTheirs).execute(),
    trx.selectFrom('session_note_signatures').selectAll().where(isTheirs).execute(),
    trx.selectFrom('session_note_addenda').selectAll().where(isTheirs).execute(),
    trx.selectFrom('session_note_addendum_reviews').selectAll().where(isTheirs).execute(),
    trx.selectFrom('session_note_corrections').selectAll().where(isTheirs).execute(),
    trx.selectFrom('session_note_locks').selectAll().where(isTheirs).execute(),
  ])
  return heads.map(head => {
    const own = <Row extends { note_id: string }>(rows: Row[]) => rows.filter(row => row.note_id === head.id)
    return {
      head,
      contents: own(contents),
      signatures: own(signatures),
      addenda: own(addenda),
      addendumReviews: own(addendumReviews),
      corrections: own(corrections),
      lock: own(locks)[0],
    }
  })
}

async function listHeads(trx: PracticeTransaction, after: string | undefined, limit: number) {
  let query = trx
    .selectFrom('session_notes')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('revision', '>', 0)
  if (after) query = query.where('id', '>', after)
  const rows = await query.orderBy('id').limit(limit).execute()
  return rows.map(row => ({ ...row, status: row.status as NoteStatus }))
}
