import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { raiseAlert } from '../../alerts/index.ts'
import type { OpenChart } from '../../charts/index.ts'
import { thresholds } from '../thresholds.ts'
import { findSubstitutions, type RecentUse } from './substitution.rules.ts'

/** What daily check-ins and lapses of the last three weeks say of each addiction, in one statement. */
export async function recentUse(
  trx: PracticeTransaction,
  chart: OpenChart,
  today: string,
): Promise<RecentUse[]> {
  const quiet = thresholds.substitution_quiet.value
  const { rows } = await sql<RecentUse>`
    with told as (
      select a.addiction_id, c.covers_on as day, a.urge, coalesce(a.inner_circle, false) as inner_circle from check_ins c
        join check_in_addictions a on a.practice_id = c.practice_id and a.check_in_id = c.id
        where c.practice_id = ${trx.practiceId} and c.chart_id = ${chart.id} and c.in_force and c.kind = 'daily'
          and c.covers_on between ${today}::date - 20 and ${today}::date
      union all select l.addiction_id, l.occurred_on, null, coalesce(l.circle, 'inner') = 'inner' from lapses l
        join recovery_documents d on d.practice_id = l.practice_id and d.id = l.id and d.status <> 'withdrawn'
        where l.practice_id = ${trx.practiceId} and l.chart_id = ${chart.id}
          and l.occurred_on between ${today}::date - 20 and ${today}::date)
    select addiction_id as "addictionId",
      avg(urge) filter (where day > ${today}::date - 7)::float8 as "urgeThisWeek",
      avg(urge) filter (where day <= ${today}::date - 7)::float8 as "urgeBefore",
      count(*) filter (where day > ${today}::date - ${quiet}::int and (inner_circle or urge > 2))::int as "loudDays",
      count(distinct day) filter (where day > ${today}::date - ${quiet}::int)::int as "toldDays"
    from told group by 1`.execute(trx)
  return rows
}

/** Alerts where one addiction has fallen silent while another one rises. */
export async function alertOfSubstitution(
  trx: PracticeTransaction,
  chart: OpenChart,
  { uses, today }: { uses: readonly RecentUse[]; today: string },
): Promise<void> {
  const told = findSubstitutions(uses).map(async ({ silentId, risingId, rise }) => {
    const alertId = await raiseAlert(trx, chart, {
      rule: 'substitution',
      severity: 'attention',
      key: `${silentId}.${risingId}`,
      evidence: { silentAddictionId: silentId, risingAddictionId: risingId, rise, on: today },
    })
    if (alertId) emit(trx, { type: 'substitution.detected', resourceId: risingId, chartId: chart.id })
  })
  await Promise.all(told)
}
