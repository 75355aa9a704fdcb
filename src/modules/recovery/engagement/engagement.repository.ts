import { type RawBuilder, sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { OpenChart } from '../../charts/index.ts'
import { practiceToday } from '../../practice/index.ts'
import { missedByClient } from '../../scheduling/index.ts'
import { thresholds } from '../thresholds.ts'
import type { EngagementFacts } from './engagement.rules.ts'

const windowDays = thresholds.engagement_window.value

/** The mean of the four answers of a feedback `r`. */
const meanOf = sql<number>`(r.measures[1] + r.measures[2] + r.measures[3] + r.measures[4]) / 4`

/** Only what everybody with a clinical look into the chart may see: an alert is made of it. */
const counts = (trx: PracticeTransaction, kind: string) => sql<boolean>`r.practice_id = c.practice_id
  and r.chart_id = c.id and r.kind = ${kind} and r.status = 'recorded' and r.data_class = 'clinical'
  and r.occurred_on > ${practiceToday(trx)} - ${windowDays}::int`

type Facts = EngagementFacts & { chartId: string }

/** The facts of open individual charts `c`, in one statement. */
async function factsOf(trx: PracticeTransaction, which: RawBuilder<boolean>): Promise<Facts[]> {
  const { rows } = await sql<Facts>`
    select c.id as "chartId", sessions.missed, sessions.last as "lastMissedOn",
      coalesce(feedback.means, '{}') as feedback, feedback.last as "lastFeedbackOn",
      readiness.fall as "readinessFall", readiness.last as "lastReadinessOn"
    from charts c
    cross join lateral (
      select count(*)::int as missed, max((a.starts_at at time zone a.time_zone)::date) as last
      from appointments a
      where a.practice_id = c.practice_id and a.chart_id = c.id and ${missedByClient}
        and a.starts_at > now() - make_interval(days => ${windowDays}::int) and a.starts_at <= now()) sessions
    cross join lateral (
      select array_agg(f.mean order by f.occurred_on desc, f.id desc) as means, max(f.occurred_on) as last
      from (select r.id, r.occurred_on, ${meanOf} as mean from recovery_records r where ${counts(trx, 'session_feedback')}
        order by r.occurred_on desc, r.id desc limit 4) f) feedback
    cross join lateral (
      select max(p.was - p.is_now) as fall, max(p.occurred_on) as last
      from (select r.occurred_on, r.measures[3] as is_now,
          lead(r.measures[3]) over about as was, row_number() over about as place
        from recovery_records r where ${counts(trx, 'readiness')}
        window about as (partition by r.addiction_id order by r.occurred_on desc, r.id desc)) p
      where p.place = 1) readiness
    where c.practice_id = ${trx.practiceId} and ${which}`.execute(trx)
  return rows
}

/** @throws Error for a chart that is not there: it was opened before */
export async function factsOfChart(trx: PracticeTransaction, chart: OpenChart): Promise<EngagementFacts> {
  const [facts] = await factsOf(trx, sql<boolean>`c.id = ${chart.id}`)
  if (!facts) throw new Error('A chart that was opened is not there')
  return facts
}

/** Of every open individual chart in which anything was missed or fell. */
export const factsOfPractice = (trx: PracticeTransaction): Promise<Facts[]> =>
  factsOf(
    trx,
    sql<boolean>`c.kind = 'individual' and c.status = 'open'
      and (sessions.missed > 0 or cardinality(feedback.means) > 1 or readiness.fall > 0)`,
  )

/** A feedback as its series shows it. */
export interface FeedbackRow {
  recordId: string
  occurredOn: string
  appointmentId: string | null
  enteredBy: 'staff' | 'client'
  pace: string | null
  setting: string | null
  measures: readonly (number | null)[]
}

/** The latest ones, newest first. */
export function latestFeedback(
  trx: PracticeTransaction,
  chart: OpenChart,
  most: number,
): Promise<FeedbackRow[]> {
  return trx
    .selectFrom('recovery_records as r')
    .select([
      'r.id as recordId',
      'r.occurred_on as occurredOn',
      'r.appointment_id as appointmentId',
      'r.measures',
    ])
    .select([
      sql<'staff' | 'client'>`r.entered_by`.as('enteredBy'),
      sql<string | null>`r.keys[1]`.as('pace'),
      sql<string | null>`r.keys[2]`.as('setting'),
    ])
    .where('r.practice_id', '=', trx.practiceId)
    .where('r.chart_id', '=', chart.id)
    .where('r.kind', '=', 'session_feedback')
    .where('r.status', '=', 'recorded')
    .where('r.data_class', '=', 'clinical')
    .orderBy('r.occurred_on', 'desc')
    .orderBy('r.id', 'desc')
    .limit(most)
    .execute()
}
