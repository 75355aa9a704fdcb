import { type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { GroupMeetings } from '../../../lib/database/schema.ts'
import { isChartWithin, toReadChart } from '../../charts/index.ts'
import type { Period } from '../appointments.rules.ts'

export type MeetingColumns = Selectable<GroupMeetings>

export type MeetingRow = MeetingColumns & {
  chart_id: string
  group_name: string
  attendance: { groupMemberId: string; presence: string }[]
}

const meetings = (trx: PracticeTransaction) =>
  trx
    .selectFrom('group_meetings as m')
    .innerJoin('therapy_groups as g', join =>
      join.onRef('g.practice_id', '=', 'm.practice_id').onRef('g.id', '=', 'm.group_id'),
    )
    .innerJoin('charts as c', join =>
      join.onRef('c.practice_id', '=', 'g.practice_id').onRef('c.id', '=', 'g.chart_id'),
    )
    .selectAll('m')
    .select([
      'g.chart_id',
      sql<string>`c.name`.as('group_name'),
      sql<MeetingRow['attendance']>`(
        select coalesce(jsonb_agg(jsonb_build_object('groupMemberId', t.member_id, 'presence', t.presence)
          order by t.member_id), '[]')
        from group_meeting_attendance t where t.practice_id = m.practice_id and t.meeting_id = m.id)`.as(
        'attendance',
      ),
    ])
    .where('m.practice_id', '=', trx.practiceId)

/** Without asking who may see it: the door of the group's chart does. */
export function findMeeting(trx: PracticeTransaction, id: string): Promise<MeetingRow | undefined> {
  return meetings(trx).where('m.id', '=', id).executeTakeFirst()
}

export interface MeetingFilter {
  from: Date
  to: Date
  groupId?: string | undefined
  clinicianId?: string | undefined
  locationId?: string | undefined
}

/** One row more than asked for, by start and id, of groups whose chart the caller may see. */
export function listMeetings(
  trx: PracticeTransaction,
  filter: MeetingFilter,
  page: { limit: number; after: { startsAt: string; id: string } | undefined },
): Promise<MeetingRow[]> {
  let query = meetings(trx)
    .where('m.starts_at', '>=', filter.from)
    .where('m.starts_at', '<', filter.to)
    .where(isChartWithin(trx, 'g.chart_id', toReadChart))
  if (filter.groupId) query = query.where('m.group_id', '=', filter.groupId)
  if (filter.clinicianId)
    query = query.where(sql<boolean>`${filter.clinicianId}::uuid = any(m.facilitator_ids)`)
  if (filter.locationId) query = query.where('m.location_id', '=', filter.locationId)
  if (page.after) {
    const { startsAt, id } = page.after
    query = query
      .where('m.starts_at', '>=', new Date(startsAt))
      .where(e => e.or([e('m.starts_at', '>', new Date(startsAt)), e('m.id', '>', id)]))
  }
  return query
    .orderBy('m.starts_at')
    .orderBy('m.id')
    .limit(page.limit + 1)
    .execute()
}

/** What all meetings that are booked together have in common. */
export type MeetingPlace = Pick<
  MeetingColumns,
  | 'group_id'
  | 'facilitator_ids'
  | 'mode'
  | 'location_id'
  | 'room_id'
  | 'time_zone'
  | 'buffer_before_minutes'
  | 'buffer_after_minutes'
>

/** Writes many meetings at one place in one statement. */
export async function insertMeetings(
  trx: PracticeTransaction,
  place: MeetingPlace,
  times: readonly (Period & { id: string; topic: string | null })[],
): Promise<void> {
  await sql`
    insert into group_meetings (practice_id, id, group_id, facilitator_ids, mode, location_id, room_id, time_zone,
      buffer_before_minutes, buffer_after_minutes, starts_at, ends_at, topic)
    select ${trx.practiceId}, t.id, ${place.group_id}::uuid, ${place.facilitator_ids}::uuid[], ${place.mode},
      ${place.location_id}::uuid, ${place.room_id}::uuid, ${place.time_zone}, ${place.buffer_before_minutes}::int,
      ${place.buffer_after_minutes}::int, t.starts_at, t.ends_at, t.topic
    from unnest(${times.map(({ id }) => id)}::uuid[], ${times.map(({ startsAt }) => startsAt)}::timestamptz[],
      ${times.map(({ endsAt }) => endsAt)}::timestamptz[], ${times.map(({ topic }) => topic)}::text[])
      as t(id, starts_at, ends_at, topic)`.execute(trx)
}

/** By start. */
export function findMeetings(trx: PracticeTransaction, ids: readonly string[]): Promise<MeetingRow[]> {
  return meetings(trx).where('m.id', '=', sql<string>`any(${ids}::uuid[])`).orderBy('m.starts_at').execute()
}

/** Scheduled meetings of a group that have not begun, held until the end of the transaction. */
export function lockComing(trx: PracticeTransaction, groupId: string): Promise<MeetingColumns[]> {
  return trx
    .selectFrom('group_meetings')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('group_id', '=', groupId)
    .where('status', '=', 'scheduled')
    .where('starts_at', '>', sql<Date>`now()`)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
}

export async function cancelMeetings(
  trx: PracticeTransaction,
  ids: readonly string[],
  reason: string,
): Promise<void> {
  await sql`
    update group_meetings set status = 'canceled', canceled_at = now(), cancellation_reason = ${reason},
      version = version + 1, updated_at = now()
    where practice_id = ${trx.practiceId} and id = any(${ids}::uuid[])`.execute(trx)
}

/** Who was there; what was recorded before is corrected. It leaves with COMMIT. */
export function recordAttendance(
  trx: PracticeTransaction,
  meetingId: string,
  members: readonly { id: string; presence: string }[],
): void {
  const presences = members.map(({ presence }) => presence)
  trx.later(
    sql`
      insert into group_meeting_attendance (practice_id, meeting_id, member_id, presence, recorded_by)
      select ${trx.practiceId}, ${meetingId}, m.id, m.presence, ${trx.scope.actor.staffId}::uuid
      from unnest(${members.map(({ id }) => id)}::uuid[], ${presences}::text[]) as m(id, presence)
      on conflict (practice_id, meeting_id, member_id) do update
      set presence = excluded.presence, recorded_by = excluded.recorded_by, recorded_at = now()`.compile(trx),
  )
}
