import { type RawBuilder, sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { QueueName } from '../../../lib/jobs/queues.ts'
import { limits } from '../../../lib/limits.ts'
import { enqueue } from '../../../lib/outbox.ts'
import { defaultPolicies } from '../../practice/index.ts'

/**
 * What becomes free turns into an opening if somebody waits for such a thing and the practice wants it offered. A job
 * makes the offers: the request that freed it costs one statement more, which leaves with COMMIT.
 */
const way = sql`coalesce(p.policies ->> 'waitlistOffers', ${defaultPolicies.waitlistOffers})`
const minutes = sql`coalesce((p.policies ->> 'waitlistOfferMinutes')::int, ${defaultPolicies.waitlistOfferMinutes}::int)`

/** Rows of the practice's policies, if they want offers and these entries wait. */
const wanted = (trx: PracticeTransaction, entries: RawBuilder<unknown>) => sql`practices p
  where p.practice_id = ${trx.practiceId} and ${way} <> 'by_hand' and exists (
    select from waitlist_entries e where e.practice_id = p.practice_id and e.status = 'waiting' and ${entries})`

/**
 * The rest of a statement that begins with `with given_up as (delete from reservations … returning *)`: what a clinician
 * gave back becomes openings, with the room that was given back with it, without buffers. Where there was no room, the
 * place is that of what held the time, as it stands now; nobody is offered what a search would not show. Of many hours
 * that are given back at once only the near ones count.
 *
 * @param many whether the holders are several
 * @param kept true of rows of `given_up g` whose time is taken again at once
 */
export function freeTimes(
  trx: PracticeTransaction,
  many: boolean,
  kept: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const days = limits.scheduling.waitlist.openingDays
  const near = many ? sql`and g.starts_at < now() + make_interval(days => ${days}::int)` : sql``
  return sql`
    freed as (
      select g.practice_id, g.resource_id as clinician_id,
        coalesce(d.location_id, a.location_id, i.location_id, m.location_id) as location_id, d.id as room_id,
        g.starts_at + make_interval(mins => coalesce(a.buffer_before_minutes, m.buffer_before_minutes, 0)) as starts_at,
        g.ends_at - make_interval(mins => coalesce(a.buffer_after_minutes, m.buffer_after_minutes, 0)) as ends_at
      from given_up g
      left join given_up w on w.holder_id = g.holder_id and w.resource_kind = 'room' and w.starts_at = g.starts_at
      left join rooms d on d.practice_id = w.practice_id and d.id = w.resource_id
      left join appointments a on a.practice_id = g.practice_id and a.id = g.holder_id
      left join intensive_blocks b on b.practice_id = g.practice_id and b.id = g.holder_id
      left join intensives i on i.practice_id = b.practice_id and i.id = b.intensive_id
      left join group_meetings m on m.practice_id = g.practice_id and m.id = g.holder_id
      where g.resource_kind = 'clinician' and g.holder_kind <> 'hold' and g.starts_at > now() ${near} and not (${kept})),
    opened as (
      insert into waitlist_openings (practice_id, clinician_id, mode, location_id, room_id, time_zone, starts_at, ends_at,
        way, offer_minutes)
      select f.practice_id, f.clinician_id, case when f.location_id is null then 'telehealth' else 'in_person' end,
        f.location_id, f.room_id, coalesce(l.time_zone, p.time_zone), f.starts_at, f.ends_at, ${way}, ${minutes}
      from freed f
      left join locations l on l.practice_id = f.practice_id and l.id = f.location_id
      cross join ${wanted(trx, sql`e.service_id is not null`)} and f.ends_at > f.starts_at
      returning id),
    told as (
      insert into outbox (practice_id, kind, subject_id)
      select ${trx.practiceId}, ${'waitlist-opening' satisfies QueueName}, id from opened returning 1)`
}

/** Seats of a group: one opening leads to offers for one seat. */
export function freeSeats(trx: PracticeTransaction, groupId: string): void {
  const id = uuidv7()
  trx.later(
    sql`
      insert into waitlist_openings (practice_id, id, group_id, way, offer_minutes)
      select ${trx.practiceId}, ${id}, ${groupId}::uuid, ${way}, ${minutes}
      from ${wanted(trx, sql`e.group_id = ${groupId}`)}`.compile(trx),
  )
  enqueue(trx, 'waitlist-opening', id)
}
