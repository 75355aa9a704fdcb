import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'

const place = (changeId: string) => ({
  table: 'alert_changes',
  column: 'comment_sealed',
  rowId: changeId,
  rowVersion: 1,
})

/** The columns of a step that somebody may have said something about. */
export async function sealedComment(
  trx: PracticeTransaction,
  comment: string | null | undefined,
): Promise<{ id: string; comment_sealed: Buffer | null }> {
  const id = uuidv7()
  return { id, comment_sealed: comment ? await trx.seal(place(id), comment) : null }
}

export async function openedComment(
  trx: PracticeTransaction,
  { id, comment_sealed }: { id: string; comment_sealed: Buffer | null },
): Promise<string | null> {
  return comment_sealed ? (await trx.open(place(id), comment_sealed)).toString() : null
}
