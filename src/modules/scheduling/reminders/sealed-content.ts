import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { MessageRow } from './messages.repository.ts'

/** Where a message went and what it said. */
export interface Content {
  to: string
  /** Of mail; a text message has none. */
  subject: string
  text: string
}

const placeOf = (rowId: string) => ({
  table: 'client_messages',
  column: 'content_sealed',
  rowId,
  rowVersion: 1,
})

export const sealContent = (trx: PracticeTransaction, id: string, content: Content): Promise<Buffer> =>
  trx.seal(placeOf(id), JSON.stringify(content))

/** Null of a message that was not sent. */
export async function openContent(
  trx: PracticeTransaction,
  { id, content_sealed }: Pick<MessageRow, 'id' | 'content_sealed'>,
): Promise<Content | null> {
  return content_sealed && JSON.parse((await trx.open(placeOf(id), content_sealed)).toString())
}
