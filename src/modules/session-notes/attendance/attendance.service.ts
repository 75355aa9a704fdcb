import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { limits } from '../../../lib/limits.ts'
import { type OpenChart, openChart } from '../../charts/index.ts'
import { clientToday } from '../../clients/index.ts'
import { rangeOf } from '../../recovery/index.ts'
import { notedPresence } from '../../scheduling/index.ts'
import { countedStatuses } from '../counted.ts'
import type { Attendance, AttendanceQuery } from './attendance.schemas.ts'

const usualDays = 365

/**
 * Attendance by month, as signed notes of the chart say it; of a group's chart as its signed records do.
 *
 * @throws Problem `not-found`, `invalid-request` for a range that is too long
 */
export async function attendanceOf(
  trx: PracticeTransaction,
  chartId: string,
  days: AttendanceQuery,
): Promise<Attendance> {
  trx.audit({ resourceType: 'attendance' })
  const chart = await openChart(trx, chartId, { dataClass: 'clinical', permission: 'notes:read' })
  const range = rangeOf(days, await clientToday(trx, chart), usualDays, limits.noteTrends.rangeDays)
  return { ...range, months: await countByMonth(trx, chart, range) }
}

/** The same of a chart whose door was passed, over all months of a range. */
export async function attendanceIn(
  trx: PracticeTransaction,
  chart: OpenChart,
  range: { from: string; to: string },
): Promise<{ attended: number; missed: number }> {
  const months = await countByMonth(trx, chart, range)
  const sum = (count: (month: Attendance['months'][number]) => number) =>
    months.reduce((total, month) => total + count(month), 0)
  return {
    attended: sum(({ present, late }) => present + late),
    missed: sum(({ absent, noShow }) => absent + noShow),
  }
}

async function countByMonth(
  trx: PracticeTransaction,
  chart: OpenChart,
  { from, to }: { from: string; to: string },
): Promise<Attendance['months']> {
  const { rows } = await sql<Attendance['months'][number]>`
    select to_char(a.session_date, 'YYYY-MM') as month, count(distinct a.id)::int as sessions,
      (count(*) filter (where a.presence = 'present'))::int as present,
      (count(*) filter (where a.presence = 'late'))::int as late,
      (count(*) filter (where a.presence = 'absent'))::int as absent,
      (count(*) filter (where a.presence = 'no_show'))::int as "noShow"
    from (${chart.kind === 'group' ? ofGroup(trx, chart) : ofNotes(trx, chart)}) as a
    where a.session_date between ${from}::date and ${to}::date
    group by 1 order by 1`.execute(trx)
  return rows
}

/**
 * Each person of each session once, however many wrote a note of its appointment or its blocks. Where they differ, that somebody came
 * counts before that they did not, and what is said more exactly before the rest. At a meeting of a group somebody was
 * as the meeting says.
 */
const ofNotes = (trx: PracticeTransaction, chart: OpenChart) => sql`
  select distinct on (coalesce(t.meeting_id, n.appointment_id, d.block_id, n.id), a.client_id)
    coalesce(t.meeting_id, n.appointment_id, d.block_id, n.id) as id, n.session_date, coalesce(met.presence, a.presence) as presence
  from session_notes n
  join session_note_attendance a on a.practice_id = n.practice_id and a.note_id = n.id and a.revision = n.revision
  left join session_note_meetings t on t.practice_id = n.practice_id and t.note_id = n.id
  left join lateral (select b.block_id from session_note_blocks b
    where b.practice_id = n.practice_id and b.note_id = n.id order by b.block_id limit 1) d on true
  left join lateral (select ${notedPresence('m.presence')} as presence from group_meeting_attendance m
    join therapy_group_members p on p.practice_id = m.practice_id and p.id = m.member_id
    where m.practice_id = n.practice_id and m.meeting_id = t.meeting_id and p.client_id = a.client_id limit 1) met on true
  where n.practice_id = ${trx.practiceId} and n.chart_id = ${chart.id} and n.status = any(${[...countedStatuses]}::text[])
  order by coalesce(t.meeting_id, n.appointment_id, d.block_id, n.id), a.client_id,
    array_position(array['late', 'present', 'no_show', 'absent'], coalesce(met.presence, a.presence)), n.session_date, n.id`

/** By the meeting that a record documents; where it documents none, by the record. */
const ofGroup = (trx: PracticeTransaction, chart: OpenChart) => sql`
  select s.id, s.session_date, ${notedPresence('m.presence')} as presence from group_sessions s
  join group_session_meetings t on t.practice_id = s.practice_id and t.group_session_id = s.id
  join group_meeting_attendance m on m.practice_id = t.practice_id and m.meeting_id = t.meeting_id
  where s.practice_id = ${trx.practiceId} and s.chart_id = ${chart.id} and s.status in ('signed', 'cosigned')
  union all
  select s.id, s.session_date, a.presence from group_sessions s
  join group_session_attendance a on a.practice_id = s.practice_id and a.group_session_id = s.id
    and a.revision = s.revision
  where s.practice_id = ${trx.practiceId} and s.chart_id = ${chart.id} and s.status in ('signed', 'cosigned')
    and not exists (select from group_session_meetings t where t.practice_id = s.practice_id
      and t.group_session_id = s.id)`
