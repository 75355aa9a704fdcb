import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { OpenChart } from '../../charts/index.ts'
import type { CheckInTrends } from './trends.schemas.ts'

export type TrendPoint = CheckInTrends['points'][number]

const units = {
  day: sql`c.covers_on`,
  week: sql`(c.covers_on - (extract(isodow from c.covers_on)::int - 1))`,
} as const

/**
 * The series of a range, in one statement however many check-ins there are. What is said of a whole week is no day's, and
 * is left out of the series of days.
 */
export async function trendOf(
  trx: PracticeTransaction,
  chart: OpenChart,
  { from, to, by }: { from: string; to: string; by: 'day' | 'week' },
): Promise<TrendPoint[]> {
  const { rows } = await sql<TrendPoint>`
    with checked as materialized (select c.*, ${units[by]} as unit from check_ins c
      where c.practice_id = ${trx.practiceId} and c.chart_id = ${chart.id} and c.in_force
        and c.covers_on between ${from} and ${to}${by === 'day' ? sql` and c.kind = 'daily'` : sql``}),
    about as (select k.unit, a.addiction_id as "addictionId", round(avg(a.urge), 2)::float8 as "meanUrge",
        max(a.urge) as "maxUrge", count(*) filter (where a.inner_circle)::int as "innerDays",
        count(*) filter (where a.middle_circle)::int as "middleDays", count(*) filter (where a.outer_circle)::int as "outerDays"
      from checked k join check_in_addictions a on a.practice_id = k.practice_id and a.check_in_id = k.id group by 1, 2),
    listed as (select unit, jsonb_agg(to_jsonb(b) - 'unit' order by b."addictionId") as addictions from about b group by 1),
    series as (select unit, count(*)::int as "checkIns", round(avg(mood), 2)::float8 as mood,
        round(avg(stress), 2)::float8 as stress, round(avg(anxiety), 2)::float8 as anxiety,
        round(avg(irritability), 2)::float8 as irritability, round(avg(depression), 2)::float8 as depression,
        round(avg(dysphoria), 2)::float8 as dysphoria, round(avg(shame), 2)::float8 as shame,
        round(avg(hopelessness), 2)::float8 as hopelessness, round(avg(sleep_minutes), 2)::float8 as "sleepMinutes",
        round(avg(meetings), 2)::float8 as meetings, round(avg(contacts), 2)::float8 as contacts
      from checked group by 1)
    select s.unit as on, s."checkIns", s.mood, s.stress, s.anxiety, s.irritability, s.depression, s.dysphoria, s.shame,
      s.hopelessness, s."sleepMinutes", s.meetings, s.contacts, coalesce(l.addictions, '[]') as addictions
    from series s left join listed l on l.unit = s.unit order by s.unit`.execute(trx)
  return rows
}
