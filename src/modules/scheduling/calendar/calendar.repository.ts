import { type RawBuilder, sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { reaches } from '../../charts/access-policy.ts'
import { isChartWithin, toReadChart } from '../../charts/index.ts'
import {
  membersOfPage,
  nameFrom,
  type SeenAs,
  type Sight,
  seenAsAmong,
  seesEveryAppointment,
  sightOf,
  subjectName,
} from '../appointments.access.ts'
import { overbookedTimes } from '../overbooked-times.ts'
import { type BookedKind, bookedBeside } from './booked-times.ts'

/** The clinicians and rooms of a calendar, and its time. */
export interface Frame {
  clinicianIds: readonly string[]
  roomIds: readonly string[]
  from: Date
  to: Date
}

export interface ShownRow {
  kind: BookedKind
  id: string
  chart_id: string
  /** The series of an appointment, the intensive of a block, the group of a session. */
  whole_id: string | null
  starts_at: Date
  ends_at: Date
  time_zone: string
  subject_name: string | null
  client_ids: string[]
  service_id: string
  clinician_ids: string[]
  mode: 'in_person' | 'telehealth'
  location_id: string | null
  room_id: string | null
  status: string
  overbooked: boolean
  version: number
  seen_as: SeenAs
}

/** Whoever gives sessions, by name. */
export function findEverybody(trx: PracticeTransaction, most: number): Promise<{ id: string }[]> {
  return trx
    .selectFrom('staff_members')
    .select('id')
    .where('practice_id', '=', trx.practiceId)
    .where('status', '=', 'active')
    .where(sql<boolean>`'clinician' = any(roles)`)
    .orderBy('display_name')
    .orderBy('id')
    .limit(most)
    .execute()
}

/** Which of these are people and rooms of this practice, in one statement. */
export async function findKnown(
  trx: PracticeTransaction,
  { clinicianIds, roomIds }: { clinicianIds: readonly string[]; roomIds: readonly string[] },
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`
    select id from staff_members where practice_id = ${trx.practiceId} and id = any(${clinicianIds}::uuid[])
    union all select id from rooms where practice_id = ${trx.practiceId} and id = any(${roomIds}::uuid[])`.execute(
    trx,
  )
  return new Set(rows.map(({ id }) => id))
}

/** The appointments of the frame that the caller may see, without canceled ones. One row more than `most`. */
export async function findAppointments(
  trx: PracticeTransaction,
  { clinicianIds, roomIds, from, to }: Frame,
  most: number,
): Promise<ShownRow[]> {
  const { visible } = sightOf(trx, false)
  const chartIds = sql`array(select p.chart_id from page p)`
  const { rows } = await sql<ShownRow>`
    with page as materialized (
      select a.id, a.chart_id, c.kind as chart_kind, a.starts_at, a.ends_at, a.time_zone, a.service_id, a.clinician_id,
        a.mode, a.location_id, a.room_id, a.status, a.overbooked, a.version
      from appointments a
      join charts c on c.practice_id = a.practice_id and c.id = a.chart_id
      where a.practice_id = ${trx.practiceId} and a.starts_at < ${to}
        and a.starts_at > ${from}::timestamptz - interval '24 hours' and a.ends_at > ${from}
        and a.status not in ('canceled', 'late_canceled')
        and (a.clinician_id = any(${clinicianIds}::uuid[]) or a.room_id = any(${roomIds}::uuid[]))
        and ${visible ?? sql`true`}
      order by a.starts_at, a.id limit ${most + 1})
    select 'appointment' as kind, a.id, a.chart_id, d.series_id as whole_id, a.starts_at, a.ends_at, a.time_zone,
      ${nameFrom(trx, sql<SeenAs>`a.seen_as`, sql`m.names`)} as subject_name,
      coalesce(m.client_ids, '{}') as client_ids, a.service_id, array[a.clinician_id] as clinician_ids, a.mode,
      a.location_id, a.room_id, a.status, a.overbooked, a.version, a.seen_as
    from (select a.*, ${seenAsAmong(trx, chartIds)} as seen_as from page a offset 0) a
    cross join lateral (select a.chart_kind as kind) c
    left join ${membersOfPage(trx)} m on m.id = a.id
    left join series_dates d on d.practice_id = ${trx.practiceId} and d.appointment_id = a.id
    order by a.starts_at, a.id`.execute(trx)
  return rows
}

/** The blocks of intensives and sessions of groups of the frame that the caller may see. One row more than `most`. */
export async function findBeside(
  trx: PracticeTransaction,
  { clinicianIds, roomIds, from, to }: Frame,
  most: number,
): Promise<ShownRow[]> {
  const sight = sightBeside(trx)
  const { rows } = await sql<ShownRow>`
    select a.kind, a.id, a.chart_id, a.whole_id, a.starts_at, a.ends_at, a.time_zone,
      case when a.kind = 'group_session' then c.name else ${subjectName(trx, sight.seenAs)} end as subject_name,
      case when a.kind = 'group_session' then '{}' else a.client_ids end as client_ids,
      a.service_id, a.clinician_ids, a.mode, a.location_id, a.room_id, a.status, false as overbooked, a.version,
      ${sight.seenAs} as seen_as
    from ${bookedBeside(trx, { from, to })} a
    join charts c on c.practice_id = a.practice_id and c.id = a.chart_id
    where (a.clinician_ids && ${clinicianIds}::uuid[] or a.room_id = any(${roomIds}::uuid[]))
      and ${sight.visible ?? sql`true`}
    order by a.starts_at, a.id limit ${most + 1}`.execute(trx)
  return rows
}

/**
 * What `sightOf` is for appointments: who gives it sees it, their supervisors, and who is on the care team of its chart.
 * To billers it is an hour that is taken.
 */
function sightBeside(trx: PracticeTransaction): Sight {
  const { roles, staffId } = trx.scope.actor
  if (seesEveryAppointment(trx)) return { seenAs: sql<SeenAs>`'all'`, visible: null }
  const reach = reaches(roles, 'administrative')
  const own: RawBuilder<boolean> = reach.has('supervisees')
    ? sql<boolean>`a.clinician_ids && array(select s.id from staff_members s where s.practice_id = ${trx.practiceId}
        and (s.id = ${staffId} or s.supervisor_id = ${staffId}))`
    : sql<boolean>`${staffId} = any(a.clinician_ids)`
  if (reach.has('limited')) return { seenAs: sql<SeenAs>`'own'`, visible: own }
  const within = isChartWithin(trx, 'a.chart_id', toReadChart)
  return {
    seenAs: sql<SeenAs>`case when ${within} then 'chart' else 'own' end`,
    visible: sql<boolean>`(${own} or ${within})`,
  }
}

export interface Taken {
  resource_kind: 'clinician' | 'room'
  resource_id: string
  times: { holderId: string; start: number; end: number }[]
}

/** Everything that is reserved of the frame, whoever asks, by resource. Times in milliseconds since the epoch. */
export async function findTaken(
  trx: PracticeTransaction,
  { clinicianIds, roomIds, from, to }: Frame,
): Promise<Taken[]> {
  const resourceIds = [...clinicianIds, ...roomIds]
  const { rows } = await sql<
    Pick<Taken, 'resource_kind' | 'resource_id'> & { holders: string[]; starts: number[]; ends: number[] }
  >`
    select r.resource_kind, r.resource_id, json_agg(r.holder_id) as holders,
      json_agg(date_part('epoch', r.starts_at) * 1000) as starts, json_agg(date_part('epoch', r.ends_at) * 1000) as ends
    from (
      select r.resource_kind, r.resource_id, coalesce(r.holder_id, r.appointment_id) as holder_id, r.starts_at, r.ends_at
      from reservations r
      where r.practice_id = ${trx.practiceId} and r.resource_id = any(${resourceIds}::uuid[]) and r.active
        and r.starts_at < ${to} and r.starts_at > ${from}::timestamptz - interval '32 hours' and r.ends_at > ${from}
        and (r.expires_at is null or r.expires_at > now())
      union select r.resource_kind, r.resource_id, r.holder_id, r.starts_at, r.ends_at
      from ${overbookedTimes(trx, sql`${from}`, sql`${to}`)} r where r.resource_id = any(${resourceIds}::uuid[])
    ) r group by r.resource_kind, r.resource_id`.execute(trx)
  return rows.map(({ holders, starts, ends, ...resource }) => ({
    ...resource,
    times: starts.map((start, place) => ({
      holderId: holders[place] ?? '',
      start,
      end: ends[place] ?? start,
    })),
  }))
}
