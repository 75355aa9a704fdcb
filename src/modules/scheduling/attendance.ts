import { sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { OpenChart } from '../charts/index.ts'
import { wordsOf } from './appointments.rules.ts'

/** When the last session of this chart that took place ended; null before the first. */
export async function lastAttendedAt(trx: PracticeTransaction, chart: OpenChart): Promise<Date | null> {
  const row = await trx
    .selectFrom('appointments')
    .select('actual_ends_at')
    .where('practice_id', '=', trx.practiceId)
    .where('chart_id', '=', chart.id)
    .where(({ eb, fn, val }) => eb('status', '=', fn.any(val(wordsOf('completed')))))
    .orderBy('actual_ends_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.actual_ends_at ?? null
}

/** What became of the appointments of a chart. */
export interface Attendance {
  attended: number
  missed: number
  canceled: number
}

/**
 * Counts the appointments of a chart by what became of them; those that are still to come are not counted.
 *
 * @param period the first and the last day, each in the zone of the appointment
 */
export async function countAttendance(
  trx: PracticeTransaction,
  chart: OpenChart,
  { from, to }: { from: string; to: string },
): Promise<Attendance> {
  // No zone is a day away from UTC: what the index finds by the instant is a little more than what the days select.
  const { rows } = await sql<Attendance>`
    select (count(*) filter (where status = any(${wordsOf('completed')})))::int as attended,
      (count(*) filter (where status = 'no_show'))::int as missed,
      (count(*) filter (where status in ('canceled', 'late_canceled')))::int as canceled
    from appointments
    where practice_id = ${trx.practiceId} and chart_id = ${chart.id}
      and starts_at >= (${from}::date - 1)::timestamp at time zone 'UTC'
      and starts_at < (${to}::date + 2)::timestamp at time zone 'UTC'
      and (starts_at at time zone time_zone)::date between ${from}::date and ${to}::date`.execute(trx)
  return rows[0] ?? { attended: 0, missed: 0, canceled: 0 }
}

/**
 * True of appointments `a` that were kept for a client in vain: not come to, or canceled late by the client. What the
 * practice canceled was not missed.
 */
export const missedByClient = sql<boolean>`(a.status = 'no_show' or (a.status = 'late_canceled' and a.cancellation_by = 'client'))`

/** What became of the appointments of a month. */
export interface AttendanceOfMonth {
  /** `YYYY-MM`, in the zone of the appointment. */
  month: string
  attended: number
  noShow: number
  lateCanceled: number
  canceled: number
}

/** Months of a chart with appointments in these days, oldest first; late cancellations are the client's own. */
export async function attendanceByMonth(
  trx: PracticeTransaction,
  chart: OpenChart,
  { from, to }: { from: string; to: string },
): Promise<AttendanceOfMonth[]> {
  const { rows } = await sql<AttendanceOfMonth>`
    select to_char(a.starts_at at time zone a.time_zone, 'YYYY-MM') as month,
      (count(*) filter (where a.status = any(${wordsOf('completed')})))::int as attended,
      (count(*) filter (where a.status = 'no_show'))::int as "noShow",
      (count(*) filter (where a.status = 'late_canceled' and ${missedByClient}))::int as "lateCanceled",
      (count(*) filter (where a.status in ('canceled', 'late_canceled') and not ${missedByClient}))::int as canceled
    from appointments a
    where a.practice_id = ${trx.practiceId} and a.chart_id = ${chart.id}
      and a.starts_at >= (${from}::date - 1)::timestamp at time zone 'UTC'
      and a.starts_at < (${to}::date + 2)::timestamp at time zone 'UTC' and a.starts_at <= now()
      and (a.starts_at at time zone a.time_zone)::date between ${from}::date and ${to}::date
    group by 1 order by 1`.execute(trx)
  return rows
}
