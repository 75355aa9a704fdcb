import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { Locations } from '../../lib/database/schema.ts'
import { updateAtVersion } from '../../lib/versions.ts'
import type { LocationQuery } from './locations.schemas.ts'

export type LocationRow = Selectable<Locations>

export function findLocation(trx: PracticeTransaction, id: string): Promise<LocationRow | undefined> {
  return trx
    .selectFrom('locations')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** Whether the practice has a location for each of these ids, which differ. */
export async function areLocations(trx: PracticeTransaction, ids: readonly string[]): Promise<boolean> {
  const { rows } = await sql<{ found: number }>`select count(*)::int as found from locations
    where practice_id = ${trx.practiceId} and id = any(${ids}::uuid[])`.execute(trx)
  return rows[0]?.found === new Set(ids).size
}

/** One row more than asked for, ordered by id (creation). */
export function listLocations(
  trx: PracticeTransaction,
  { limit, status, after }: { limit: number; status: LocationQuery['status']; after: string | undefined },
): Promise<LocationRow[]> {
  let query = trx.selectFrom('locations').selectAll().where('practice_id', '=', trx.practiceId)
  if (status) query = query.where('status', '=', status)
  if (after) query = query.where('id', '>', after)
  return query
    .orderBy('id')
    .limit(limit + 1)
    .execute()
}

export function insertLocation(
  trx: PracticeTransaction,
  values: Omit<Insertable<Locations>, 'practice_id'>,
): Promise<LocationRow> {
  return trx
    .insertInto('locations')
    .values({ ...values, practice_id: trx.practiceId })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Changes the row if it still has this version. */
export const updateLocation = (
  trx: PracticeTransaction,
  id: string,
  version: number,
  changes: Updateable<Locations>,
) => updateAtVersion(trx, 'locations', { id, version }, changes)
