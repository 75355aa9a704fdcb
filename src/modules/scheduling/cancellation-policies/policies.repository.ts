import { type Insertable, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { CancellationPolicies, CancellationPolicySignatures } from '../../../lib/database/schema.ts'
import { practiceToday } from '../../practice/index.ts'

export type PolicyRow = Selectable<CancellationPolicies>
export type SignatureRow = Selectable<CancellationPolicySignatures> & { number: number }

/** Adds the next version. Of two at once the constraint lets one through. */
export function insertPolicy(
  trx: PracticeTransaction,
  values: Omit<Insertable<CancellationPolicies>, 'practice_id' | 'number'>,
): Promise<PolicyRow> {
  const next = sql<number>`(select coalesce(max(p.number), 0) + 1 from cancellation_policies p
    where p.practice_id = ${trx.practiceId})`
  return trx
    .insertInto('cancellation_policies')
    .values({ ...values, practice_id: trx.practiceId, number: next })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** One row more than asked for, newest first. */
export function listPolicies(
  trx: PracticeTransaction,
  { limit, after }: { limit: number; after: number | undefined },
): Promise<PolicyRow[]> {
  let query = trx.selectFrom('cancellation_policies').selectAll().where('practice_id', '=', trx.practiceId)
  if (after !== undefined) query = query.where('number', '<', after)
  return query
    .orderBy('number', 'desc')
    .limit(limit + 1)
    .execute()
}

export function findPolicy(trx: PracticeTransaction, id: string): Promise<PolicyRow | undefined> {
  return trx
    .selectFrom('cancellation_policies')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .executeTakeFirst()
}

export async function insertSignature(
  trx: PracticeTransaction,
  values: Omit<Insertable<CancellationPolicySignatures>, 'practice_id'>,
): Promise<Selectable<CancellationPolicySignatures>> {
  return trx
    .insertInto('cancellation_policy_signatures')
    .values({ ...values, practice_id: trx.practiceId })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** One row more than asked for, the newest version first. */
export function listSignatures(
  trx: PracticeTransaction,
  clientId: string,
  { limit, after }: { limit: number; after: number | undefined },
): Promise<SignatureRow[]> {
  let query = trx
    .selectFrom('cancellation_policy_signatures as s')
    .innerJoin('cancellation_policies as p', join =>
      join.onRef('p.practice_id', '=', 's.practice_id').onRef('p.id', '=', 's.policy_id'),
    )
    .selectAll('s')
    .select('p.number')
    .where('s.practice_id', '=', trx.practiceId)
    .where('s.client_id', '=', clientId)
  if (after !== undefined) query = query.where('p.number', '<', after)
  return query
    .orderBy('p.number', 'desc')
    .limit(limit + 1)
    .execute()
}

/** The version that counts for a missed hour. */
export interface PolicyInForce extends PolicyRow {
  /** Whether everybody who is treated signed it. */
  signed: boolean
  /** How many of the chart's missed hours had grace within the policy's months. */
  grace_used: number
}

/**
 * The newest version in force that everybody signed, or the newest in force when there is none. The chart's row stays
 * locked, so that two missed hours do not have the same grace.
 *
 * @param appointmentId the hour in question, where it may have been given grace before: that uses up nothing of its own
 */
export async function policyFor(
  trx: PracticeTransaction,
  chart: { id: string; clientIds: readonly string[] },
  appointmentId: string | null,
): Promise<PolicyInForce | undefined> {
  const [, { rows }] = await Promise.all([
    sql`select from charts where practice_id = ${trx.practiceId} and id = ${chart.id} for no key update`.execute(
      trx,
    ),
    sql<PolicyInForce>`
      select p.*, signed.by_all as signed, (
        select count(*)::int from appointment_fees f
        where f.practice_id = p.practice_id and f.chart_id = ${chart.id} and f.status = 'grace'
          and f.appointment_id is distinct from ${appointmentId}::uuid
          and f.occurred_at > now() - make_interval(months => p.grace_months)) as grace_used
      from cancellation_policies p
      cross join lateral (
        select count(*) = cardinality(${chart.clientIds}::uuid[]) and count(*) > 0 as by_all
        from cancellation_policy_signatures s
        where s.practice_id = p.practice_id and s.policy_id = p.id and s.client_id = any(${chart.clientIds}::uuid[])
      ) signed
      where p.practice_id = ${trx.practiceId} and p.effective_on <= ${practiceToday(trx)}
      order by signed.by_all desc, p.number desc limit 1`.execute(trx),
  ])
  return rows[0]
}
