import { type Selectable, sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { IntensiveBlockChanges, IntensiveChanges } from '../../../lib/database/schema.ts'
import type { BlockRow } from './blocks.repository.ts'
import type { IntensiveChangeKind } from './history.schemas.ts'
import type { IntensiveColumns } from './intensives.repository.ts'
import { sealedChange } from './sealed-places.ts'
import type { NewIntensiveCancellation } from './steps.schemas.ts'

export type ChangeRow = Selectable<IntensiveChanges>
export type BlockChangeRow = Selectable<IntensiveBlockChanges>

/** Why a step was taken, in the caller's words. */
export type Reason = Partial<Pick<NewIntensiveCancellation, 'reasonCode' | 'by' | 'note'>>

/** Adds one step with what holds after it of the blocks that it changed. It leaves with COMMIT. */
export async function recordChange(
  trx: PracticeTransaction,
  kind: IntensiveChangeKind,
  after: IntensiveColumns,
  { reason = {}, blocks = [] }: { reason?: Reason; blocks?: readonly BlockRow[] } = {},
): Promise<void> {
  const id = uuidv7()
  const { actor } = trx.scope
  const note_sealed = reason.note === undefined ? null : await trx.seal(sealedChange(id), reason.note)
  trx.later(
    trx.insertInto('intensive_changes').values({
      practice_id: trx.practiceId,
      id,
      intensive_id: after.id,
      intensive_version: after.version,
      kind,
      status: after.status,
      actor_kind: actor.kind,
      actor_id: actor.id,
      staff_id: actor.staffId,
      reason_code: reason.reasonCode ?? null,
      asked_by: reason.by ?? null,
      note_sealed,
    }),
  )
  if (blocks.length > 0) recordBlocks(trx, id, blocks)
}

function recordBlocks(trx: PracticeTransaction, changeId: string, blocks: readonly BlockRow[]): void {
  const insert = sql`
    insert into intensive_block_changes (practice_id, change_id, block_id, status, clinician_ids, room_id, starts_at, ends_at,
      delivered_minutes)
    select ${trx.practiceId}, ${changeId}, w.id, w.status, w.clinician_ids, w.room_id, w.starts_at, w.ends_at, w.delivered_minutes
    from jsonb_to_recordset(${JSON.stringify(blocks)}::jsonb) as w(id uuid, status text, clinician_ids uuid[], room_id uuid,
      starts_at timestamptz, ends_at timestamptz, delivered_minutes integer)`
  trx.later(insert.compile(trx))
}

/** One row more than asked for, oldest first. */
export function listChanges(
  trx: PracticeTransaction,
  intensiveId: string,
  { limit, after }: { limit: number; after: number },
): Promise<ChangeRow[]> {
  return trx
    .selectFrom('intensive_changes')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('intensive_id', '=', intensiveId)
    .where('intensive_version', '>', after)
    .orderBy('intensive_version')
    .limit(limit + 1)
    .execute()
}

/** By start. */
export function listBlockChanges(
  trx: PracticeTransaction,
  changeIds: readonly string[],
): Promise<BlockChangeRow[]> {
  return trx
    .selectFrom('intensive_block_changes')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('change_id', '=', sql<string>`any(${changeIds}::uuid[])`)
    .orderBy('starts_at')
    .orderBy('block_id')
    .execute()
}
