import { type Insertable, type RawBuilder, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { CalendarFeeds } from '../../../lib/database/schema.ts'
import { isClientWithin } from '../../charts/index.ts'
import { keepsAllCalendars } from '../appointments.rules.ts'

export type FeedRow = Selectable<CalendarFeeds>

/** Whose calendar a feed shows. */
export type FeedOf = Pick<FeedRow, 'staff_id' | 'client_id'>

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

/** How many addresses of theirs work. */
export async function countFeeds(trx: PracticeTransaction, owner: FeedOf): Promise<number> {
  const row = await feeds(trx)
    .clearSelect()
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where(isOf(owner))
    .where('f.revoked_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(row.count)
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

/** From now on its address leads nowhere. It leaves with COMMIT. */
export function revokeFeed(trx: PracticeTransaction, id: string): void {
  trx.later(
    trx
      .updateTable('calendar_feeds')
      .set({ revoked_at: sql<Date>`now()` })
      .where('practice_id', '=', trx.practiceId)
      .where('id', '=', id)
      .where('revoked_at', 'is', null),
  )
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

const isOf = ({ staff_id, client_id }: FeedOf): RawBuilder<boolean> =>
  staff_id === null ? sql<boolean>`f.client_id = ${client_id}` : sql<boolean>`f.staff_id = ${staff_id}`

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
