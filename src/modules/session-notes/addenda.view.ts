import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { isSupervisorOf } from '../practice/index.ts'
import type { ReviewedAddendum } from './addenda.repository.ts'
import { addendumStatus, mayReadAddendum } from './addenda.rules.ts'
import { openAddendum, places } from './sealing.ts'
import type { AddendumContent } from './signed-content.ts'
import type { NoteAddendum } from './steps.schemas.ts'

/** Those of a note's addenda that this actor may read, in their order. */
export async function shownAddenda(
  trx: PracticeTransaction,
  rows: readonly ReviewedAddendum[],
): Promise<NoteAddendum[]> {
  const shown = await Promise.all(rows.map(row => shownAddendum(trx, row)))
  return shown.flatMap(addendum => addendum ?? [])
}

async function shownAddendum(
  trx: PracticeTransaction,
  row: ReviewedAddendum,
): Promise<NoteAddendum | undefined> {
  const content = await openAddendum(trx, row)
  const status = addendumStatus(content, row.decision)
  const isTheirs = status === 'returned' && (await isOfTheirs(trx, row.author_id))
  if (!mayReadAddendum(trx.scope.actor, status, isTheirs)) return undefined
  return addendumOf(content, row, await reviewOf(trx, row))
}

const isOfTheirs = async (trx: PracticeTransaction, authorId: string) =>
  trx.scope.actor.staffId === authorId || isSupervisorOf(trx, authorId)

/** One addendum as the API shows it, from what was signed and who signed it. */
export function addendumOf(
  content: AddendumContent,
  row: Pick<ReviewedAddendum, 'credentials' | 'signed_at' | 'content_hash' | 'decision'>,
  review: NoteAddendum['review'],
): NoteAddendum {
  const { addendumId, authorId, reason, text } = content
  return {
    id: addendumId,
    authorId,
    reason,
    text,
    status: addendumStatus(content, row.decision),
    credentials: row.credentials,
    signedAt: row.signed_at.toISOString(),
    contentHash: row.content_hash.toString('hex'),
    review,
  }
}

async function reviewOf(trx: PracticeTransaction, row: ReviewedAddendum): Promise<NoteAddendum['review']> {
  const { reviewer_id, reviewer_credentials, decided_at, remarks } = row
  if (reviewer_id === null || reviewer_credentials === null || decided_at === null) return null
  return {
    reviewerId: reviewer_id,
    credentials: reviewer_credentials,
    decidedAt: decided_at.toISOString(),
    remarks: remarks && (await trx.open(places.addendumReview(row.id), remarks)).toString(),
  }
}
