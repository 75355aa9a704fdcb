import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { TreatmentPlanChanges, TreatmentPlanDrafts, TreatmentPlans } from '../../lib/database/schema.ts'
import { isChartWithin, type OpenChart } from '../charts/index.ts'
import { openStatuses, type PlanStatus } from './plans.rules.ts'

export interface PlanRow extends Selectable<TreatmentPlans> {
  status: PlanStatus
}
export type DraftRow = Pick<Selectable<TreatmentPlanDrafts>, 'plan_id' | 'version' | 'document_sealed'>
export type ChangeRow = Selectable<TreatmentPlanChanges>

/** A plan in a chart whose door was passed. What reads or writes its text asks for one, not for an id. */
export interface OpenPlan {
  chart: OpenChart
  row: PlanRow
}

const plans = (trx: PracticeTransaction) =>
  trx
    .selectFrom('treatment_plans as p')
    .selectAll('p')
    .select(({ ref }) => ref('p.status').$castTo<PlanStatus>().as('status'))
    .where('p.practice_id', '=', trx.practiceId)

export function findPlan(
  trx: PracticeTransaction,
  chart: OpenChart,
  planId: string,
): Promise<PlanRow | undefined> {
  return plans(trx).where('p.chart_id', '=', chart.id).where('p.id', '=', planId).executeTakeFirst()
}

const inForceStatuses = ['client_review', 'active', 'under_review']

/** Newest first, one row more than asked for. `offered` leaves out what a client was not given. */
export function listPlans(
  trx: PracticeTransaction,
  chart: OpenChart,
  { limit, before, offered }: { limit: number; before: string | undefined; offered: boolean },
): Promise<PlanRow[]> {
  let query = plans(trx).where('p.chart_id', '=', chart.id)
  if (offered) {
    query = query.where(({ eb, or }) =>
      or([eb('p.in_force_revision', 'is not', null), eb('p.status', '=', 'client_review')]),
    )
  }
  if (before) query = query.where('p.id', '<', before)
  return query
    .orderBy('p.id', 'desc')
    .limit(limit + 1)
    .execute()
}

export interface WorklistPage {
  limit: number
  status: PlanStatus | undefined
  reviewDueBefore: string | undefined
  /** Review day and id of the last row before this page. */
  after: readonly [dueOn: string, id: string] | undefined
}

export interface WorklistRow extends PlanRow {
  /** The day of the review; `infinity`, which is after every day, where none is due yet. */
  due_key: string
  next_objective_on: string | null
}

/** Plans that have not ended, in the charts this actor reaches, by the day of their review. One row more than asked for. */
export function listOpenPlans(
  trx: PracticeTransaction,
  { limit, status, reviewDueBefore, after }: WorklistPage,
): Promise<WorklistRow[]> {
  const dueKey = sql<string>`coalesce(p.review_due_on, 'infinity'::date)`
  let query = plans(trx)
    .select(dueKey.as('due_key'))
    .select(
      sql<string | null>`(select min(o.due_on) from treatment_plan_objectives o
        where o.practice_id = p.practice_id and o.plan_id = p.id and o.revision = p.in_force_revision
          and coalesce((select g.standing from treatment_plan_progress g
            where g.practice_id = o.practice_id and g.plan_id = o.plan_id and g.objective_key = o.objective_key
              and g.standing is not null and not exists (select from treatment_plan_progress r
                where r.practice_id = g.practice_id and r.replaces_id = g.id)
            order by g.occurred_on desc, g.id desc limit 1), 'not_started')
            = any(array['not_started', 'in_progress']))`.as('next_objective_on'),
    )
    .where(isChartWithin(trx, 'p.chart_id', { dataClass: 'clinical', permission: 'plans:read' }))
    .where('p.status', '=', sql<string>`any(${status ? [status] : openStatuses}::text[])`)
  if (reviewDueBefore) query = query.where('p.review_due_on', '<', reviewDueBefore)
  if (after) query = query.where(sql<boolean>`(${dueKey}, p.id) > (${after[0]}::date, ${after[1]}::uuid)`)
  return query
    .orderBy(dueKey)
    .orderBy('p.id')
    .limit(limit + 1)
    .execute()
}

export async function insertPlan(
  trx: PracticeTransaction,
  chart: OpenChart,
  values: Pick<Insertable<TreatmentPlans>, 'clinician_id'> & { id: string },
): Promise<PlanRow> {
  const row = await trx
    .insertInto('treatment_plans')
    .values({ ...values, practice_id: trx.practiceId, chart_id: chart.id })
    .returningAll()
    .executeTakeFirstOrThrow()
  return { ...row, status: 'draft' }
}

/**
 * Changes a plan that still has this version; its lock decides between two who change it at once.
 *
 * @returns undefined when somebody was faster
 */
export async function changePlan(
  trx: PracticeTransaction,
  { row }: OpenPlan,
  changes: Updateable<TreatmentPlans> & { status?: PlanStatus },
): Promise<PlanRow | undefined> {
  const changed = await trx
    .updateTable('treatment_plans')
    .set({ ...changes, version: row.version + 1, updated_at: sql<Date>`now()` })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', row.id)
    .where('version', '=', row.version)
    .returningAll()
    .executeTakeFirst()
  return changed && { ...changed, status: changed.status as PlanStatus }
}

export type SupersededRow = Pick<PlanRow, 'id' | 'version' | 'revision' | 'chart_id' | 'review_due_on'>

/** Ends the plan of the chart that was in force until now, and says which it was. */
export function supersede(
  trx: PracticeTransaction,
  { chart, row }: OpenPlan,
): Promise<SupersededRow | undefined> {
  return trx
    .updateTable('treatment_plans')
    .set(eb => ({ status: 'superseded', version: eb('version', '+', 1), updated_at: sql<Date>`now()` }))
    .where('practice_id', '=', trx.practiceId)
    .where('chart_id', '=', chart.id)
    .where('id', '<>', row.id)
    .where('in_force_revision', 'is not', null)
    .where('status', '=', sql<string>`any(${inForceStatuses}::text[])`)
    .returning(['id', 'version', 'revision', 'chart_id', 'review_due_on'])
    .executeTakeFirst()
}

export function findDraft(trx: PracticeTransaction, { row }: OpenPlan): Promise<DraftRow | undefined> {
  return trx
    .selectFrom('treatment_plan_drafts')
    .select(['plan_id', 'version', 'document_sealed'])
    .where('practice_id', '=', trx.practiceId)
    .where('plan_id', '=', row.id)
    .executeTakeFirst()
}

/** Writes the draft of a plan whose head this transaction changed: its lock covers the draft. */
export async function putDraft(
  trx: PracticeTransaction,
  planId: string,
  version: number,
  document: Buffer,
): Promise<void> {
  const values = { document_sealed: document, version }
  await trx
    .insertInto('treatment_plan_drafts')
    .values({ ...values, practice_id: trx.practiceId, plan_id: planId })
    .onConflict(conflict =>
      conflict
        .constraint('treatment_plan_drafts_pkey')
        .doUpdateSet({ ...values, updated_at: sql<Date>`now()` }),
    )
    .execute()
}

/** Takes the draft of a plan away whose head this transaction changed. */
export async function dropDraft(trx: PracticeTransaction, planId: string): Promise<void> {
  await trx
    .deleteFrom('treatment_plan_drafts')
    .where('practice_id', '=', trx.practiceId)
    .where('plan_id', '=', planId)
    .execute()
}

export type NewChange = Omit<Insertable<TreatmentPlanChanges>, 'practice_id'>

export async function insertChanges(trx: PracticeTransaction, steps: readonly NewChange[]): Promise<void> {
  await trx
    .insertInto('treatment_plan_changes')
    .values(steps.map(step => ({ ...step, practice_id: trx.practiceId })))
    .execute()
}

/** Oldest first. */
export function listChanges(trx: PracticeTransaction, { row }: OpenPlan): Promise<ChangeRow[]> {
  return trx
    .selectFrom('treatment_plan_changes')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('plan_id', '=', row.id)
    .orderBy('id')
    .execute()
}
