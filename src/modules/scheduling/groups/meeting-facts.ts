import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'

/** Whether somebody was there, as notes say it: who left early was present, and an excused absence is one. */
export type NotedPresence = 'present' | 'late' | 'absent'

/** What notes need to know of a meeting of a group. */
export interface MeetingFacts {
  id: string
  /** The group's chart. */
  chartId: string
  facilitatorIds: string[]
  status: 'scheduled' | 'held' | 'canceled'
  timeZone: string
  /** When it really took place; null until attendance is recorded. */
  actualStartsAt: Date | null
  actualEndsAt: Date | null
  /** What it was to be about: its own topic, or what the curriculum has at its place. */
  topic: string | null
  attendance: { clientId: string; presence: NotedPresence }[]
}

/** The presence of a meeting (`group_meeting_attendance`), as notes say it. For use inside another statement. */
export const notedPresence = (column: string) =>
  sql<NotedPresence>`case ${sql.ref(column)} when 'late' then 'late' when 'absent' then 'absent'
    when 'absent_excused' then 'absent' else 'present' end`

/**
 * A meeting, whoever asks: only for code that compares it with a chart whose door was passed, and says nothing of it
 * otherwise.
 */
export async function findMeetingFacts(
  trx: PracticeTransaction,
  id: string,
): Promise<MeetingFacts | undefined> {
  const { rows } = await sql<MeetingFacts>`
    select m.id, g.chart_id as "chartId", m.facilitator_ids as "facilitatorIds", m.status, m.time_zone as "timeZone",
      m.actual_starts_at as "actualStartsAt", m.actual_ends_at as "actualEndsAt",
      coalesce(m.topic, g.curriculum[1 + (select count(*) from group_meetings e
        where e.practice_id = m.practice_id and e.group_id = m.group_id and e.status <> 'canceled'
          and (e.starts_at, e.id) < (m.starts_at, m.id))::int]) as topic,
      (select coalesce(jsonb_agg(jsonb_build_object('clientId', p.client_id, 'presence', ${notedPresence('a.presence')})
          order by p.id), '[]')
        from group_meeting_attendance a
        join therapy_group_members p on p.practice_id = a.practice_id and p.id = a.member_id
        where a.practice_id = m.practice_id and a.meeting_id = m.id) as attendance
    from group_meetings m
    join therapy_groups g on g.practice_id = m.practice_id and g.id = m.group_id
    where m.practice_id = ${trx.practiceId} and m.id = ${id}`.execute(trx)
  return rows[0]
}
