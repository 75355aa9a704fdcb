import { type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { IntensiveBlocks } from '../../../lib/database/schema.ts'

export type BlockRow = Selectable<IntensiveBlocks>

/** By start. */
export function listBlocks(trx: PracticeTransaction, intensiveId: string): Promise<BlockRow[]> {
  return trx
    .selectFrom('intensive_blocks')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('intensive_id', '=', intensiveId)
    .orderBy('starts_at')
    .orderBy('id')
    .execute()
}

/** What a plan says of a block. */
export type PlannedBlock = Pick<
  BlockRow,
  'id' | 'kind' | 'client_ids' | 'clinician_ids' | 'room_id' | 'starts_at' | 'ends_at'
>

const columns = sql`id uuid, kind text, client_ids uuid[], clinician_ids uuid[], room_id uuid, starts_at timestamptz,
  ends_at timestamptz, status text, delivered_minutes integer, undelivered_reason text, share_cents integer`

/** Puts these in the place of all that is planned and not booked. Two statements, however many there are. */
export async function replacePlan(
  trx: PracticeTransaction,
  intensiveId: string,
  blocks: readonly PlannedBlock[],
): Promise<void> {
  await Promise.all([
    trx
      .deleteFrom('intensive_blocks')
      .where('practice_id', '=', trx.practiceId)
      .where('intensive_id', '=', intensiveId)
      .where('status', '=', 'planned')
      .execute(),
    sql`insert into intensive_blocks (practice_id, id, intensive_id, kind, client_ids, clinician_ids, room_id, starts_at, ends_at)
      select ${trx.practiceId}, w.id, ${intensiveId}, w.kind, w.client_ids, w.clinician_ids, w.room_id, w.starts_at, w.ends_at
      from jsonb_to_recordset(${JSON.stringify(blocks)}::jsonb) as w(${columns})`.execute(trx),
  ])
}

/** Writes these blocks as they are given, in one statement. */
export async function updateBlocks(
  trx: PracticeTransaction,
  intensiveId: string,
  blocks: readonly BlockRow[],
): Promise<void> {
  if (blocks.length === 0) return
  await sql`update intensive_blocks b set clinician_ids = w.clinician_ids, room_id = w.room_id, starts_at = w.starts_at,
      ends_at = w.ends_at, status = w.status, delivered_minutes = w.delivered_minutes,
      undelivered_reason = w.undelivered_reason, share_cents = w.share_cents, version = b.version + 1, updated_at = now()
    from jsonb_to_recordset(${JSON.stringify(blocks)}::jsonb) as w(${columns})
    where b.practice_id = ${trx.practiceId} and b.intensive_id = ${intensiveId} and b.id = w.id`.execute(trx)
}

export interface RoomOfBlocks {
  id: string
  status: string
  capacity: number
}

/** Those of these rooms that belong to the location. */
export function findRooms(
  trx: PracticeTransaction,
  locationId: string,
  ids: readonly string[],
): Promise<RoomOfBlocks[]> {
  return trx
    .selectFrom('rooms')
    .select(['id', 'status', 'capacity'])
    .where('practice_id', '=', trx.practiceId)
    .where('location_id', '=', locationId)
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .execute()
}
