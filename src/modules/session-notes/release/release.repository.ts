import { type Insertable, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { NoteReleaseHolds, NoteReleases } from '../../../lib/database/schema.ts'
import type { OpenChart } from '../../charts/index.ts'
import type { NotePage, NoteRow, OpenNote } from '../session-notes.repository.ts'
import type { NoteStatus } from '../session-notes.rules.ts'
import { againstRepresentatives, releasable } from './release.rules.ts'

export type ReleaseRow = Selectable<NoteReleases>
export type HoldRow = Selectable<NoteReleaseHolds>

/** The instant that this transaction counts as now. */
export const instant = async (trx: PracticeTransaction): Promise<Date> =>
  (await trx.selectNoFrom(sql<Date>`now()`.as('at')).executeTakeFirstOrThrow()).at

/**
 * Releases a note from an instant on. What somebody released stays as early as it was; what the policy did is done anew
 * when a note that was returned is signed again.
 */
export async function release(
  trx: PracticeTransaction,
  noteId: string,
  { visibleFrom, releasedBy, told }: { visibleFrom: Date; releasedBy: string | null; told: boolean },
): Promise<void> {
  const values = {
    visible_from: visibleFrom,
    released_by: releasedBy,
    ...(told ? { told_at: sql<Date>`now()` } : {}),
  }
  await trx
    .insertInto('note_releases')
    .values({ practice_id: trx.practiceId, note_id: noteId, ...values })
    .onConflict(conflict => {
      const update = conflict
        .constraint('note_releases_pkey')
        .doUpdateSet({ ...values, released_at: sql<Date>`now()` })
      return releasedBy === null
        ? update.where('note_releases.released_by', 'is', null)
        : update.whereRef('note_releases.visible_from', '>', 'excluded.visible_from')
    })
    .execute()
}

/**
 * Writes down that it is told that a note can be read, once that is so and nobody was told yet.
 *
 * @returns false when there is nothing to tell
 */
export async function takeTelling(trx: PracticeTransaction, noteId: string): Promise<boolean> {
  const taken = await trx
    .updateTable('note_releases')
    .set({ told_at: sql<Date>`now()` })
    .where('practice_id', '=', trx.practiceId)
    .where('note_id', '=', noteId)
    .where('told_at', 'is', null)
    .where('visible_from', '<=', sql<Date>`now()`)
    .returning('note_id')
    .executeTakeFirst()
  return taken !== undefined
}

export function findRelease(trx: PracticeTransaction, { row }: OpenNote): Promise<ReleaseRow | undefined> {
  return trx
    .selectFrom('note_releases')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('note_id', '=', row.id)
    .executeTakeFirst()
}

/** Oldest first. */
export function listHolds(trx: PracticeTransaction, { row }: OpenNote): Promise<HoldRow[]> {
  return trx
    .selectFrom('note_release_holds')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('note_id', '=', row.id)
    .orderBy('id')
    .execute()
}

/** Places a hold. The database lets one be in effect; those that expired make room first. */
export async function insertHold(
  trx: PracticeTransaction,
  { row }: OpenNote,
  values: Omit<Insertable<NoteReleaseHolds>, 'practice_id' | 'note_id'>,
): Promise<void> {
  await trx
    .insertInto('note_release_holds')
    .values({ ...values, practice_id: trx.practiceId, note_id: row.id })
    .execute()
}

/** Ends a hold that is in effect. Undefined when there is none with this id, or it ended already. */
export function endHold(
  trx: PracticeTransaction,
  { row }: OpenNote,
  holdId: string,
  endedBy: string,
): Promise<HoldRow | undefined> {
  return trx
    .updateTable('note_release_holds')
    .set({ ended_at: sql<Date>`now()`, ended_by: endedBy })
    .where('practice_id', '=', trx.practiceId)
    .where('note_id', '=', row.id)
    .where('id', '=', holdId)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', sql<Date>`now()`)
    .returningAll()
    .executeTakeFirst()
}

/** Writes down the end of what expired: one hold, or those of one note. */
export function endExpired(
  trx: PracticeTransaction,
  of: { holdId: string } | { noteId: string },
): Promise<HoldRow[]> {
  const [column, id] = 'holdId' in of ? (['id', of.holdId] as const) : (['note_id', of.noteId] as const)
  return trx
    .updateTable('note_release_holds')
    .set(eb => ({ ended_at: eb.ref('expires_at') }))
    .where('practice_id', '=', trx.practiceId)
    .where(column, '=', id)
    .where('ended_at', 'is', null)
    .where('expires_at', '<=', sql<Date>`now()`)
    .returningAll()
    .execute()
}

/** The chart of a note, for what happens by the clock. */
export async function chartIdOf(trx: PracticeTransaction, noteId: string): Promise<string> {
  const row = await trx
    .selectFrom('session_notes')
    .select('chart_id')
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', noteId)
    .executeTakeFirstOrThrow()
  return row.chart_id
}

/**
 * Notes that the client whose token this is may read now: of their own chart, also who reads in their name; of a couple's
 * chart those that the other partner agreed to, themselves alone.
 */
function visible(trx: PracticeTransaction, chart: OpenChart) {
  const { id: clientId, representativeId } = trx.scope.actor
  const forRepresentative = representativeId !== null
  const ofCouple = sql`select p.note_id from note_partner_releases p
    where p.practice_id = ${trx.practiceId} and p.client_id = ${clientId} and p.revoked_at is null
      and not ${forRepresentative}::boolean`
  const milder: readonly string[] = forRepresentative ? [] : againstRepresentatives
  return trx
    .selectFrom('session_notes as n')
    .leftJoin('note_releases as r', join =>
      join
        .onRef('r.practice_id', '=', 'n.practice_id')
        .onRef('r.note_id', '=', 'n.id')
        .on('r.visible_from', '<=', sql<Date>`now()`),
    )
    .selectAll('n')
    .select(eb => eb.ref('n.status').$castTo<NoteStatus>().as('status'))
    .where('n.practice_id', '=', trx.practiceId)
    .where(
      sql<boolean>`((n.chart_id = ${chart.id} and r.note_id is not null) or n.id = any(array(${ofCouple})))`,
    )
    .where('n.status', '=', sql<string>`any(${releasable}::text[])`)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('note_release_holds as h')
            .select('h.id')
            .where('h.practice_id', '=', trx.practiceId)
            .whereRef('h.note_id', '=', 'n.id')
            .where('h.ended_at', 'is', null)
            .where('h.expires_at', '>', sql<Date>`now()`)
            .where(sql<boolean>`not h.reason_code = any(${milder}::text[])`),
        ),
      ),
    )
}

export const findVisible = (
  trx: PracticeTransaction,
  chart: OpenChart,
  noteId: string,
): Promise<NoteRow | undefined> => visible(trx, chart).where('n.id', '=', noteId).executeTakeFirst()

/** The newest session first. One row more than asked for. */
export function listVisible(
  trx: PracticeTransaction,
  chart: OpenChart,
  { limit, after }: NotePage,
): Promise<NoteRow[]> {
  let query = visible(trx, chart)
  if (after) {
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('n.session_date', 'n.id'), '<', tuple(after[0], after[1])),
    )
  }
  return query
    .orderBy('n.session_date', 'desc')
    .orderBy('n.id', 'desc')
    .limit(limit + 1)
    .execute()
}
