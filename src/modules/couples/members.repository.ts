import { sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { type CoupleRow, clientIdsOf } from './couples.repository.ts'
import type { CoupleMember } from './couples.schemas.ts'

/**
 * The two partners of each of these couples, by name only: whoever may see a couple need not be allowed to
 * see either partner's own record.
 */
export async function membersOf(
  trx: PracticeTransaction,
  rows: readonly CoupleRow[],
): Promise<(row: CoupleRow) => CoupleMember[]> {
  if (rows.length === 0) return () => []
  const relatedIds = rows.filter(row => !row.second_client_id).map(row => row.related_person_id)
  const [clients, related] = await Promise.all([
    clientNames(trx, rows.flatMap(clientIdsOf)),
    relatedNames(
      trx,
      relatedIds.filter(id => id !== null),
    ),
  ])
  return row => [
    { clientId: row.first_client_id, displayName: clients.get(row.first_client_id) ?? '' },
    row.second_client_id
      ? { clientId: row.second_client_id, displayName: clients.get(row.second_client_id) ?? '' }
      : { clientId: null, displayName: related.get(row.related_person_id ?? '') ?? '' },
  ]
}

async function clientNames(
  trx: PracticeTransaction,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await trx
    .selectFrom('clients')
    .select('id')
    .select(
      sql<string>`coalesce(preferred_name, legal_given_name) || ' ' || legal_family_name`.as('display_name'),
    )
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .execute()
  return new Map(rows.map(row => [row.id, row.display_name]))
}

async function relatedNames(
  trx: PracticeTransaction,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await trx
    .selectFrom('related_people')
    .select('id')
    .select(sql<string>`concat_ws(' ', given_name, family_name)`.as('display_name'))
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .execute()
  return new Map(rows.map(row => [row.id, row.display_name]))
}
