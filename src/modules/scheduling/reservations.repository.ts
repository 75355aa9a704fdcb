import { type RawBuilder, sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { overbookedTimes } from './overbooked-times.ts'
import type { Holder, HolderKind, Reservation, ResourceKind } from './reservations.ts'
import { freeTimes } from './waitlist/freed.ts'

/** As the table spells it (`reservations_length_check`). */
const longest = sql`interval '32 hours'`

/** What overlaps `wanted w`, found by an index that row security may use. */
const inTheWay = sql`r.resource_id = w.resource_id and r.active
  and r.starts_at < w.ends_at and r.starts_at > w.starts_at - ${longest} and r.ends_at > w.starts_at`

/**
 * An array of which the planner does not see the length. It would plan these statements anew for every call, which costs
 * as much as running them: the plan for a few rows is right for all.
 */
const ofAnyLength = (values: readonly unknown[], type: keyof typeof arrays) =>
  sql`(select ${values}::${arrays[type]})::${arrays[type]}`

const arrays = { text: sql`text[]`, uuid: sql`uuid[]`, timestamptz: sql`timestamptz[]` }

const heldBy = (holderIds: readonly string[]) =>
  sql`(r.holder_id = any(${ofAnyLength(holderIds, 'uuid')}) or r.appointment_id = any(${ofAnyLength(holderIds, 'uuid')}))`

function wantedRows(rows: readonly Reservation[]) {
  const column = (type: keyof typeof arrays, value: (row: Reservation) => unknown) =>
    ofAnyLength(rows.map(value), type)
  return sql`unnest(
    ${column('text', row => row.holder.kind)}, ${column('uuid', row => row.holder.id)},
    ${column('text', row => row.kind)}, ${column('uuid', row => row.id)},
    ${column('timestamptz', row => row.period.startsAt)}, ${column('timestamptz', row => row.period.endsAt)},
    ${column('timestamptz', row => row.expiresAt ?? null)})
    with ordinality as w(holder_kind, holder_id, resource_kind, resource_id, starts_at, ends_at, expires_at, place)`
}

/**
 * Waits for everybody else who wants one of these resources, in one order for all, until the transaction ends. What
 * the holders have now is locked too: whoever gives up an hour keeps others waiting for it as if it were taken.
 */
export function lock(
  trx: PracticeTransaction,
  resourceIds: readonly string[],
  holderIds: readonly string[],
): Promise<unknown> {
  return sql`
    select pg_advisory_xact_lock(key) from (
      select distinct hashtextextended(${trx.practiceId}::text || id::text, 0) as key from (
        select unnest(${ofAnyLength(resourceIds, 'uuid')}) as id
        union all
        select r.resource_id from reservations r where r.practice_id = ${trx.practiceId} and ${heldBy(holderIds)}
      ) resources order by key
    ) keys`.execute(trx)
}

/**
 * An overbooked appointment in the way of `wanted w`. What stood beside it for that time already may go on standing there:
 * not every change of a session has to be overbooked because somebody was booked over it.
 *
 * @param before what was held so far in place of `w`: rows of `reservations`, as `g`
 */
const overbookedInTheWay = (
  trx: PracticeTransaction,
  givenUp: readonly string[],
  before: RawBuilder<unknown>,
) => sql`
  select o.id, o.starts_at, 'appointment' as holder_kind, o.holder_id
  from ${overbookedTimes(trx, sql`w.starts_at`, sql`w.ends_at`)} o
  where o.resource_id = w.resource_id and o.holder_id <> w.holder_id
    and o.holder_id <> all(${ofAnyLength(givenUp, 'uuid')})
    and not exists (select from ${before} where g.resource_id = o.resource_id
      and g.starts_at <= greatest(w.starts_at, o.starts_at) and g.ends_at >= least(w.ends_at, o.ends_at))`

/**
 * Takes what is free of `rows`, in place of all that `givenUp` had. Expired holds in the way go first. With its
 * locks held ON CONFLICT waits for nobody, and says by silence what was taken already. What clinicians gave back for
 * good is offered to those who wait, if `isOffered`.
 *
 * @returns the places (from 0) of the rows that were taken
 */
export async function take(
  trx: PracticeTransaction,
  rows: readonly Reservation[],
  givenUp: readonly string[],
  isOffered: boolean,
): Promise<ReadonlySet<number>> {
  const ids = rows.map(() => uuidv7())
  const again = sql`exists (select from wanted w where w.resource_id = g.resource_id
    and w.starts_at < g.ends_at and w.ends_at > g.starts_at)`
  const freed = isOffered ? sql`${freeTimes(trx, givenUp.length > 1, again)},` : sql``
  const { rows: taken } = await sql<{ id: string }>`
    with wanted as (select w.*, (${ids}::uuid[])[w.place] as id from ${wantedRows(rows)}),
    given_up as (
      delete from reservations r where r.practice_id = ${trx.practiceId} and ${heldBy(givenUp)} returning ${givenBack}),
    ${freed}
    expired as (
      delete from reservations r using wanted w
      where r.practice_id = ${trx.practiceId} and ${inTheWay} and r.expires_at is not null and r.expires_at <= now()
      returning 1)
    insert into reservations (practice_id, id, appointment_id, holder_kind, holder_id, resource_kind, resource_id,
      starts_at, ends_at, expires_at)
    select ${trx.practiceId}, w.id,
      case when w.holder_kind = 'appointment' and w.resource_kind <> 'client' then w.holder_id end,
      w.holder_kind, w.holder_id, w.resource_kind, w.resource_id, w.starts_at, w.ends_at, w.expires_at
    from wanted w
    where (select count(*) from given_up) + (select count(*) from expired) >= 0
      and not exists (${overbookedInTheWay(trx, givenUp, sql`given_up g`)})
    order by w.place
    on conflict on constraint reservations_overlap_excl do nothing
    returning id`.execute(trx)
  const names = new Set(taken.map(row => row.id))
  return new Set(ids.flatMap((id, place) => (names.has(id) ? [place] : [])))
}

/** Of each wanted row what is in its way; of the holders' own rows nothing is. */
export interface Rival {
  place: number
  resource_kind: ResourceKind
  holder_kind: HolderKind
  holder_id: string
}

export async function findRivals(
  trx: PracticeTransaction,
  rows: readonly Reservation[],
  givenUp: readonly string[],
): Promise<Rival[]> {
  const before = sql`(select r.* from reservations r where r.practice_id = ${trx.practiceId} and ${heldBy(givenUp)}) g`
  const found = await sql<Rival>`
    select (w.place - 1)::int as place, w.resource_kind, rival.holder_kind, rival.holder_id
    from ${wantedRows(rows)}
    cross join lateral (
      select r.id, r.starts_at, r.holder_kind, coalesce(r.holder_id, r.appointment_id) as holder_id
      from reservations r
      where r.practice_id = ${trx.practiceId} and ${inTheWay} and (r.expires_at is null or r.expires_at > now())
      union (${overbookedInTheWay(trx, givenUp, before)})
      -- Looks by index for each row: a join of all would read the practice's whole past.
      offset 0
    ) rival
    where rival.holder_id <> all(${givenUp}::uuid[])
    order by w.place, rival.starts_at, rival.id`.execute(trx)
  return found.rows
}

/** What clinicians gave back is offered to those who wait, if `isOffered`. It leaves with COMMIT. */
export function remove(trx: PracticeTransaction, holders: readonly Holder[], isOffered: boolean): void {
  const ids = holders.map(({ id }) => id)
  const gone = sql`delete from reservations r where r.practice_id = ${trx.practiceId} and ${heldBy(ids)}`
  const offering = sql`with given_up as (${gone} returning ${givenBack}),
    ${freeTimes(trx, ids.length > 1, sql`false`)} select 1 from told`
  trx.later((isOffered ? offering : gone).compile(trx))
}

/** Rows of the first release name their appointment alone. */
const givenBack = sql`r.practice_id, r.holder_kind, coalesce(r.holder_id, r.appointment_id) as holder_id,
  r.resource_kind, r.resource_id, r.starts_at, r.ends_at`

export function removeOne(trx: PracticeTransaction, holders: readonly Holder[], resourceId: string): void {
  const ids = holders.map(({ id }) => id)
  trx.later(
    sql`delete from reservations r where r.practice_id = ${trx.practiceId} and r.resource_id = ${resourceId}
      and ${heldBy(ids)}`.compile(trx),
  )
}
