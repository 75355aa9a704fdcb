import { type Insertable, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { NotePartnerReleases } from '../../../lib/database/schema.ts'
import type { OpenNote } from '../session-notes.repository.ts'

export type PartnerReleaseRow = Selectable<NotePartnerReleases>

/** Oldest first. */
export function listPartnerReleases(
  trx: PracticeTransaction,
  { row }: OpenNote,
): Promise<PartnerReleaseRow[]> {
  return trx
    .selectFrom('note_partner_releases')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('note_id', '=', row.id)
    .orderBy('id')
    .execute()
}

/** Releases a note to one partner. The database lets one release to them hold. */
export async function insertPartnerRelease(
  trx: PracticeTransaction,
  { row }: OpenNote,
  values: Omit<Insertable<NotePartnerReleases>, 'practice_id' | 'note_id'>,
): Promise<void> {
  await trx
    .insertInto('note_partner_releases')
    .values({ ...values, practice_id: trx.practiceId, note_id: row.id })
    .execute()
}

/** Ends one that holds. False when it was taken back already. */
export async function revokePartnerRelease(
  trx: PracticeTransaction,
  { row }: OpenNote,
  id: string,
  revokedBy: string,
): Promise<boolean> {
  const revoked = await trx
    .updateTable('note_partner_releases')
    .set({ revoked_at: sql<Date>`now()`, revoked_by: revokedBy })
    .where('practice_id', '=', trx.practiceId)
    .where('note_id', '=', row.id)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return revoked !== undefined
}

/** When a couple's note was released to the client whose token this is. Never to who acts in their name. */
export async function releasedToActorAt(trx: PracticeTransaction, noteId: string): Promise<Date | undefined> {
  const { id, representativeId } = trx.scope.actor
  if (representativeId !== null) return undefined
  const row = await trx
    .selectFrom('note_partner_releases')
    .select('released_at')
    .where('practice_id', '=', trx.practiceId)
    .where('note_id', '=', noteId)
    .where('client_id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return row?.released_at
}
