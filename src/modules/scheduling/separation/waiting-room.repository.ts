import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'

/** A visit of a client, and somebody from whom they are kept apart. */
export interface Encounter {
  otherId: string
  apartMinutes: number
  locationId: string
  startsAt: Date
  endsAt: Date
}

/** As the table of reservations spells it (`reservations_length_check`). */
const longest = sql`interval '32 hours'`

/**
 * Of these encounters those that would happen: the other comes or goes at the same location within the minutes in which
 * the one does. Where the other is stands in what holds their time.
 *
 * @param holderIds whose reservations do not count: what is about to give way
 * @returns places in the list, from 0
 */
export async function findEncounters(
  trx: PracticeTransaction,
  encounters: readonly Encounter[],
  holderIds: readonly string[],
): Promise<ReadonlySet<number>> {
  const column = <T>(value: (encounter: Encounter) => T) => encounters.map(value)
  const { rows } = await sql<{ place: number }>`
    select distinct (v.place - 1)::int as place
    from unnest(
      ${column(({ otherId }) => otherId)}::uuid[], ${column(({ apartMinutes }) => apartMinutes)}::int[],
      ${column(({ locationId }) => locationId)}::uuid[], ${column(({ startsAt }) => startsAt)}::timestamptz[],
      ${column(({ endsAt }) => endsAt)}::timestamptz[])
      with ordinality as v(other_id, minutes, location_id, starts_at, ends_at, place)
    cross join lateral (select make_interval(mins => v.minutes) as gap) g
    cross join lateral (
      select coalesce(r.holder_id, r.appointment_id) as holder_id, r.starts_at, r.ends_at
      from reservations r
      where r.practice_id = ${trx.practiceId} and r.resource_id = v.other_id and r.active
        and r.starts_at < v.ends_at + g.gap and r.starts_at > v.starts_at - g.gap - ${longest}
        and r.ends_at > v.starts_at - g.gap and (r.expires_at is null or r.expires_at > now())
      offset 0
    ) rival
    left join appointments a on a.practice_id = ${trx.practiceId} and a.id = rival.holder_id
    left join slot_holds h on h.practice_id = ${trx.practiceId} and h.id = rival.holder_id
    left join group_meetings m on m.practice_id = ${trx.practiceId} and m.id = rival.holder_id
    left join intensive_blocks b on b.practice_id = ${trx.practiceId} and b.id = rival.holder_id
    left join intensives i on i.practice_id = b.practice_id and i.id = b.intensive_id
    where rival.holder_id <> all(${holderIds}::uuid[])
      and v.location_id = coalesce(a.location_id, h.location_id, m.location_id, i.location_id)
      and exists (
        select from (values (rival.starts_at), (rival.ends_at)) as theirs(moment)
        cross join (values (v.starts_at), (v.ends_at)) as ours(moment)
        where theirs.moment < ours.moment + g.gap and theirs.moment > ours.moment - g.gap)`.execute(trx)
  return new Set(rows.map(({ place }) => place))
}
