import { type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { ClientStatusChanges } from '../../lib/database/schema.ts'
import { emit } from '../../lib/events.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { invalidField } from '../../lib/problems.ts'
import { changedOrRefused } from '../../lib/versions.ts'
import { today } from '../practice/index.ts'
import { openClient, openClientFully } from './clients.door.ts'
import { showClient } from './clients.projection.ts'
import { findClient, insertStatusChange, updateClient } from './clients.repository.ts'
import { type ClientStatus, checkStatusChange } from './clients.rules.ts'
import type { Client } from './clients.schemas.ts'
import type {
  ClientStatusChange,
  NewClientStatusChange,
  StatusChangeQuery,
} from './status-changes.schemas.ts'

/**
 * Discharge, re-admission and every other step of a client's status.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state` for a step or a reason that is not possible
 *   from here, `invalid-request` for a day in the future
 */
export async function changeStatus(
  trx: PracticeTransaction,
  clientId: string,
  version: number,
  input: NewClientStatusChange,
): Promise<Client> {
  const client = await openClient(trx, clientId, { write: true })
  trx.audit({ fields: ['status'] })
  const from = client.status as ClientStatus
  const { to, reason, effectiveOn } = input
  if (effectiveOn && effectiveOn > (await today(trx))) {
    throw invalidField('/effectiveOn', 'in-the-future', 'A status change is recorded once it holds.')
  }
  if (client.version === version) checkStatusChange(from, to, reason)
  const changed = await updateClient(trx, clientId, version, {
    status: to,
    status_changed_at: sql<Date>`now()`,
  })
  const row = await changedOrRefused(changed, () => findClient(trx, clientId))
  insertStatusChange(trx, { clientId, from, to, reason, ...(effectiveOn ? { effectiveOn } : {}) })
  emit(trx, { type: 'client.status-changed', resourceId: clientId, resourceVersion: row.version })
  return showClient({ ...client, ...row }, false)
}

/** @throws Problem `not-found` */
export async function listStatusChanges(
  trx: PracticeTransaction,
  clientId: string,
  { cursor, limit = limits.page.default }: StatusChangeQuery,
): Promise<Page<ClientStatusChange>> {
  await openClientFully(trx, clientId)
  const after = trx.cursorKey(clientId, cursor)?.[0] as string | undefined
  let query = trx
    .selectFrom('client_status_changes')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('client_id', '=', clientId)
  if (after) query = query.where('id', '>', after)
  const rows = await query
    .orderBy('id')
    .limit(limit + 1)
    .execute()
  return toPage(rows, limit, toStatusChange, row => trx.cursorAfter(clientId, [row.id]))
}

const toStatusChange = (row: Selectable<ClientStatusChanges>): ClientStatusChange => ({
  id: row.id,
  clientId: row.client_id,
  from: row.from_status as ClientStatus | null,
  to: row.to_status as ClientStatus,
  reason: row.reason,
  effectiveOn: row.effective_on,
  recordedById: row.recorded_by,
  createdAt: row.created_at.toISOString(),
})
