import { sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { notFound, Problem } from '../../lib/problems.ts'
import { reaches } from '../charts/access-policy.ts'
import { isClientWithin, requireReach } from '../charts/index.ts'
import { findClient, type WholeClientRow } from './clients.repository.ts'

/** A client somebody may see; `limited` when name, birth date and insurance are all of it. */
export interface OpenClient extends WholeClientRow {
  limited: boolean
}

/**
 * The one door to a client's record. Puts the client into the request's audit row, and a replay passes it
 * again.
 *
 * @param options.write to change something: billing staff and emergency access never do
 * @throws Problem `not-found` for a client who does not exist or may not be seen; `invalid-state` when a
 *   merged record is to be written
 */
export async function openClient(
  trx: PracticeTransaction,
  clientId: string,
  { write = false }: { write?: boolean } = {},
): Promise<OpenClient> {
  trx.audit({ resourceType: 'client', resourceId: clientId })
  const need = write ? ({ write, permission: 'clients:write' } as const) : {}
  // Sent together, so that the record costs no round trip of its own; a refusal comes first.
  const [{ limited }, row] = await Promise.all([requireReach(trx, clientId, need), findClient(trx, clientId)])
  if (!row) throw notFound()
  if (write && row.status === 'merged') {
    throw new Problem('invalid-state', {
      detail: 'This record was merged into another; `mergedIntoId` says where changes belong.',
    })
  }
  return { ...row, limited }
}

/** As `openClient`, for what billing staff may not see of a client. @throws Problem `not-found` */
export async function openClientFully(trx: PracticeTransaction, clientId: string): Promise<OpenClient> {
  const client = await openClient(trx, clientId)
  if (client.limited) throw notFound()
  return client
}

/** True where this actor sees some clients by name, birth date and insurance only. */
function mayBeLimited({ scope }: PracticeTransaction): boolean {
  if (scope.actor.kind !== 'user') return false
  const reach = reaches(scope.actor.roles, 'administrative')
  return reach.has('limited') && !reach.has('all')
}

/** Those of these visible clients of whom no more than name, birth date and insurance may be shown. */
export async function limitedAmong(
  trx: PracticeTransaction,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (!mayBeLimited(trx) || ids.length === 0) return new Set()
  const full = await trx
    .selectFrom('clients')
    .select('id')
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .where(isClientWithin(trx, 'id', { fully: true }))
    .execute()
  const shown = new Set(full.map(row => row.id))
  return new Set(ids.filter(id => !shown.has(id)))
}

/** Whether this actor may be told that there is this client. */
export async function maySee(trx: PracticeTransaction, clientId: string): Promise<boolean> {
  const row = await trx
    .selectFrom('clients')
    .select('id')
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', clientId)
    .where(isClientWithin(trx, 'id'))
    .executeTakeFirst()
  return row !== undefined
}
