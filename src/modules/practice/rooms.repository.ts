import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { Rooms } from '../../lib/database/schema.ts'
import type { RoomQuery } from './rooms.schemas.ts'

export type RoomRow = Selectable<Rooms>

export function findRoom(
  trx: PracticeTransaction,
  locationId: string,
  id: string,
): Promise<RoomRow | undefined> {
  return trx
    .selectFrom('rooms')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('location_id', '=', locationId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** One row more than asked for, ordered by id (creation). */
export function listRooms(
  trx: PracticeTransaction,
  locationId: string,
  { limit, status, after }: { limit: number; status: RoomQuery['status']; after: string | undefined },
): Promise<RoomRow[]> {
  let query = trx
    .selectFrom('rooms')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('location_id', '=', locationId)
  if (status) query = query.where('status', '=', status)
  if (after) query = query.where('id', '>', after)
  return query
    .orderBy('id')
    .limit(limit + 1)
    .execute()
}

export function insertRoom(
  trx: PracticeTransaction,
  values: Omit<Insertable<Rooms>, 'practice_id'>,
): Promise<RoomRow> {
  return trx
    .insertInto('rooms')
    .values({ ...values, practice_id: trx.practiceId })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Changes the row if it still has this version. */
export function updateRoom(
  trx: PracticeTransaction,
  locationId: string,
  id: string,
  version: number,
  changes: Updateable<Rooms>,
): Promise<RoomRow | undefined> {
  return trx
    .updateTable('rooms')
    .set({ ...changes, version: version + 1, updated_at: sql<Date>`now()` })
    .where('practice_id', '=', trx.practiceId)
    .where('location_id', '=', locationId)
    .where('id', '=', id)
    .where('version', '=', version)
    .returningAll()
    .executeTakeFirst()
}
