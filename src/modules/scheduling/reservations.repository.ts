import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { Holder, HolderKind, Reservation, ResourceKind } from './reservations.ts'

/** As the table spells it (`reservations_length_check`). */
const longest = sql`interval '32 hours'`

/** What overlaps `wanted w`, found by an index that row security may use. */
const inTheWay = sql`r.resource_id = w.resource_id and r.active
  and r.starts_at < w.ends_at and r.starts_at > w.starts_at - ${longest} and r.ends_at > w.starts_at`

const heldBy = (holderIds: readonly string[]) =>
  sql`(r.holder_id = any(${holderIds}::uuid[]) or r.appointment_id = any(${holderIds}::uuid[]))`

function wantedRows(rows: readonly Reservation[]) {
  const column = <T>(value: (row: Reservation) => T) => rows.map(value)
  return sql`unnest(
    ${column(row => row.holder.kind)}::text[], ${column(row => row.holder.id)}::uuid[],
    ${column(row => row.kind)}::text[], ${column(row => row.id)}::uuid[],
    ${column(row => row.period.startsAt)}::timestamptz[], ${column(row => row.period.endsAt)}::timestamptz[],
    ${column(row => row.expiresAt ?? null)}::timestamptz[])
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
        select unnest(${resourceIds}::uuid[]) as id
        union all
        select r.resource_id from reservations r where r.practice_id = ${trx.practiceId} and ${heldBy(holderIds)}
      ) resources order by key
    ) keys`.execute(trx)
}

/**
 * Takes what is free of `rows`, in place of all that `givenUp` had. Expired holds in the way go first. With its
 * locks held ON CONFLICT waits for nobody, and says by silence what was taken already.
 *
 * @returns the places (from 0) of the rows that were taken
 */
export async function take(
  trx: PracticeTransaction,
  rows: readonly Reservation[],
  givenUp: readonly string[],
): Promise<ReadonlySet<number>> {
  const ids = rows.map(() => uuidv7())
  const { rows: taken } = await sql<{ id: string }>`
    with wanted as (select w.*, (${ids}::uuid[])[w.place] as id from ${wantedRows(rows)}),
    given_up as (
      delete from reservations r where r.practice_id = ${trx.practiceId} and ${heldBy(givenUp)} returning 1),
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
  const found = await sql<Rival>`
    select (w.place - 1)::int as place, w.resource_kind, rival.holder_kind, rival.holder_id
    from ${wantedRows(rows)}
    cross join lateral (
      select r.id, r.starts_at, r.holder_kind, coalesce(r.holder_id, r.appointment_id) as holder_id
      from reservations r
      where r.practice_id = ${trx.practiceId} and ${inTheWay} and (r.expires_at is null or r.expires_at > now())
      -- Looks by index for each row: a join of all would read the practice's whole past.
      offset 0
    ) rival
    where rival.holder_id <> all(${givenUp}::uuid[])
    order by w.place, rival.starts_at, rival.id`.execute(trx)
  return found.rows
}

export function remove(trx: PracticeTransaction, holders: readonly Holder[]): void {
  const ids = holders.map(({ id }) => id)
  trx.later(
    sql`delete from reservations r where r.practice_id = ${trx.practiceId} and ${heldBy(ids)}`.compile(trx),
  )
}

export function removeOne(trx: PracticeTransaction, holders: readonly Holder[], resourceId: string): void {
  const ids = holders.map(({ id }) => id)
  trx.later(
    sql`delete from reservations r where r.practice_id = ${trx.practiceId} and r.resource_id = ${resourceId}
      and ${heldBy(ids)}`.compile(trx),
  )
}
