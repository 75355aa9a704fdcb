import { type Insertable, type Selectable, sql, type UpdateObject } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { DB, SafetyPlanReviews, SafetyPlanRevisions, SafetyPlans } from '../../lib/database/schema.ts'
import { changeAtVersion, type RowVersion } from '../../lib/versions.ts'
import type { OpenChart } from '../charts/index.ts'
import { practiceToday } from '../practice/index.ts'
import type { PlanQuery } from './safety-plans.schemas.ts'

export type PlanRow = Selectable<SafetyPlans> & { review_overdue: boolean }
export type RevisionRow = Selectable<SafetyPlanRevisions>
export type ReviewRow = Selectable<SafetyPlanReviews>

const isOverdue = (trx: PracticeTransaction) =>
  sql<boolean>`coalesce(p.status = 'active' and p.review_due_on < ${practiceToday(trx)}, false)`

const plans = (trx: PracticeTransaction, chart: OpenChart) =>
  trx
    .selectFrom('safety_plans as p')
    .selectAll('p')
    .select(isOverdue(trx).as('review_overdue'))
    .where('p.practice_id', '=', trx.practiceId)
    .where('p.chart_id', '=', chart.id)

export function findPlan(
  trx: PracticeTransaction,
  chart: OpenChart,
  id: string,
): Promise<PlanRow | undefined> {
  return plans(trx, chart).where('p.id', '=', id).executeTakeFirst()
}

/** The plan that holds, if its copy was released to the client. */
export function findReleased(trx: PracticeTransaction, chart: OpenChart): Promise<PlanRow | undefined> {
  return plans(trx, chart)
    .where('p.status', '=', 'active')
    .where('p.released_at', 'is not', null)
    .executeTakeFirst()
}

/** One row more than asked for, newest first. */
export function listPlans(
  trx: PracticeTransaction,
  chart: OpenChart,
  { limit, before, reviewOverdue }: Omit<PlanQuery, 'cursor'> & { limit: number; before: string | undefined },
): Promise<PlanRow[]> {
  let query = plans(trx, chart)
  if (reviewOverdue !== undefined) query = query.where(isOverdue(trx), '=', reviewOverdue)
  if (before) query = query.where('p.id', '<', before)
  return query
    .orderBy('p.id', 'desc')
    .limit(limit + 1)
    .execute()
}

/** The database refuses a second one that holds. */
export async function insertPlan(
  trx: PracticeTransaction,
  values: Omit<Insertable<SafetyPlans>, 'practice_id'>,
): Promise<void> {
  await trx
    .insertInto('safety_plans')
    .values({ ...values, practice_id: trx.practiceId })
    .execute()
}

/** @throws Problem `stale-version` */
export const changePlan = (
  trx: PracticeTransaction,
  at: RowVersion,
  changes: UpdateObject<DB, 'safety_plans'>,
) => changeAtVersion(trx, 'safety_plans', at, changes)

export async function insertRevision(
  trx: PracticeTransaction,
  values: Omit<Insertable<SafetyPlanRevisions>, 'practice_id'>,
): Promise<void> {
  await trx
    .insertInto('safety_plan_revisions')
    .values({ ...values, practice_id: trx.practiceId })
    .execute()
}

export function findRevision(
  trx: PracticeTransaction,
  id: string,
  revision: number,
): Promise<RevisionRow | undefined> {
  return trx
    .selectFrom('safety_plan_revisions')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('safety_plan_id', '=', id)
    .where('revision', '=', revision)
    .executeTakeFirst()
}

export async function insertReview(
  trx: PracticeTransaction,
  values: Omit<Insertable<SafetyPlanReviews>, 'practice_id'>,
): Promise<void> {
  await trx
    .insertInto('safety_plan_reviews')
    .values({ ...values, practice_id: trx.practiceId })
    .execute()
}

/** Oldest first. */
export function listReviews(trx: PracticeTransaction, id: string): Promise<ReviewRow[]> {
  return trx
    .selectFrom('safety_plan_reviews')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('safety_plan_id', '=', id)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}
