import { type RawBuilder, type Selectable, sql, type UpdateObject } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { ClientMessageItems, ClientMessages, DB } from '../../../lib/database/schema.ts'
import { isClientWithin } from '../../charts/index.ts'
import { seesEveryAppointment } from '../appointments.access.ts'
import type { Due, Item, LastTold, ToldKind, ToldTime, What } from './due.rules.ts'

export type MessageRow = Selectable<ClientMessages>

/** Something that changed and that nobody was told of. */
export interface Untold {
  subject_id: string
  subject_kind: ToldKind
  is_new: boolean
}

/** Offers as times until when they can be answered: nobody is told what is offered, or of whom. */
export async function offersToTell(trx: PracticeTransaction, ids: readonly string[]): Promise<ToldTime[]> {
  const { rows } = await sql<ToldTime>`
    select 'waitlist_offer' as kind, f.id, e.chart_id as "chartId",
      exists (select from charts c where c.practice_id = e.practice_id and c.id = e.chart_id and c.kind = 'couple')
        as "isOfCouple", o.group_id as "wholeId", f.status,
      f.status <> 'open' as "isCanceled", f.expires_at as "startsAt", f.expires_at as "endsAt",
      coalesce(o.time_zone, p.time_zone) as "timeZone", coalesce(o.mode, 'in_person') as mode,
      o.location_id as "locationId", o.room_id as "roomId", '{}'::uuid[] as "clinicianIds",
      array(select m.client_id from chart_members m where m.practice_id = e.practice_id and m.chart_id = e.chart_id
        and m.left_at is null order by m.id) as "clientIds", f.version,
      f.created_at as "madeAt", f.updated_at as "changedAt"
    from waitlist_offers f
    join practices p on p.practice_id = f.practice_id
    join waitlist_entries e on e.practice_id = f.practice_id and e.id = f.entry_id
    join waitlist_openings o on o.practice_id = f.practice_id and o.id = f.opening_id
    where f.practice_id = ${trx.practiceId} and f.id = any(${ids}::uuid[])`.execute(trx)
  return rows
}

/** Takes what has settled off the list: what becomes of it is decided now. */
export async function takeUntold(
  trx: PracticeTransaction,
  { settledBy, most }: { settledBy: Date; most: number },
): Promise<Untold[]> {
  const { rows } = await sql<Untold>`
    delete from untold_changes where practice_id = ${trx.practiceId} and subject_id = any(array(
      select subject_id from untold_changes
      where practice_id = ${trx.practiceId} and noted_at <= ${settledBy}
      order by noted_at limit ${most}::int for update skip locked))
    returning subject_id, subject_kind, is_new`.execute(trx)
  return rows
}

export interface ToldRow extends LastTold {
  client_id: string
  subject_id: string
  key: string
  toldAt: Date
}

/** What was told of these, or is about to be, oldest first; a message that did not arrive told nothing. */
export async function findTold(trx: PracticeTransaction, subjectIds: readonly string[]): Promise<ToldRow[]> {
  const { rows } = await sql<ToldRow>`
    select i.client_id, i.subject_id, i.key, i.what, i.starts_at as "startsAt", m.created_at as "toldAt"
    from client_message_items i
    join client_messages m on m.practice_id = i.practice_id and m.id = i.message_id
    where i.practice_id = ${trx.practiceId} and i.subject_id = any(${subjectIds}::uuid[])
      and not i.dropped and m.status not in ('failed', 'dropped')
    order by m.id, i.key`.execute(trx)
  return rows
}

/**
 * Queues messages with what they tell of. What another round queued meanwhile is left out: the key decides.
 *
 * @returns the ids of the messages that tell of something
 */
export async function queueMessages(
  trx: PracticeTransaction,
  kind: 'reminder' | 'change',
  due: readonly Due[],
): Promise<string[]> {
  if (due.length === 0) return []
  const messages = due.map(one => ({ ...one, messageId: uuidv7() }))
  const items = messages.flatMap(({ clientId, messageId, items: told }) =>
    told.map(item => ({ ...item, clientId, messageId })),
  )
  const { rows } = await sql<{ id: string }>`
    with told as (
      insert into client_message_items
        (practice_id, client_id, subject_id, key, message_id, subject_kind, what, starts_at)
      select ${trx.practiceId}, client_id, subject_id, key, message_id, subject_kind, what, starts_at
      from unnest(
        ${items.map(item => item.clientId)}::uuid[], ${items.map(item => item.id)}::uuid[],
        ${items.map(item => item.key)}::text[], ${items.map(item => item.messageId)}::uuid[],
        ${items.map(item => item.kind)}::text[], ${items.map(item => item.what)}::text[],
        ${items.map(item => item.startsAt)}::timestamptz[])
        as t(client_id, subject_id, key, message_id, subject_kind, what, starts_at)
      order by client_id, subject_id, key
      on conflict on constraint client_message_items_pkey do nothing
      returning message_id)
    insert into client_messages (practice_id, id, client_id, kind, purpose)
    select ${trx.practiceId}, id, client_id, ${kind}, purpose
    from unnest(
      ${messages.map(one => one.messageId)}::uuid[], ${messages.map(one => one.clientId)}::uuid[],
      ${messages.map(one => one.purpose)}::text[]) as m(id, client_id, purpose)
    where id in (select message_id from told)
    returning id`.execute(trx)
  return rows.map(row => row.id)
}

/** A message with what it says. */
export interface WholeMessage extends MessageRow {
  items: Item[]
}

interface StoredItem {
  kind: ToldKind
  id: string
  key: string
  what: What
  starts_at: string
}

/** Whoever asks: for the job that sends it. */
export async function findMessage(trx: PracticeTransaction, id: string): Promise<WholeMessage | undefined> {
  const row = await messages(trx).where('m.id', '=', id).executeTakeFirst()
  return row && toWhole(row)
}

export interface MessageFilter {
  clientId?: string | undefined
  status?: string | undefined
}

/** One row more than asked for, newest first, of what this caller may see. */
export async function listMessages(
  trx: PracticeTransaction,
  { clientId, status }: MessageFilter,
  { limit, after }: { limit: number; after: string | undefined },
): Promise<WholeMessage[]> {
  let query = messages(trx).where(isVisible(trx))
  if (clientId) query = query.where('m.client_id', '=', clientId)
  if (status) query = query.where('m.status', '=', status)
  if (after) query = query.where('m.id', '<', after)
  const rows = await query
    .orderBy('m.id', 'desc')
    .limit(limit + 1)
    .execute()
  return rows.map(toWhole)
}

/**
 * A message tells where a client is reached, so it shows to those who may see that. What is linked to other people
 * shows to whoever sees every appointment only: the chart of one partner does not tell of joint sessions.
 */
function isVisible(trx: PracticeTransaction): RawBuilder<boolean> {
  if (!trx.scope.actor.permissions.has('clients:read')) return sql<boolean>`false`
  const reached = isClientWithin(trx, 'm.client_id', { fully: true, permission: 'clients:read' })
  return seesEveryAppointment(trx) ? reached : sql<boolean>`(m.purpose = 'own-care' and ${reached})`
}

const messages = (trx: PracticeTransaction) =>
  trx
    .selectFrom('client_messages as m')
    .selectAll('m')
    .select(itemsOf.as('stored'))
    .where('m.practice_id', '=', trx.practiceId)

const toWhole = ({ stored, ...message }: MessageRow & { stored: StoredItem[] }): WholeMessage => ({
  ...message,
  items: stored.map(({ starts_at, ...item }) => ({ ...item, startsAt: new Date(starts_at) })),
})

/** Of `client_messages m`, without what it does not say. */
const itemsOf = sql<StoredItem[]>`coalesce((select jsonb_agg(jsonb_build_object('kind', i.subject_kind,
    'id', i.subject_id, 'key', i.key, 'what', i.what, 'starts_at', i.starts_at) order by i.starts_at, i.key)
  from client_message_items i where i.practice_id = m.practice_id and i.message_id = m.id and not i.dropped), '[]')`

/**
 * Changes a message if it still stands so: of two who work on one, the second finds it changed.
 *
 * @returns whether it did
 */
export async function step(
  trx: PracticeTransaction,
  id: string,
  from: readonly string[],
  changes: UpdateObject<DB, 'client_messages'>,
): Promise<boolean> {
  const row = await trx
    .updateTable('client_messages')
    .set({ ...changes, updated_at: sql<Date>`now()` })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .where('status', '=', sql<string>`any(${from}::text[])`)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** What a message does not say after all. It leaves with COMMIT. */
export function dropItems(
  trx: PracticeTransaction,
  messageId: string,
  keys: readonly Selectable<ClientMessageItems>['key'][],
): void {
  trx.later(
    trx
      .updateTable('client_message_items')
      .set({ dropped: true })
      .where('practice_id', '=', trx.practiceId)
      .where('message_id', '=', messageId)
      .where('key', '=', sql<string>`any(${keys}::text[])`),
  )
}
