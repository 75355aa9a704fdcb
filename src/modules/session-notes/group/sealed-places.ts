import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { canonicalText } from '../signed-content.ts'

/** Where the sealed texts of group sessions stand. A text sealed for one place cannot be opened from another. */
export const sealedDocument = (groupSessionId: string, revision: number) => ({
  table: 'group_session_contents',
  column: 'document_sealed',
  rowId: groupSessionId,
  rowVersion: revision,
})

export const sealedReason = (groupSessionId: string) => ({
  table: 'group_session_errors',
  column: 'reason_sealed',
  rowId: groupSessionId,
  rowVersion: 1,
})

/** What one signature says. */
export type GroupSigned = {
  groupSessionId: string
  revision: number
  role: 'author' | 'facilitator'
  signerId: string
  credentials: string
  signedAt: Date
  /** In hex. */
  contentHash: string
}

/** A keyed hash over the plain columns of a signature: without the practice's keys nobody makes or changes one. */
export async function sealOfSignature(trx: PracticeTransaction, signature: GroupSigned): Promise<Buffer> {
  return (await trx.sealer()).blindIndex('group_sessions.acts', canonicalText({ signature }))
}
