import { type RawBuilder, sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { defaultPolicies } from '../../practice/index.ts'
import type { Subject } from '../subject.ts'

/** Somebody from whom a client is kept apart, by a rule about the two or by the practice's policy for couples. */
export interface Counterpart {
  clientId: string
  otherId: string
  apartInGroups: boolean
  /** Between coming or going of the one and coming or going of the other; 0 is no matter. */
  apartMinutes: number
}

/**
 * Of all of these clients, with what holds for records merged into them; a counterpart whose record was merged is named
 * by both records, since hours may stand under either. Whoever asks is told nothing by it: it is for deciding, never for showing. One statement.
 */
export function counterpartsOf(
  trx: PracticeTransaction,
  clientIds: readonly string[],
): Promise<Counterpart[]> {
  return find(trx, sql`${clientIds}::uuid[]`)
}

/** Of whoever a session is for, before their chart is open. */
export function counterpartsOfSubject(
  trx: PracticeTransaction,
  { clientId, coupleId }: Subject,
): Promise<Counterpart[]> {
  return find(
    trx,
    sql`(array(select unnest(array[p.first_client_id, p.second_client_id]) from couples p
      where p.practice_id = ${trx.practiceId} and p.id = ${coupleId ?? null}) || array[${clientId ?? null}::uuid])`,
  )
}

async function find(trx: PracticeTransaction, ids: RawBuilder<unknown>): Promise<Counterpart[]> {
  const couples = sql`couples c where c.practice_id = ${trx.practiceId} and c.second_client_id is not null
    and c.status <> 'ended'`
  const rules = sql`separation_rules r where r.practice_id = ${trx.practiceId} and r.ended_at is null`
  const { rows } = await sql<Counterpart>`
    with given as materialized (select ${ids} as list),
    ids as materialized (select list || array(select m.id from clients m where m.practice_id = ${trx.practiceId}
      and m.merged_into_id = any(list)) as list from given)
    select case when k.client_id = any(given.list) then k.client_id else me.merged_into_id end as "clientId",
      other.id as "otherId",
      coalesce(s.apart_in_groups, (f.policies ->> 'partnersApartInGroups')::boolean, ${defaultPolicies.partnersApartInGroups}::boolean)
        as "apartInGroups",
      coalesce(s.apart_minutes, (f.policies ->> 'partnersApartMinutes')::int, ${defaultPolicies.partnersApartMinutes}::int)
        as "apartMinutes"
    from given cross join ids cross join lateral (
      select c.first_client_id as client_id, c.second_client_id as other_id from ${couples} and c.first_client_id = any(ids.list)
      union select c.second_client_id, c.first_client_id from ${couples} and c.second_client_id = any(ids.list)
      union select r.first_client_id, r.second_client_id from ${rules} and r.first_client_id = any(ids.list)
      union select r.second_client_id, r.first_client_id from ${rules} and r.second_client_id = any(ids.list)
    ) k
    join clients me on me.practice_id = ${trx.practiceId} and me.id = k.client_id
    join clients they on they.practice_id = ${trx.practiceId} and they.id = k.other_id
    join lateral (values (they.id), (they.merged_into_id)) as other(id) on other.id is not null
    join practices f on f.practice_id = ${trx.practiceId}
    left join separation_rules s on s.practice_id = f.practice_id and s.ended_at is null
      and s.first_client_id = least(k.client_id, k.other_id) and s.second_client_id = greatest(k.client_id, k.other_id)`.execute(
    trx,
  )
  return rows
}
