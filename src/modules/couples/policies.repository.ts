import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { CouplePolicies, CouplePolicySignatures, CouplePolicyTexts } from '../../lib/database/schema.ts'
import type { PolicyStatus } from './policies.rules.ts'

/** A policy with its current text. */
export type PolicyRow = Selectable<CouplePolicies> &
  Pick<Selectable<CouplePolicyTexts>, 'kind' | 'text_sealed' | 'content_hash'>
export type ActRow = Selectable<CouplePolicySignatures>

const policies = (trx: PracticeTransaction, coupleId: string) =>
  trx
    .selectFrom('couple_policies as p')
    .innerJoin('couple_policy_texts as t', join =>
      join
        .onRef('t.practice_id', '=', 'p.practice_id')
        .onRef('t.policy_id', '=', 'p.id')
        .onRef('t.revision', '=', 'p.revision'),
    )
    .selectAll('p')
    .select(['t.kind', 't.text_sealed', 't.content_hash'])
    .where('p.practice_id', '=', trx.practiceId)
    .where('p.couple_id', '=', coupleId)

export function findPolicy(
  trx: PracticeTransaction,
  coupleId: string,
  id: string,
): Promise<PolicyRow | undefined> {
  return policies(trx, coupleId).where('p.id', '=', id).executeTakeFirst()
}

/** One row more than asked for, oldest first. */
export function listPolicies(
  trx: PracticeTransaction,
  coupleId: string,
  { limit, status, after }: { limit: number; status: PolicyStatus | undefined; after: number | undefined },
): Promise<PolicyRow[]> {
  let query = policies(trx, coupleId)
  if (status) query = query.where('p.status', '=', status)
  if (after !== undefined) query = query.where('p.number', '>', after)
  return query
    .orderBy('p.number')
    .limit(limit + 1)
    .execute()
}

/** The number of the couple's last policy; 0 when it has none. Hold the couple while you add to it. */
export async function lastNumber(trx: PracticeTransaction, coupleId: string): Promise<number> {
  const row = await trx
    .selectFrom('couple_policies')
    .select(eb => eb.fn.max('number').as('number'))
    .where('practice_id', '=', trx.practiceId)
    .where('couple_id', '=', coupleId)
    .executeTakeFirst()
  return row?.number ?? 0
}

export async function insertPolicy(
  trx: PracticeTransaction,
  values: Pick<Insertable<CouplePolicies>, 'couple_id' | 'number'> & { id: string },
): Promise<void> {
  await trx
    .insertInto('couple_policies')
    .values({ ...values, practice_id: trx.practiceId })
    .execute()
}

export async function insertText(
  trx: PracticeTransaction,
  values: Omit<Insertable<CouplePolicyTexts>, 'practice_id'>,
): Promise<void> {
  await trx
    .insertInto('couple_policy_texts')
    .values({ ...values, practice_id: trx.practiceId })
    .execute()
}

/** Whether a draft or an offer of the couple waits. */
export async function hasOpen(trx: PracticeTransaction, coupleId: string): Promise<boolean> {
  const row = await trx
    .selectFrom('couple_policies')
    .select('id')
    .where('practice_id', '=', trx.practiceId)
    .where('couple_id', '=', coupleId)
    .where('status', '=', sql<string>`any(${['draft', 'offered']}::text[])`)
    .executeTakeFirst()
  return row !== undefined
}

/**
 * Changes a policy that was read under the couple's lock and so still has this version.
 *
 * @param stamped the time that is now
 */
export async function updatePolicy(
  trx: PracticeTransaction,
  id: string,
  version: number,
  changes: Updateable<CouplePolicies>,
  stamped?: 'offered_at' | 'in_force_at' | 'ended_at',
): Promise<void> {
  await trx
    .updateTable('couple_policies')
    .set({
      ...changes,
      ...(stamped ? { [stamped]: sql<Date>`now()` } : {}),
      version: version + 1,
      updated_at: sql<Date>`now()`,
    })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .where('version', '=', version)
    .execute()
}

/** Ends the policy that was in force until now, suspended or not, and says which it was. */
export function supersede(
  trx: PracticeTransaction,
  coupleId: string,
  except: string,
): Promise<{ id: string; version: number } | undefined> {
  return trx
    .updateTable('couple_policies')
    .set({
      status: 'superseded',
      ended_at: sql<Date>`now()`,
      updated_at: sql<Date>`now()`,
      version: sql<number>`version + 1`,
    })
    .where('practice_id', '=', trx.practiceId)
    .where('couple_id', '=', coupleId)
    .where('id', '<>', except)
    .where('status', '=', sql<string>`any(${['in_force', 'suspended']}::text[])`)
    .returning(['id', 'version'])
    .executeTakeFirst()
}

export async function insertAct(
  trx: PracticeTransaction,
  values: Omit<Insertable<CouplePolicySignatures>, 'practice_id'>,
): Promise<void> {
  await trx
    .insertInto('couple_policy_signatures')
    .values({ ...values, practice_id: trx.practiceId })
    .execute()
}

/** Signatures and withdrawals of these policies, in the order in which they were recorded. */
export function listActs(trx: PracticeTransaction, policyIds: readonly string[]): Promise<ActRow[]> {
  return trx
    .selectFrom('couple_policy_signatures')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('policy_id', '=', sql<string>`any(${policyIds}::uuid[])`)
    .orderBy('policy_id')
    .orderBy('policy_version')
    .execute()
}
