import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../../lib/database/practice-transaction.ts'
import type { OpenChart } from '../../../charts/index.ts'
import { kinds } from '../kinds/index.ts'
import type { RevisionRow, Sight } from '../records.repository.ts'
import type { CheckedCompany } from './days-told.rules.ts'
import type { RunningContract } from './readiness.rules.ts'
import type { FigureRow, FigureStep } from './rows.ts'

/** Entries of logs that stay few, and are shown from the beginning. */
const fewLogs: readonly string[] = [
  'readiness',
  'attachment',
  'escalation_entry',
  'integration_rating',
  'modality_response',
]

const dated = kinds.filter(({ kind, log }) => log && !fewLogs.includes(kind)).map(({ kind }) => kind)
const whole = kinds.filter(({ kind, log }) => !log || fewLogs.includes(kind)).map(({ kind }) => kind)

const figureColumns = sql`r.id, r.kind, r.status, r.occurred_on as "occurredOn", r.review_on as "reviewOn",
  r.related_id as "relatedId", r.addiction_id as "addictionId", r.behavior_id as "behaviorId",
  r.plan_id as "treatmentPlanId", r.keys, r.measures`

/** What the figures of one chart are made of, oldest first: of logs what happened since a day, of the rest everything. */
export async function figureRows(
  trx: PracticeTransaction,
  { chart, classes }: Sight,
  since: string,
): Promise<FigureRow[]> {
  const { rows } = await sql<FigureRow>`
    select ${figureColumns}
    from recovery_records r
    where r.practice_id = ${trx.practiceId} and r.chart_id = ${chart.id} and r.data_class = any(${classes}::text[])
      and r.status <> 'withdrawn'
      and (r.kind = any(${whole}::text[]) or (r.kind = any(${dated}::text[]) and r.occurred_on >= ${since}))
    order by r.occurred_on, r.id`.execute(trx)
  return rows
}

/**
 * The harm-reduction goals of these behaviors with their entries since a day, oldest first. Goals of behaviors are
 * restricted.
 */
export async function harmReductionRows(
  trx: PracticeTransaction,
  chart: OpenChart,
  behaviorIds: readonly string[],
  since: string,
): Promise<FigureRow[]> {
  const { rows } = await sql<FigureRow>`
    with goals as (
      select g.id from recovery_records g
      where g.practice_id = ${trx.practiceId} and g.chart_id = ${chart.id} and g.kind = 'harm_reduction_goal'
        and g.behavior_id = any(${behaviorIds}::uuid[]) and g.status <> 'withdrawn')
    select ${figureColumns}
    from recovery_records r
    where r.practice_id = ${trx.practiceId} and r.chart_id = ${chart.id} and r.status <> 'withdrawn'
      and (r.id in (select id from goals) or (r.kind = 'harm_reduction_entry' and r.occurred_on >= ${since}
        and r.related_id in (select id from goals)))
    order by r.occurred_on, r.id`.execute(trx)
  return rows
}

/** What check-ins in force since a day say of company. */
export async function checkedCompany(
  trx: PracticeTransaction,
  { chart }: Sight,
  since: string,
): Promise<CheckedCompany[]> {
  const { rows } = await sql<CheckedCompany>`
    select kind, covers_on as "coversOn", meetings, contacts from check_ins
    where practice_id = ${trx.practiceId} and chart_id = ${chart.id} and in_force and covers_on >= ${since}
      and (meetings > 0 or contacts > 0)`.execute(trx)
  return rows
}

/** The steps of plans whose days are counted, in their order. */
export async function figureSteps(
  trx: PracticeTransaction,
  { chart, classes }: Sight,
): Promise<FigureStep[]> {
  const { rows } = await sql<FigureStep>`
    select v.record_id as "recordId", v.status, v.effective_on as "effectiveOn", v.reason_key as "reasonKey"
    from recovery_records r join recovery_record_revisions v on v.practice_id = r.practice_id and v.record_id = r.id
    where r.practice_id = ${trx.practiceId} and r.chart_id = ${chart.id} and r.data_class = any(${classes}::text[])
      and r.kind in ('containment_plan', 'tech_plan') and r.status <> 'withdrawn'
      and v.change in ('created', 'status_changed')
    order by v.record_id, v.version`.execute(trx)
  return rows
}

/** Every version of the consequences of a chart that count, record by record, with the day on which each happened. */
export async function consequenceRevisions(
  trx: PracticeTransaction,
  { chart, classes }: Sight,
): Promise<(RevisionRow & { occurred_on: string })[]> {
  const { rows } = await sql<RevisionRow & { occurred_on: string }>`
    select v.*, r.occurred_on
    from recovery_records r join recovery_record_revisions v on v.practice_id = r.practice_id and v.record_id = r.id
    where r.practice_id = ${trx.practiceId} and r.chart_id = ${chart.id} and r.data_class = any(${classes}::text[])
      and r.kind = 'consequence' and r.status <> 'withdrawn'
    order by v.record_id, v.version`.execute(trx)
  return rows
}

export async function runningContracts(
  trx: PracticeTransaction,
  { chart }: Sight,
): Promise<RunningContract[]> {
  const rows = await trx
    .selectFrom('abstinence_contracts')
    .select('addiction_id')
    .where('practice_id', '=', trx.practiceId)
    .where('chart_id', '=', chart.id)
    .where('is_running', '=', true)
    .execute()
  return rows.map(({ addiction_id }) => ({ addictionId: addiction_id }))
}
