import { sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { displayName } from './charts.repository.ts'
import type { OpenChart } from './door.ts'

/** What the present members of a chart are called, in the chart's order. */
export async function namesOf(
  trx: PracticeTransaction,
  { clientIds }: OpenChart,
): Promise<{ clientId: string; name: string }[]> {
  const rows = await trx
    .selectFrom('clients as k')
    .select(['k.id', displayName.as('name')])
    .where('k.practice_id', '=', trx.practiceId)
    .where('k.id', '=', sql<string>`any(${clientIds}::uuid[])`)
    .execute()
  const nameOf = new Map(rows.map(({ id, name }) => [id, name]))
  return clientIds.map(clientId => ({ clientId, name: nameOf.get(clientId) ?? '' }))
}
