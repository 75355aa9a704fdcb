import { type Insertable, type Selectable, sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { WaitlistOffers, WaitlistOpenings } from '../../../lib/database/schema.ts'
import { emitAll } from '../../../lib/events.ts'
import { enqueue } from '../../../lib/outbox.ts'
import { isChartWithin, toReadChart } from '../../charts/index.ts'
import { isOwnChart } from '../portal/own-charts.ts'
import { tellOf } from '../reminders/tell.ts'
import type { OfferQuery } from './waitlist.schemas.ts'

export type OpeningRow = Selectable<WaitlistOpenings>
/** An offer with what is offered, and the chart of whoever it is for. */
export type OfferRow = Selectable<WaitlistOffers> & { opening: OpeningJson; chart_id: string }
/** A row as JSON has it: times are text. */
export type OpeningJson = Omit<OpeningRow, 'starts_at' | 'ends_at' | 'created_at'> & {
  starts_at: string | null
  ends_at: string | null
  created_at: string
}

const offers = (trx: PracticeTransaction) =>
  trx
    .selectFrom('waitlist_offers as f')
    .innerJoin('waitlist_entries as e', join =>
      join.onRef('e.practice_id', '=', 'f.practice_id').onRef('e.id', '=', 'f.entry_id'),
    )
    .innerJoin('waitlist_openings as o', join =>
      join.onRef('o.practice_id', '=', 'f.practice_id').onRef('o.id', '=', 'f.opening_id'),
    )
    .selectAll('f')
    .select(['e.chart_id', sql<OpeningJson>`to_jsonb(o)`.as('opening')])
    .where('f.practice_id', '=', trx.practiceId)

/** Without asking who may see it: the door of its entry's chart does. */
export function findOffer(trx: PracticeTransaction, id: string): Promise<OfferRow | undefined> {
  return offers(trx).where('f.id', '=', id).executeTakeFirst()
}

/** The same, if it is to the client at the portal. */
export function findOwnOffer(trx: PracticeTransaction, id: string): Promise<OfferRow | undefined> {
  return offers(trx).where('f.id', '=', id).where(isOwnChart(trx, 'e.chart_id')).executeTakeFirst()
}

/** One row more than asked for, newest first, to the client at the portal. */
export function listOwnOffers(
  trx: PracticeTransaction,
  { status }: { status: OfferQuery['status'] | undefined },
  { limit, before }: { limit: number; before: string | undefined },
): Promise<OfferRow[]> {
  let query = offers(trx).where(isOwnChart(trx, 'e.chart_id'))
  if (status) query = query.where('f.status', '=', status)
  if (before) query = query.where('f.id', '<', before)
  return query
    .orderBy('f.id', 'desc')
    .limit(limit + 1)
    .execute()
}

/** One row more than asked for, newest first, to those whose chart the caller may see. */
export function listOffers(
  trx: PracticeTransaction,
  { status, openingId, waitlistEntryId }: OfferQuery,
  { limit, before }: { limit: number; before: string | undefined },
): Promise<OfferRow[]> {
  let query = offers(trx).where(isChartWithin(trx, 'e.chart_id', toReadChart))
  if (status) query = query.where('f.status', '=', status)
  if (openingId) query = query.where('f.opening_id', '=', openingId)
  if (waitlistEntryId) query = query.where('f.entry_id', '=', waitlistEntryId)
  if (before) query = query.where('f.id', '<', before)
  return query
    .orderBy('f.id', 'desc')
    .limit(limit + 1)
    .execute()
}

export function insertOpening(
  trx: PracticeTransaction,
  values: Omit<Insertable<WaitlistOpenings>, 'practice_id'>,
): Promise<OpeningRow> {
  return trx
    .insertInto('waitlist_openings')
    .values({ ...values, practice_id: trx.practiceId })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** The same by one of its offers, before anybody has looked at that. */
export function lockOpeningOf(trx: PracticeTransaction, offerId: string): Promise<unknown> {
  return sql`select from waitlist_openings o where o.practice_id = ${trx.practiceId} and o.id = (
    select f.opening_id from waitlist_offers f where f.practice_id = ${trx.practiceId} and f.id = ${offerId})
    for no key update`.execute(trx)
}

/** Holds an opening until the end of the transaction: of those who answer its offers one goes after the other. */
export function lockOpening(trx: PracticeTransaction, id: string): Promise<OpeningRow | undefined> {
  return trx
    .selectFrom('waitlist_openings')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst()
}

export async function endOpening(
  trx: PracticeTransaction,
  id: string,
  status: 'filled' | 'closed',
): Promise<OpeningRow> {
  return trx
    .updateTable('waitlist_openings')
    .set({ status })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Of an opening whose offers nobody has answered: those whose time is over end. @returns what ended, and is open */
export async function expireOffers(
  trx: PracticeTransaction,
  openingId: string,
): Promise<{ expired: { id: string; version: number; chart_id: string }[]; open: number }> {
  const { rows: expired } = await sql<{ id: string; version: number; chart_id: string }>`
    update waitlist_offers f set status = 'expired', answered_at = now(), version = f.version + 1, updated_at = now()
    from waitlist_entries e
    where f.practice_id = ${trx.practiceId} and f.opening_id = ${openingId} and f.status = 'open'
      and f.expires_at <= now() and e.practice_id = f.practice_id and e.id = f.entry_id
    returning f.id, f.version, e.chart_id`.execute(trx)
  const { rows } = await sql<{ open: number }>`select count(*)::int as open from waitlist_offers
    where practice_id = ${trx.practiceId} and opening_id = ${openingId} and status = 'open'`.execute(trx)
  return { expired, open: rows[0]?.open ?? 0 }
}

/** Offers these some opening. In turn, the unique index lets one of them be open. */
export async function insertOffers(
  trx: PracticeTransaction,
  { id, way }: OpeningRow,
  entries: readonly { id: string; chart_id: string }[],
  expiresAt: Date,
): Promise<void> {
  const rows = entries.map(({ id: entryId, chart_id }) => ({ id: uuidv7(), entryId, chart_id }))
  await sql`
    insert into waitlist_offers (practice_id, id, opening_id, entry_id, way, expires_at)
    select ${trx.practiceId}, w.id, ${id}, w.entry_id, ${way}, ${expiresAt}::timestamptz
    from unnest(${rows.map(row => row.id)}::uuid[], ${rows.map(row => row.entryId)}::uuid[]) as w(id, entry_id)`.execute(
    trx,
  )
  tellOf(
    trx,
    'waitlist_offer',
    rows.map(row => row.id),
    { isNew: true },
  )
  emitAll(
    trx,
    rows.map(row => ({
      type: 'waitlist-offer.made' as const,
      resourceId: row.id,
      resourceVersion: 1,
      chartId: row.chart_id,
    })),
  )
}

/** Ends open offers of an opening that is filled, or to somebody who waits no more: then others have their turn. */
export async function withdrawOffersOf(
  trx: PracticeTransaction,
  of: { openingId: string } | { entryId: string },
): Promise<void> {
  const ofEntry = 'entryId' in of
  const { rows } = await sql<{ id: string; version: number; opening_id: string; chart_id: string }>`
    update waitlist_offers f set status = 'withdrawn', answered_at = now(), version = f.version + 1, updated_at = now()
    from waitlist_entries e
    where f.practice_id = ${trx.practiceId} and f.status = 'open'
      and ${ofEntry ? sql`f.entry_id = ${of.entryId}` : sql`f.opening_id = ${of.openingId}`}
      and e.practice_id = f.practice_id and e.id = f.entry_id
    returning f.id, f.version, f.opening_id, e.chart_id`.execute(trx)
  emitAll(
    trx,
    rows.map(row => ({
      type: 'waitlist-offer.withdrawn' as const,
      resourceId: row.id,
      resourceVersion: row.version,
      chartId: row.chart_id,
    })),
  )
  if (ofEntry) for (const { opening_id: id } of rows) enqueue(trx, 'waitlist-opening', id)
}
