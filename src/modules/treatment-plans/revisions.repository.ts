import { type Insertable, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type {
  TreatmentPlanObjectives,
  TreatmentPlanReviews,
  TreatmentPlanRevisions,
  TreatmentPlanSignatures,
} from '../../lib/database/schema.ts'
import type { OpenPlan } from './plans.repository.ts'

// What was offered, signed and found in reviews. The runtime role may add to these tables and read them, nothing else.

export type RevisionRow = Selectable<TreatmentPlanRevisions>
export type SignatureRow = Selectable<TreatmentPlanSignatures>
export type ReviewRow = Selectable<TreatmentPlanReviews>

type New<Table> = Omit<Insertable<Table>, 'practice_id' | 'plan_id'>

const ofPlan = (trx: PracticeTransaction, { row }: OpenPlan) => ({
  practice_id: trx.practiceId,
  plan_id: row.id,
})

export async function insertRevision(
  trx: PracticeTransaction,
  plan: OpenPlan,
  values: New<TreatmentPlanRevisions>,
): Promise<void> {
  await trx
    .insertInto('treatment_plan_revisions')
    .values({ ...values, ...ofPlan(trx, plan) })
    .execute()
}

export async function insertObjectives(
  trx: PracticeTransaction,
  plan: OpenPlan,
  rows: readonly New<TreatmentPlanObjectives>[],
): Promise<void> {
  const values = rows.map(row => ({ ...row, ...ofPlan(trx, plan) }))
  await trx.insertInto('treatment_plan_objectives').values(values).execute()
}

export function findRevision(
  trx: PracticeTransaction,
  { row }: OpenPlan,
  revision: number,
): Promise<RevisionRow | undefined> {
  return trx
    .selectFrom('treatment_plan_revisions')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('plan_id', '=', row.id)
    .where('revision', '=', revision)
    .executeTakeFirst()
}

/** Whether a revision has an objective of this key. */
export async function hasObjective(
  trx: PracticeTransaction,
  { row }: OpenPlan,
  revision: number,
  objectiveKey: string,
): Promise<boolean> {
  const found = await trx
    .selectFrom('treatment_plan_objectives')
    .select('objective_key')
    .where('practice_id', '=', trx.practiceId)
    .where('plan_id', '=', row.id)
    .where('revision', '=', revision)
    .where('objective_key', '=', objectiveKey)
    .executeTakeFirst()
  return found !== undefined
}

/** Newest first, one row more than asked for. */
export function listRevisions(
  trx: PracticeTransaction,
  { row }: OpenPlan,
  { limit, before }: { limit: number; before: number | undefined },
): Promise<RevisionRow[]> {
  let query = trx
    .selectFrom('treatment_plan_revisions')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('plan_id', '=', row.id)
  if (before !== undefined) query = query.where('revision', '<', before)
  return query
    .orderBy('revision', 'desc')
    .limit(limit + 1)
    .execute()
}

export async function insertSignature(
  trx: PracticeTransaction,
  plan: OpenPlan,
  values: New<TreatmentPlanSignatures>,
): Promise<void> {
  await trx
    .insertInto('treatment_plan_signatures')
    .values({ ...values, ...ofPlan(trx, plan) })
    .execute()
}

/** Signatures on these revisions, in the order in which they were recorded. */
export function listSignatures(
  trx: PracticeTransaction,
  { row }: OpenPlan,
  revisions: readonly number[],
): Promise<SignatureRow[]> {
  return trx
    .selectFrom('treatment_plan_signatures')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('plan_id', '=', row.id)
    .where('revision', '=', sql<number>`any(${revisions}::int[])`)
    .orderBy('recorded_at')
    .orderBy('signer_id')
    .execute()
}

/**
 * Whether whoever signed the present revision as the clinician, or is to sign it, needs a co-signature now.
 *
 * @param signing who is about to sign it as the clinician
 */
export async function needsCosign(
  trx: PracticeTransaction,
  { row }: OpenPlan,
  signing: string | null = null,
): Promise<boolean> {
  const signer = sql<string>`coalesce(${signing}::uuid, (select s.staff_id from treatment_plan_signatures s
    where s.practice_id = ${trx.practiceId} and s.plan_id = ${row.id} and s.revision = ${row.revision}
      and s.role = 'clinician'), ${row.clinician_id}::uuid)`
  const clinician = await trx
    .selectFrom('staff_members')
    .select('cosign_required')
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', signer)
    .executeTakeFirst()
  return clinician?.cosign_required ?? false
}

export async function insertReview(
  trx: PracticeTransaction,
  plan: OpenPlan,
  values: New<TreatmentPlanReviews> & { id: string },
): Promise<ReviewRow> {
  return trx
    .insertInto('treatment_plan_reviews')
    .values({ ...values, ...ofPlan(trx, plan) })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** The day of the latest review; null before the first one. */
export async function lastReviewedOn(trx: PracticeTransaction, { row }: OpenPlan): Promise<string | null> {
  const found = await trx
    .selectFrom('treatment_plan_reviews')
    .select('reviewed_on')
    .where('practice_id', '=', trx.practiceId)
    .where('plan_id', '=', row.id)
    .orderBy('reviewed_on', 'desc')
    .limit(1)
    .executeTakeFirst()
  return found?.reviewed_on ?? null
}

/** Newest first, one row more than asked for. */
export function listReviews(
  trx: PracticeTransaction,
  { row }: OpenPlan,
  { limit, before }: { limit: number; before: string | undefined },
): Promise<ReviewRow[]> {
  let query = trx
    .selectFrom('treatment_plan_reviews')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('plan_id', '=', row.id)
  if (before) query = query.where('id', '<', before)
  return query
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
}
