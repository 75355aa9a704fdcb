import { type Insertable, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { ClientMerges } from '../../lib/database/schema.ts'
import { recorder } from '../../lib/recorder.ts'

export type MergeRow = Selectable<ClientMerges>

export function findMerge(trx: PracticeTransaction, id: string): Promise<MergeRow | undefined> {
  return trx
    .selectFrom('client_merges')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** Those in which this client is either side. */
export function listMerges(trx: PracticeTransaction, clientId: string): Promise<MergeRow[]> {
  return trx
    .selectFrom('client_merges')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where(({ or, eb }) => or([eb('survivor_id', '=', clientId), eb('merged_id', '=', clientId)]))
    .orderBy('id', 'desc')
    .limit(200)
    .execute()
}

export function insertMerge(
  trx: PracticeTransaction,
  values: Omit<Insertable<ClientMerges>, 'practice_id'>,
): Promise<MergeRow> {
  return trx
    .insertInto('client_merges')
    .values({ ...values, practice_id: trx.practiceId })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Marks a merge as undone, once. */
export function markUndone(trx: PracticeTransaction, id: string): Promise<MergeRow | undefined> {
  return trx
    .updateTable('client_merges')
    .set({ undone_at: sql<Date>`now()`, undone_by: recorder(trx), version: sql<number>`version + 1` })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .where('undone_at', 'is', null)
    .returningAll()
    .executeTakeFirst()
}

/** Who was merged into this client, directly or through others, by merges that still hold. */
export async function mergedThrough(trx: PracticeTransaction, clientId: string): Promise<string[]> {
  const { rows } = await sql<{ merged_id: string }>`
    with recursive through as (
      select m.merged_id from client_merges m
      where m.practice_id = ${trx.practiceId} and m.survivor_id = ${clientId} and m.undone_at is null
      union
      select m.merged_id from through t
      join client_merges m on m.practice_id = ${trx.practiceId} and m.survivor_id = t.merged_id and m.undone_at is null
    )
    select merged_id from through`.execute(trx)
  return rows.map(row => row.merged_id)
}

/** Points former records at another survivor, so that one step always leads to the record that goes on. */
export async function pointAt(
  trx: PracticeTransaction,
  clientIds: readonly string[],
  survivorId: string,
): Promise<void> {
  if (clientIds.length === 0) return
  await trx
    .updateTable('clients')
    .set({ merged_into_id: survivorId, version: sql<number>`version + 1`, updated_at: sql<Date>`now()` })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', sql<string>`any(${clientIds}::uuid[])`)
    .execute()
}

/**
 * A merge and its undoing each raised these clients' versions by one and changed nothing else: earlier merges
 * that could be undone before can be undone again.
 */
export async function forgiveRaisedVersions(
  trx: PracticeTransaction,
  { survivorIds, mergedIds }: { survivorIds: readonly string[]; mergedIds: readonly string[] },
): Promise<void> {
  const earlier = (column: 'survivor_id' | 'merged_id', ids: readonly string[]) =>
    trx
      .updateTable('client_merges')
      .where('practice_id', '=', trx.practiceId)
      .where('undone_at', 'is', null)
      .where(column, '=', sql<string>`any(${ids}::uuid[])`)
  await earlier('survivor_id', survivorIds)
    .set({ survivor_version: sql<number>`survivor_version + 2` })
    .execute()
  await earlier('merged_id', mergedIds).set({ merged_version: sql<number>`merged_version + 2` }).execute()
}
