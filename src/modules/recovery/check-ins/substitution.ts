import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { raiseAlert } from '../../alerts/index.ts'
import type { OpenChart } from '../../charts/index.ts'
import { thresholds } from '../thresholds.ts'
import { findSubstitutions, type RecentUse } from './substitution.rules.ts'

/**
 * What check-ins and lapses of the last three weeks say of each addiction, in one statement. A lapse counts for the
 * circle in which the definition of its day has its items, as everywhere; one that nobody placed counts as inner here. A
 * weekly form says what happened, not on which day: it can break a silence, and makes no day one that was told of.
 */
export async function recentUse(
  trx: PracticeTransaction,
  chart: OpenChart,
  today: string,
): Promise<RecentUse[]> {
  const quiet = thresholds.substitution_quiet.value
  const { rows } = await sql<RecentUse>`
    with told as (
      select a.addiction_id, c.covers_on as day, case c.kind when 'daily' then a.urge end as urge,
          coalesce(a.inner_circle, false) or coalesce(a.urge, 0) > 2 as loud,
          c.kind = 'daily' and (a.urge is not null or a.inner_circle is not null) as told
        from check_ins c join check_in_addictions a on a.practice_id = c.practice_id and a.check_in_id = c.id
        where c.practice_id = ${trx.practiceId} and c.chart_id = ${chart.id} and c.in_force
          and c.covers_on between ${today}::date - 20 and ${today}::date
      union all select l.addiction_id, l.occurred_on, null, coalesce((
          select bool_or(i.circle = 'inner') from lapse_items p
          join sobriety_definition_items i on i.practice_id = p.practice_id and i.item_id = p.item_id
            and i.definition_id = (select d.id from sobriety_definitions d
              where d.practice_id = l.practice_id and d.addiction_id = l.addiction_id and d.effective_from <= l.occurred_on
              order by d.number desc limit 1)
          where p.practice_id = l.practice_id and p.lapse_id = l.id), coalesce(l.circle, 'inner') = 'inner'), true
        from lapses l
        join recovery_documents d on d.practice_id = l.practice_id and d.id = l.id and d.status <> 'withdrawn'
        where l.practice_id = ${trx.practiceId} and l.chart_id = ${chart.id}
          and l.occurred_on between ${today}::date - 20 and ${today}::date)
    select addiction_id as "addictionId",
      avg(urge) filter (where day > ${today}::date - 7)::float8 as "urgeThisWeek",
      avg(urge) filter (where day <= ${today}::date - 7)::float8 as "urgeBefore",
      count(distinct day) filter (where day > ${today}::date - ${quiet}::int and loud)::int as "loudDays",
      count(distinct day) filter (where day > ${today}::date - ${quiet}::int and told)::int as "toldDays"
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
