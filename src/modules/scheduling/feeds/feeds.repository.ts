import { type Insertable, type RawBuilder, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { CalendarFeeds } from '../../../lib/database/schema.ts'
import { limits } from '../../../lib/limits.ts'
import { isClientWithin } from '../../charts/index.ts'
import { keepsAllCalendars } from '../appointments.rules.ts'

export type FeedRow = Selectable<CalendarFeeds>

export function insertFeed(
  trx: PracticeTransaction,
  values: Omit<Insertable<CalendarFeeds>, 'practice_id'>,
): Promise<FeedRow> {
  return trx
    .insertInto('calendar_feeds')
    .values({ ...values, practice_id: trx.practiceId })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Whoever asks: for the address, which proves itself. */
export function findFeed(trx: PracticeTransaction, id: string): Promise<FeedRow | undefined> {
  return feeds(trx).where('f.id', '=', id).executeTakeFirst()
}

/** What this caller may know of. */
export function findVisible(trx: PracticeTransaction, id: string): Promise<FeedRow | undefined> {
  return feeds(trx).where('f.id', '=', id).where(isVisible(trx)).executeTakeFirst()
}

/**
 * Gives an address one of its owner's places. A rival for the same place is waited for, and leaves the next one.
 *
 * @returns false where there is none
 */
export async function takeSlot(
  trx: PracticeTransaction,
  { id, staff_id, client_id }: Pick<FeedRow, 'id' | 'staff_id' | 'client_id'>,
): Promise<boolean> {
  const most = limits.calendarFeeds.perPerson
  const ownerId = staff_id ?? client_id
  for (let turn = 0; turn < most; turn++) {
    const { rows } = await sql`
      insert into calendar_feed_slots (practice_id, owner_id, slot, feed_id)
      select ${trx.practiceId}, ${ownerId}::uuid, n, ${id}::uuid from generate_series(1, ${most}::int) n
      where not exists (select from calendar_feed_slots t
        where t.practice_id = ${trx.practiceId} and t.owner_id = ${ownerId} and t.slot = n)
      order by n limit 1
      on conflict on constraint calendar_feed_slots_pkey do nothing
      returning slot`.execute(trx)
    if (rows.length > 0) return true
  }
  return false
}

/** One row more than asked for, oldest first, of what this caller may know of. */
export function listFeeds(
  trx: PracticeTransaction,
  filter: { staffId?: string | undefined; clientId?: string | undefined },
  { limit, after }: { limit: number; after: string | undefined },
): Promise<FeedRow[]> {
  let query = feeds(trx).where(isVisible(trx))
  if (filter.staffId) query = query.where('f.staff_id', '=', filter.staffId)
  if (filter.clientId) query = query.where('f.client_id', '=', filter.clientId)
  if (after) query = query.where('f.id', '>', after)
  return query
    .orderBy('f.id')
    .limit(limit + 1)
    .execute()
}

/** From now on its address leads nowhere, and its place is free. @returns whether it led somewhere until now */
export async function revokeFeed(trx: PracticeTransaction, id: string): Promise<boolean> {
  const { rows } = await sql`
    with revoked as (
      update calendar_feeds set revoked_at = now()
      where practice_id = ${trx.practiceId} and id = ${id} and revoked_at is null returning id),
    freed as (
      delete from calendar_feed_slots
      where practice_id = ${trx.practiceId} and feed_id in (select id from revoked) returning 1)
    select id from revoked`.execute(trx)
  return rows.length > 0
}

/** How places are called, by id. */
export async function namesOfPlaces(
  trx: PracticeTransaction,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from locations where practice_id = ${trx.practiceId} and id = any(${ids}::uuid[])
    union all
    select id, name from rooms where practice_id = ${trx.practiceId} and id = any(${ids}::uuid[])`.execute(
    trx,
  )
  return new Map(rows.map(({ id, name }) => [id, name]))
}

const feeds = (trx: PracticeTransaction) =>
  trx.selectFrom('calendar_feeds as f').selectAll('f').where('f.practice_id', '=', trx.practiceId)

/** The own ones; a client's where the caller may see the client's contact data; all for who keeps all calendars. */
function isVisible(trx: PracticeTransaction): RawBuilder<boolean> {
  const { actor } = trx.scope
  if (actor.kind === 'client') return sql<boolean>`f.client_id = ${actor.id}`
  const ofStaff = keepsAllCalendars(trx.scope)
    ? sql`f.staff_id is not null`
    : sql`f.staff_id = ${actor.staffId}`
  const ofClients = actor.permissions.has('clients:read')
    ? isClientWithin(trx, 'f.client_id', { fully: true, permission: 'clients:read' })
    : sql`false`
  return sql<boolean>`(${ofStaff} or ${ofClients})`
}
