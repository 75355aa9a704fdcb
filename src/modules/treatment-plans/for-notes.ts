import { sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { OpenChart } from '../charts/index.ts'
import { openRevision } from './signed-content.ts'

// What notes of a chart ask of its plans.

export interface ObjectiveReference {
  planId: string
  objectiveKey: string
}

/** Which of these objectives some revision of a plan of this chart has: their places in the list. */
export const knownObjectives = (
  trx: PracticeTransaction,
  chart: OpenChart,
  references: readonly ObjectiveReference[],
): Promise<ReadonlySet<number>> =>
  knownObjectivesIn(
    trx,
    references.map(reference => ({ ...reference, chart })),
  )

/** The same of objectives in several charts, in one statement. */
export async function knownObjectivesIn(
  trx: PracticeTransaction,
  references: readonly (ObjectiveReference & { chart: OpenChart })[],
): Promise<ReadonlySet<number>> {
  if (references.length === 0) return new Set()
  const { rows } = await sql<{ place: number }>`
    select r.place::int as place
    from unnest(${references.map(({ chart }) => chart.id)}::uuid[], ${references.map(({ planId }) => planId)}::uuid[],
      ${references.map(({ objectiveKey }) => objectiveKey)}::text[])
      with ordinality as r (chart_id, plan_id, objective_key, place)
    join treatment_plans p on p.practice_id = ${trx.practiceId} and p.id = r.plan_id and p.chart_id = r.chart_id
    where exists (select from treatment_plan_objectives o where o.practice_id = p.practice_id
      and o.plan_id = p.id and o.objective_key = r.objective_key)`.execute(trx)
  return new Set(rows.map(({ place }) => place - 1))
}

/** What a note is begun with. */
export interface PlanForNotes {
  planId: string
  objectives: { key: string; text: string; instrumentKey: string | null }[]
  diagnoses: { system: 'icd10cm'; code: string }[]
}

/** The plan in force of a chart; undefined while there is none. */
export async function planInForce(
  trx: PracticeTransaction,
  chart: OpenChart,
): Promise<PlanForNotes | undefined> {
  const row = await trx
    .selectFrom('treatment_plans as p')
    .innerJoin('treatment_plan_revisions as r', join =>
      join
        .onRef('r.practice_id', '=', 'p.practice_id')
        .onRef('r.plan_id', '=', 'p.id')
        .onRef('r.revision', '=', 'p.in_force_revision'),
    )
    .select(['r.plan_id', 'r.revision', 'r.document_sealed'])
    .where('p.practice_id', '=', trx.practiceId)
    .where('p.chart_id', '=', chart.id)
    .where('p.status', '=', eb => eb.fn.any(eb.val(['client_review', 'active', 'under_review'])))
    .executeTakeFirst()
  if (!row) return undefined
  const { content } = (await openRevision(trx, row)).signed
  return {
    planId: row.plan_id,
    objectives: content.objectives.map(({ key, text, measure }) => ({
      key,
      text,
      instrumentKey: measure.instrumentKey,
    })),
    diagnoses: content.diagnoses.map(({ code }) => ({ system: 'icd10cm' as const, code })),
  }
}
