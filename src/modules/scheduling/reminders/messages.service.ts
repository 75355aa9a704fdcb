import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { limits } from '../../../lib/limits.ts'
import { type Page, toPage } from '../../../lib/pages.ts'
import * as repository from './messages.repository.ts'
import type { ClientMessage, ClientMessageQuery } from './messages.schemas.ts'
import { type Content, openContent } from './sealed-content.ts'

/** Newest first. @throws Problem `invalid-cursor` */
export async function listMessages(
  trx: PracticeTransaction,
  { cursor, limit = limits.page.default, ...filter }: ClientMessageQuery,
): Promise<Page<ClientMessage>> {
  trx.audit({ resourceType: 'client-message', ...(filter.clientId && { clientIds: [filter.clientId] }) })
  const key = trx.cursorKey(filter, cursor)?.[0]
  const after = key === undefined ? undefined : String(key)
  const rows = await repository.listMessages(trx, filter, { limit, after })
  const shown = rows.slice(0, limit)
  trx.audit({ clientIds: shown.map(row => row.client_id) })
  const contents = new Map<string, Content | null>()
  for (const row of shown) contents.set(row.id, await openContent(trx, row))
  return toPage(
    rows,
    limit,
    row => toMessage(row, contents.get(row.id) ?? null),
    row => trx.cursorAfter(filter, [row.id]),
  )
}

const toMessage = (row: repository.WholeMessage, content: Content | null): ClientMessage => ({
  id: row.id,
  clientId: row.client_id,
  kind: row.kind as ClientMessage['kind'],
  status: row.status as ClientMessage['status'],
  channel: row.channel as ClientMessage['channel'],
  to: content?.to ?? null,
  text: content?.text ?? null,
  items: row.items.map(({ what, kind, startsAt }) => ({ what, kind, startsAt: startsAt.toISOString() })),
  sentAt: row.sent_at?.toISOString() ?? null,
  createdAt: row.created_at.toISOString(),
})
