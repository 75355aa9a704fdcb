import type { Insertable } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { SessionNoteAddendumReviews } from '../../lib/database/schema.ts'
import type { OpenNote } from './session-notes.repository.ts'
import type { AddendumRow } from './signed-notes.repository.ts'

/** An addendum with what a supervisor decided about it; nulls while nobody did. */
export interface ReviewedAddendum extends AddendumRow {
  decision: string | null
  reviewer_id: string | null
  reviewer_credentials: string | null
  decided_at: Date | null
  remarks: Buffer | null
  /** A client's request to amend resulted in it. */
  amends: boolean
}

const addenda = (trx: PracticeTransaction, { row }: OpenNote) =>
  trx
    .selectFrom('session_note_addenda as a')
    .leftJoin('session_note_addendum_reviews as r', join =>
      join.onRef('r.practice_id', '=', 'a.practice_id').onRef('r.addendum_id', '=', 'a.id'),
    )
    .selectAll('a')
    .select(['r.decision', 'r.reviewer_id', 'r.decided_at'])
    .select(['r.credentials as reviewer_credentials', 'r.document as remarks'])
    .select(({ exists, selectFrom }) =>
      exists(
        selectFrom('note_amendment_requests as q')
          .select('q.id')
          .where('q.practice_id', '=', trx.practiceId)
          .whereRef('q.note_id', '=', 'a.note_id')
          .whereRef('q.addendum_id', '=', 'a.id'),
      )
        .$castTo<boolean>()
        .as('amends'),
    )
    .where('a.practice_id', '=', trx.practiceId)
    .where('a.note_id', '=', row.id)

/** Oldest first. */
export const listAddenda = (trx: PracticeTransaction, note: OpenNote): Promise<ReviewedAddendum[]> =>
  addenda(trx, note).orderBy('a.id').execute()

export const findAddendum = (
  trx: PracticeTransaction,
  note: OpenNote,
  id: string,
): Promise<ReviewedAddendum | undefined> => addenda(trx, note).where('a.id', '=', id).executeTakeFirst()

/** Puts an addendum on the list of those that wait for a co-signature. */
export function addWaiting(
  trx: PracticeTransaction,
  { row }: OpenNote,
  { addendumId, authorId }: { addendumId: string; authorId: string },
): void {
  trx.later(
    trx.insertInto('session_note_addenda_waiting').values({
      practice_id: trx.practiceId,
      addendum_id: addendumId,
      author_id: authorId,
      note_id: row.id,
    }),
  )
}

/** Takes it off that list. Of two who decide at once the second finds nothing: false. */
export async function takeWaiting(trx: PracticeTransaction, id: string): Promise<boolean> {
  const taken = await trx
    .deleteFrom('session_note_addenda_waiting')
    .where('practice_id', '=', trx.practiceId)
    .where('addendum_id', '=', id)
    .returning('addendum_id')
    .executeTakeFirst()
  return taken !== undefined
}

export async function insertReview(
  trx: PracticeTransaction,
  { row }: OpenNote,
  values: Omit<Insertable<SessionNoteAddendumReviews>, 'practice_id' | 'note_id'>,
): Promise<void> {
  await trx
    .insertInto('session_note_addendum_reviews')
    .values({ ...values, practice_id: trx.practiceId, note_id: row.id })
    .execute()
}
