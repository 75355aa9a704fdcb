import { type RawBuilder, sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { QueueName } from '../../../lib/jobs/queues.ts'
import { limits } from '../../../lib/limits.ts'
import { enqueue } from '../../../lib/outbox.ts'
import { defaultPolicies } from '../../practice/index.ts'
import type { AppointmentColumns } from '../appointments.repository.ts'

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

/** The hour that an appointment gave back. What was booked over another leaves nothing free. */
export function freeTime(trx: PracticeTransaction, before: AppointmentColumns): void {
  if (before.overbooked) return
  const id = uuidv7()
  trx.later(
    sql`
      insert into waitlist_openings (practice_id, id, clinician_id, mode, location_id, room_id, time_zone, starts_at, ends_at,
        way, offer_minutes)
      select ${trx.practiceId}, ${id}, ${before.clinician_id}::uuid, ${before.mode}, ${before.location_id}::uuid,
        ${before.room_id}::uuid, ${before.time_zone}, ${before.starts_at}::timestamptz, ${before.ends_at}::timestamptz,
        ${way}, ${minutes}
      from ${wanted(trx, sql`e.service_id is not null`)} and ${before.starts_at}::timestamptz > now()`.compile(
      trx,
    ),
  )
  enqueue(trx, 'waitlist-opening', id)
}

/** The hours that many appointments gave back which were just canceled, as far as they are near; in one statement. */
export function freeTimes(trx: PracticeTransaction, appointmentIds: readonly string[]): void {
  if (appointmentIds.length === 0) return
  const days = limits.scheduling.waitlist.openingDays
  trx.later(
    sql`
      with opened as (
        insert into waitlist_openings (practice_id, clinician_id, mode, location_id, room_id, time_zone, starts_at,
          ends_at, way, offer_minutes)
        select a.practice_id, a.clinician_id, a.mode, a.location_id, a.room_id, a.time_zone, a.starts_at, a.ends_at,
          ${way}, ${minutes}
        from appointments a cross join ${wanted(trx, sql`e.service_id is not null`)}
          and a.practice_id = p.practice_id and a.id = any(${appointmentIds}::uuid[])
          and a.starts_at > now() and a.starts_at < now() + make_interval(days => ${days}::int)
        returning id)
      insert into outbox (practice_id, kind, subject_id)
      select ${trx.practiceId}, ${'waitlist-opening' satisfies QueueName}, id from opened`.compile(trx),
  )
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
