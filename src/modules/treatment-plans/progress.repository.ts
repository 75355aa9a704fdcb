import { type Insertable, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { TreatmentPlanProgress } from '../../lib/database/schema.ts'
import type { OpenPlan } from './plans.repository.ts'
import type { Standing } from './progress.rules.ts'

export interface ProgressRow extends Selectable<TreatmentPlanProgress> {
  standing: Standing | null
  /** The entry that replaces this one. */
  replaced_by_id: string | null
}

export interface LatestRow {
  objective_key: string
  occurred_on: string
  value: number | null
  standing: Standing | null
}

const entries = (trx: PracticeTransaction, { row }: OpenPlan) =>
  trx
    .selectFrom('treatment_plan_progress as g')
    .leftJoin('treatment_plan_progress as r', join =>
      join.onRef('r.practice_id', '=', 'g.practice_id').onRef('r.replaces_id', '=', 'g.id'),
    )
    .selectAll('g')
    .select([
      'r.id as replaced_by_id',
      ({ ref }) => ref('g.standing').$castTo<Standing | null>().as('standing'),
    ])
    .where('g.practice_id', '=', trx.practiceId)
    .where('g.plan_id', '=', row.id)

/** The newest day first; one row more than asked for. Entries that were replaced are among them. */
export function listProgress(
  trx: PracticeTransaction,
  plan: OpenPlan,
  objectiveKey: string,
  { limit, after }: { limit: number; after: readonly [occurredOn: string, id: string] | undefined },
): Promise<ProgressRow[]> {
  let query = entries(trx, plan).where('g.objective_key', '=', objectiveKey)
  if (after) {
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('g.occurred_on', 'g.id'), '<', tuple(after[0], after[1])),
    )
  }
  return query
    .orderBy('g.occurred_on', 'desc')
    .orderBy('g.id', 'desc')
    .limit(limit + 1)
    .execute()
}

export function findProgress(
  trx: PracticeTransaction,
  plan: OpenPlan,
  id: string,
): Promise<ProgressRow | undefined> {
  return entries(trx, plan).where('g.id', '=', id).executeTakeFirst()
}

/**
 * Of each objective the latest entry that has a value and the latest that has a standing, newest first: at most two
 * rows each, however many there are.
 */
export async function latestProgress(trx: PracticeTransaction, { row }: OpenPlan): Promise<LatestRow[]> {
  const { rows } = await sql<LatestRow>`
    select k.objective_key, l.occurred_on, l.value, l.standing
    from (select distinct objective_key from treatment_plan_progress
      where practice_id = ${trx.practiceId} and plan_id = ${row.id}) k
    cross join lateral (
      (select g.occurred_on, g.id, g.value, null::text as standing from treatment_plan_progress g
        where g.practice_id = ${trx.practiceId} and g.plan_id = ${row.id} and g.objective_key = k.objective_key
          and g.value is not null and ${isCurrent}
        order by g.occurred_on desc, g.id desc limit 1)
      union all
      (select g.occurred_on, g.id, null, g.standing from treatment_plan_progress g
        where g.practice_id = ${trx.practiceId} and g.plan_id = ${row.id} and g.objective_key = k.objective_key
          and g.standing is not null and ${isCurrent}
        order by g.occurred_on desc, g.id desc limit 1)
      union all
      (select g.occurred_on, g.id, null, null from treatment_plan_progress g
        where g.practice_id = ${trx.practiceId} and g.plan_id = ${row.id} and g.objective_key = k.objective_key
          and ${isCurrent}
        order by g.occurred_on desc, g.id desc limit 1)) l
    order by k.objective_key, l.occurred_on desc, l.id desc`.execute(trx)
  return rows
}

const isCurrent = sql`not exists (select from treatment_plan_progress r
  where r.practice_id = g.practice_id and r.replaces_id = g.id)`

export async function insertProgress(
  trx: PracticeTransaction,
  { row }: OpenPlan,
  values: Omit<Insertable<TreatmentPlanProgress>, 'practice_id' | 'plan_id'> & { id: string },
): Promise<ProgressRow> {
  const inserted = await trx
    .insertInto('treatment_plan_progress')
    .values({ ...values, practice_id: trx.practiceId, plan_id: row.id })
    .returningAll()
    .executeTakeFirstOrThrow()
  return { ...inserted, standing: inserted.standing as Standing | null, replaced_by_id: null }
}
