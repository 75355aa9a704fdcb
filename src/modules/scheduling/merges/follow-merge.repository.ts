import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { MergedPair } from '../../clients/index.ts'

/** A membership that went from one record to the other. */
export interface Seat {
  id: string
  groupId: string
  chartId: string
  /** False for a member who has left meanwhile. */
  isTaken: boolean
}

interface Way {
  from: string
  to: string
}

/** All groups in which one of these sits, in one order for all, until the transaction ends. */
export async function lockGroupsOf(trx: PracticeTransaction, clientIds: readonly string[]): Promise<void> {
  await sql`
    select g.id from therapy_groups g where g.practice_id = ${trx.practiceId} and g.id = any(array(
      select m.group_id from therapy_group_members m where m.practice_id = ${trx.practiceId}
        and m.client_id = any(${clientIds}::uuid[]) and m.left_at is null))
    order by g.id for no key update`.execute(trx)
}

export interface Obstacles {
  keptApart: boolean
  satTwice: boolean
  offeredTwice: boolean
}

/** What makes one person of two impossible. One statement. */
export async function obstaclesOf(
  trx: PracticeTransaction,
  { mergedId, survivorId, chartIds }: MergedPair,
): Promise<Obstacles> {
  const isOffered = (entry: 'w' | 'o') => sql`exists (select from waitlist_offers f
    where f.practice_id = ${trx.practiceId} and f.entry_id = ${sql.ref(`${entry}.id`)} and f.status = 'open'
      and f.expires_at > now())`
  const { rows } = await sql<Obstacles>`
    select
      exists (select from separation_rules r where r.practice_id = ${trx.practiceId} and r.ended_at is null
        and r.first_client_id = least(${mergedId}::uuid, ${survivorId}::uuid)
        and r.second_client_id = greatest(${mergedId}::uuid, ${survivorId}::uuid)) as "keptApart",
      exists (select from therapy_group_members m
        join therapy_group_members o on o.practice_id = m.practice_id and o.group_id = m.group_id
        join therapy_groups g on g.practice_id = m.practice_id and g.id = m.group_id
        where m.practice_id = ${trx.practiceId} and m.client_id = ${mergedId} and m.left_at is null
          and o.client_id = ${survivorId} and o.left_at is null and g.status <> 'ended') as "satTwice",
      exists (select from waitlist_entries w
        join waitlist_entries o on o.practice_id = w.practice_id and o.status = 'waiting'
          and (o.group_id = w.group_id or o.service_id = w.service_id)
        join charts c on c.practice_id = o.practice_id and c.id = o.chart_id and c.kind = 'individual'
        join chart_members m on m.practice_id = o.practice_id and m.chart_id = o.chart_id
          and m.client_id = ${survivorId} and m.left_at is null
        where w.practice_id = ${trx.practiceId} and w.status = 'waiting' and w.chart_id = any(${chartIds}::uuid[])
          and o.chart_id <> all(${chartIds}::uuid[]) and ${isOffered('w')} and ${isOffered('o')}) as "offeredTwice"
  `.execute(trx)
  return rows[0] ?? { keptApart: false, satTwice: false, offeredTwice: false }
}

/** Seats that are taken now; in an ended group in which both sit each keeps their own. */
export async function passSeats(trx: PracticeTransaction, { from, to }: Way): Promise<Seat[]> {
  const { rows } = await sql<Seat>`
    update therapy_group_members m set client_id = ${to}, version = m.version + 1, updated_at = now()
    from therapy_groups g
    where m.practice_id = ${trx.practiceId} and m.client_id = ${from} and m.left_at is null
      and g.practice_id = m.practice_id and g.id = m.group_id
      and not exists (select from therapy_group_members o where o.practice_id = m.practice_id
        and o.group_id = m.group_id and o.client_id = ${to} and o.left_at is null)
    returning m.id, m.group_id as "groupId", g.chart_id as "chartId", true as "isTaken"`.execute(trx)
  return rows
}

/** Those that were passed on, given up meanwhile or not. */
export async function giveSeatsBack(
  trx: PracticeTransaction,
  ids: readonly string[],
  { from, to }: Way,
): Promise<Seat[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<Seat>`
    update therapy_group_members m set client_id = ${to}, version = m.version + 1, updated_at = now()
    from therapy_groups g
    where m.practice_id = ${trx.practiceId} and m.id = any(${ids}::uuid[]) and m.client_id = ${from}
      and g.practice_id = m.practice_id and g.id = m.group_id
    returning m.id, m.group_id as "groupId", g.chart_id as "chartId", m.left_at is null as "isTaken"`.execute(
    trx,
  )
  return rows
}

/** Intensives of these charts with all their blocks: each names who takes part, besides its chart. */
export async function passIntensives(
  trx: PracticeTransaction,
  chartIds: readonly string[],
  { from, to }: Way,
): Promise<void> {
  if (chartIds.length === 0) return
  await sql`
    with passed as (
      update intensives set client_a = ${to}, version = version + 1, updated_at = now()
      where practice_id = ${trx.practiceId} and chart_id = any(${chartIds}::uuid[]) and client_a = ${from}
      returning id)
    update intensive_blocks b set client_ids = array_replace(b.client_ids, ${from}::uuid, ${to}::uuid)
    from passed where b.practice_id = ${trx.practiceId} and b.intensive_id = passed.id
      and ${from}::uuid = any(b.client_ids)`.execute(trx)
}

type Times = MergedPair & { groupIds: readonly string[] }

/** What takes the time of whoever these charts, and seats in these groups, are for. */
const holdersOf = (trx: PracticeTransaction, { chartIds, groupIds }: Times) => sql`
  select id from appointments where practice_id = ${trx.practiceId} and chart_id = any(${chartIds}::uuid[])
  union all
  select id from group_meetings where practice_id = ${trx.practiceId} and group_id = any(${groupIds}::uuid[])
  union all
  select b.id from intensives i join intensive_blocks b on b.practice_id = i.practice_id and b.intensive_id = i.id
  where i.practice_id = ${trx.practiceId} and i.chart_id = any(${chartIds}::uuid[])`

/** Coming hours of the merged record. No reservation is longer than 32 hours (`reservations_length_check`). */
const coming = (trx: PracticeTransaction, times: Times) => sql`r.practice_id = ${trx.practiceId}
  and r.resource_id = ${times.mergedId} and r.active and r.starts_at > now() - interval '32 hours'
  and r.ends_at > now() and coalesce(r.holder_id, r.appointment_id) = any(array(${holdersOf(trx, times)}))`

/** Whether an hour that is to be passed on is one at which the survivor is expected too. */
export async function meetItself(trx: PracticeTransaction, times: Times): Promise<boolean> {
  const { rows } = await sql`
    select 1 from reservations r join reservations o on o.practice_id = r.practice_id
      and o.resource_id = ${times.survivorId} and o.active and o.starts_at < r.ends_at and o.ends_at > r.starts_at
      and o.starts_at > r.starts_at - interval '32 hours'
    where ${coming(trx, times)} limit 1`.execute(trx)
  return rows.length > 0
}

export async function passTimes(trx: PracticeTransaction, times: Times): Promise<void> {
  await sql`update reservations r set resource_id = ${times.survivorId} where ${coming(trx, times)}`.execute(
    trx,
  )
}

/** What was booked in the merged record's charts meanwhile took the time of both: the survivor's is freed. */
export async function giveTimesBack(trx: PracticeTransaction, times: Times): Promise<void> {
  const { mergedId, survivorId } = times
  const survivors = sql`r.practice_id = ${trx.practiceId} and r.resource_id = ${survivorId}
    and coalesce(r.holder_id, r.appointment_id) = any(array(${holdersOf(trx, times)}))`
  const ofBoth = sql`exists (select from reservations o where o.practice_id = r.practice_id
    and o.resource_id = ${mergedId} and o.starts_at = r.starts_at
    and coalesce(o.holder_id, o.appointment_id) = coalesce(r.holder_id, r.appointment_id))`
  await sql`
    with freed as (delete from reservations r where ${survivors} and ${ofBoth} returning 1)
    update reservations r set resource_id = ${mergedId} where ${survivors} and not ${ofBoth}`.execute(trx)
}

/** For good, with their places. It leaves with COMMIT. */
export function revokeFeeds(trx: PracticeTransaction, clientId: string): void {
  trx.later(
    sql`with freed as (
        delete from calendar_feed_slots where practice_id = ${trx.practiceId} and owner_id = ${clientId} returning 1)
      update calendar_feeds set revoked_at = now()
      where practice_id = ${trx.practiceId} and client_id = ${clientId} and revoked_at is null`.compile(trx),
  )
}
