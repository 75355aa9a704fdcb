import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { seesEveryAppointment } from '../appointments.access.ts'
import { wordsOf } from '../appointments.rules.ts'
import { allBooked } from '../calendar/booked-times.ts'
import type { WeeklySpan } from '../slots/free-time.rules.ts'

/** A time, and whose: of everybody whose appointments the caller may list. */
interface Period {
  from: Date
  to: Date
}

/** True of `staff_members s` whose appointments the caller may list: all, or the own ones and those of supervisees. */
const isShown = (trx: PracticeTransaction) =>
  seesEveryAppointment(trx)
    ? sql<boolean>`true`
    : sql<boolean>`(s.id = ${trx.scope.actor.staffId} or s.supervisor_id = ${trx.scope.actor.staffId})`

export interface BookedMinutes {
  id: string
  bookedMinutes: number
  completedMinutes: number
}

/** Minutes of the period in which something is booked, by clinician. Those who gave up the work are there if they had any. */
export async function findBookedOfClinicians(
  trx: PracticeTransaction,
  period: Period,
): Promise<(BookedMinutes & { isActive: boolean })[]> {
  const { rows } = await sql<BookedMinutes & { isActive: boolean }>`
    select s.id, s.status = 'active' and 'clinician' = any(s.roles) as "isActive",
      coalesce(${minutesOf('k.booked')}, 0) as "bookedMinutes",
      coalesce(${minutesOf('k.completed')}, 0) as "completedMinutes"
    from staff_members s
    left join (
      select whose.id, ${booked(period)} as booked, ${booked(period)} filter (where ${isCompleted}) as completed
      from ${allBooked(trx, period)} b cross join lateral unnest(b.clinician_ids) whose(id)
      group by whose.id
    ) k on k.id = s.id
    where s.practice_id = ${trx.practiceId} and ${isShown(trx)}
    order by s.display_name, s.id`.execute(trx)
  return rows
}

export interface RoomMinutes {
  id: string
  timeZone: string
  openingHours: WeeklySpan[] | null
  bookedMinutes: number
}

export async function findBookedOfRooms(trx: PracticeTransaction, period: Period): Promise<RoomMinutes[]> {
  const { rows } = await sql<RoomMinutes>`
    select r.id, l.time_zone as "timeZone", r.opening_hours as "openingHours",
      coalesce(${minutesOf('k.booked')}, 0) as "bookedMinutes"
    from rooms r
    join locations l on l.practice_id = r.practice_id and l.id = r.location_id
    left join (
      select b.room_id, ${booked(period)} as booked from ${allBooked(trx, period)} b group by b.room_id
    ) k on k.room_id = r.id
    where r.practice_id = ${trx.practiceId} and (r.status = 'active' or k.room_id is not null)
    order by l.name, r.name, r.id`.execute(trx)
  return rows
}

/** What of `b` lies in the period, with nothing counted twice. */
const booked = ({ from, to }: Period) =>
  sql`range_agg(tstzrange(greatest(b.starts_at, ${from}::timestamptz), least(b.ends_at, ${to}::timestamptz)))`

const isCompleted = sql<boolean>`b.status in ('completed', 'attended', 'delivered', 'partly_delivered', 'held')`

const minutesOf = (column: 'k.booked' | 'k.completed') =>
  sql<number>`(select (sum(extract(epoch from upper(span) - lower(span))) / 60)::int from unnest(${sql.ref(column)}) span)`

export interface Outcomes {
  clinicianId: string
  completed: number
  noShow: number
  lateCanceled: number
  canceled: number
  unrecorded: number
}

/** What became of the appointments that start in the period, by clinician. */
export async function countOutcomes(trx: PracticeTransaction, { from, to }: Period): Promise<Outcomes[]> {
  const { rows } = await sql<Outcomes>`
    select s.id as "clinicianId",
      (count(*) filter (where a.status = any(${wordsOf('completed')})))::int as completed,
      (count(*) filter (where a.status = 'no_show'))::int as "noShow",
      (count(*) filter (where a.status = 'late_canceled'))::int as "lateCanceled",
      (count(*) filter (where a.status = 'canceled'))::int as canceled,
      (count(*) filter (where a.ends_at <= now() and a.status = any(${openWords})))::int as unrecorded
    from appointments a
    join staff_members s on s.practice_id = a.practice_id and s.id = a.clinician_id
    where a.practice_id = ${trx.practiceId} and a.starts_at >= ${from} and a.starts_at < ${to} and ${isShown(trx)}
    group by s.id, s.display_name
    order by s.display_name, s.id`.execute(trx)
  return rows
}

const openWords = (['scheduled', 'confirmed', 'arrived', 'in_session'] as const).flatMap(wordsOf)
