import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { overbookedTimes } from '../overbooked-times.ts'
import { spansOfHours } from '../supply/working-hours.repository.ts'
import type { Supply } from '../supply.repository.ts'
import type { CalendarException, Dates, Location, WeeklySpan, WorkingHours } from './free-time.rules.ts'
import { addDays } from './local-calendar.ts'
import type { Busy, Credential, Elsewhere, TravelTime } from './slot-supply.ts'

/**
 * What a search leans on, read in two rounds of statements whose number never depends on what is asked: first what
 * there is, then what is taken of it.
 */

export interface ServiceOfSearch
  extends Pick<
    Supply,
    | 'service_kind'
    | 'service_status'
    | 'service_modes'
    | 'service_duration'
    | 'buffer_before'
    | 'buffer_after'
  > {
  practice_time_zone: string
  required_features: string[]
  credential_codes: string[]
  location_ids: string[]
}

export interface RoomOfSearch {
  id: string
  locationId: string
  capacity: number
  features: string[]
  openingHours: WeeklySpan[] | null
}

export interface Standing {
  service: ServiceOfSearch | undefined
  clinicianIds: string[]
  credentials: Credential[]
  locations: Location[]
  rooms: RoomOfSearch[]
  hours: WorkingHours[]
  exceptions: CalendarException[]
  travelTimes: TravelTime[]
}

/**
 * @param clinicianIds who is asked for; null is everybody who gives sessions
 * @param most how many clinicians are looked at
 */
export async function findStanding(
  trx: PracticeTransaction,
  serviceId: string,
  clinicianIds: readonly string[] | null,
  { from, until }: Dates,
  most: number,
): Promise<Standing> {
  const around = { from: addDays(from, -1), until: addDays(until, 1) }
  const [service, clinicians, credentials, locations, rooms, hours, exceptions, travelTimes] =
    await Promise.all([
      findService(trx, serviceId),
      findClinicians(trx, clinicianIds, most),
      findCredentials(trx, serviceId),
      findLocations(trx),
      findRooms(trx),
      findHours(trx, clinicianIds, around),
      findExceptions(trx, clinicianIds, around),
      findTravelTimes(trx),
    ])
  return {
    service,
    clinicianIds: clinicians.map(({ id }) => id),
    credentials,
    locations,
    rooms,
    hours,
    exceptions,
    travelTimes,
  }
}

async function findService(trx: PracticeTransaction, id: string): Promise<ServiceOfSearch | undefined> {
  const { rows } = await sql<ServiceOfSearch>`
    select p.time_zone as practice_time_zone, v.kind as service_kind, v.status as service_status,
      v.modes as service_modes, v.duration_minutes as service_duration, v.buffer_before_minutes as buffer_before,
      v.buffer_after_minutes as buffer_after, v.required_features, v.credential_codes, v.location_ids
    from services v join practices p on p.practice_id = v.practice_id
    where v.practice_id = ${trx.practiceId} and v.id = ${id}`.execute(trx)
  return rows[0]
}

const namedOrAll = (column: 'id' | 'h.staff_id' | 'staff_id', ids: readonly string[] | null) =>
  sql<boolean>`(${ids}::uuid[] is null or ${sql.ref(column)} = any(${ids}::uuid[]))`

function findClinicians(trx: PracticeTransaction, ids: readonly string[] | null, most: number) {
  return trx
    .selectFrom('staff_members')
    .select('id')
    .where('practice_id', '=', trx.practiceId)
    .where('status', '=', 'active')
    .where(sql<boolean>`'clinician' = any(roles)`)
    .where(namedOrAll('id', ids))
    .orderBy('id')
    .limit(most)
    .execute()
}

/** Of the credentials of which the service asks for one, those that somebody holds. */
async function findCredentials(trx: PracticeTransaction, serviceId: string): Promise<Credential[]> {
  const { rows } = await sql<Credential>`
    select c.staff_id as "staffId", c.issued_on as "from", c.expires_on as "until"
    from services v join staff_credentials c on c.practice_id = v.practice_id and c.code = any(v.credential_codes)
    where v.practice_id = ${trx.practiceId} and v.id = ${serviceId} and c.status = 'held'`.execute(trx)
  return rows
}

export function findLocations(trx: PracticeTransaction): Promise<Location[]> {
  return trx
    .selectFrom('locations')
    .select(['id', 'time_zone as timeZone'])
    .where('practice_id', '=', trx.practiceId)
    .where('status', '=', 'active')
    .orderBy('id')
    .execute()
}

/** The smallest first: large rooms stay free for who needs them. */
async function findRooms(trx: PracticeTransaction): Promise<RoomOfSearch[]> {
  const rows = await trx
    .selectFrom('rooms')
    .select(['id', 'location_id as locationId', 'capacity', 'features', 'opening_hours'])
    .where('practice_id', '=', trx.practiceId)
    .where('status', '=', 'active')
    .orderBy('capacity')
    .orderBy('name')
    .orderBy('id')
    .execute()
  return rows.map(({ opening_hours, ...room }) => ({
    ...room,
    openingHours: opening_hours as WeeklySpan[] | null,
  }))
}

/** The versions of the week that may count on one of the dates: older ones stay where they are. */
export async function findHours(
  trx: PracticeTransaction,
  staffIds: readonly string[] | null,
  { from, until }: Dates,
): Promise<WorkingHours[]> {
  const { rows } = await sql<WorkingHours>`
    select h.id, h.staff_id as "staffId", h.effective_from as "effectiveFrom",
      h.most_sessions_per_day as "mostSessionsPerDay", h.minimum_notice_minutes as "minimumNoticeMinutes",
      ${spansOfHours} as spans
    from working_hours h
    where h.practice_id = ${trx.practiceId} and ${namedOrAll('h.staff_id', staffIds)}
      and h.effective_from <= ${until}::date
      and not exists (select from working_hours n where n.practice_id = h.practice_id and n.staff_id = h.staff_id
        and n.effective_from <= ${from}::date
        and (n.effective_from, n.id) > (h.effective_from, h.id))`.execute(trx)
  return rows
}

/** Time off and extra hours of these clinicians (null is everybody), and holidays, that touch the dates. */
export async function findExceptions(
  trx: PracticeTransaction,
  staffIds: readonly string[] | null,
  { from, until }: Dates,
): Promise<CalendarException[]> {
  const { rows } = await sql<CalendarException>`
    select kind, staff_id as "staffId", location_id as "locationId", telehealth, starts_on as "startsOn",
      starts_minute as "startsMinute", ends_on as "endsOn", ends_minute as "endsMinute"
    from calendar_exceptions
    where practice_id = ${trx.practiceId} and withdrawn_at is null
      and ends_on >= ${from}::date and starts_on <= ${until}::date
      and (staff_id is null or ${namedOrAll('staff_id', staffIds)})`.execute(trx)
  return rows
}

async function findTravelTimes(trx: PracticeTransaction): Promise<TravelTime[]> {
  const rows = await trx
    .selectFrom('travel_times')
    .select(['first_location_id', 'second_location_id', 'minutes'])
    .where('practice_id', '=', trx.practiceId)
    .execute()
  return rows.map(row => ({
    between: [row.first_location_id, row.second_location_id],
    minutes: row.minutes,
  }))
}

/** As long as a reservation may be (`reservations_length_check`). */
const longest = sql`interval '32 hours'`

/** What is taken of `reservations r` in this time; the bounds are columns that an index may use under row security. */
const takenWithin = (trx: PracticeTransaction, resourceIds: readonly string[], from: Date, to: Date) =>
  sql`r.practice_id = ${trx.practiceId} and r.resource_id = any(${resourceIds}::uuid[]) and r.active
    and r.starts_at < ${to} and r.starts_at > ${from}::timestamptz - ${longest} and r.ends_at > ${from}
    and (r.expires_at is null or r.expires_at > now())`

/** Not `extract`, which reckons in numeric. */
const start = sql`date_part('epoch', r.starts_at) * 1000`
const end = sql`date_part('epoch', r.ends_at) * 1000`

/** One row for each resource: weeks of many people are thousands of times. */
async function findBusy(
  trx: PracticeTransaction,
  resourceIds: readonly string[],
  from: Date,
  to: Date,
): Promise<Busy[]> {
  const { rows } = await sql<{ resourceId: string; starts: number[]; ends: number[] }>`
    select r.resource_id as "resourceId", json_agg(${start}) as starts, json_agg(${end}) as ends
    from (
      select r.resource_id, r.starts_at, r.ends_at from reservations r where ${takenWithin(trx, resourceIds, from, to)}
      union all select r.resource_id, r.starts_at, r.ends_at from ${overbookedTimes(trx, sql`${from}`, sql`${to}`)} r
        where r.resource_id = any(${resourceIds}::uuid[])
    ) r group by r.resource_id`.execute(trx)
  return rows.flatMap(({ resourceId, starts, ends }) =>
    starts.map((at, place) => ({ resourceId, start: at, end: ends[place] ?? at })),
  )
}

/** When these clinicians, rooms and clients are taken, a day and more around the dates. */
export async function findTaken(
  trx: PracticeTransaction,
  dates: Dates,
  clinicianIds: readonly string[],
  otherIds: readonly string[],
): Promise<{ busy: Busy[]; elsewhere: Elsewhere[] }> {
  const from = new Date(`${addDays(dates.from, -2)}T00:00Z`)
  const to = new Date(`${addDays(dates.until, 3)}T00:00Z`)
  const [busy, elsewhere] = await Promise.all([
    findBusy(trx, [...clinicianIds, ...otherIds], from, to),
    // Where a session is: as its appointment or hold says, else where its room is. Looked for only where ways are known.
    sql<Elsewhere>`select r.resource_id as "resourceId", ${start} as start, ${end} as "end",
        coalesce(a.location_id, h.location_id, m.location_id) as "locationId"
      from reservations r
      left join appointments a on a.practice_id = r.practice_id and a.id = r.appointment_id
      left join slot_holds h on h.practice_id = r.practice_id and h.id = r.holder_id
      left join reservations o on o.practice_id = r.practice_id and o.holder_id = r.holder_id
        and o.resource_kind = 'room' and o.starts_at = r.starts_at and o.active
      left join rooms m on m.practice_id = o.practice_id and m.id = o.resource_id
      where ${takenWithin(trx, clinicianIds, from, to)}
        and exists (select from travel_times t where t.practice_id = ${trx.practiceId})
        and coalesce(a.location_id, h.location_id, m.location_id) is not null
      union all select r.resource_id, ${start}, ${end}, r.location_id from ${overbookedTimes(trx, sql`${from}`, sql`${to}`)} r
      where r.resource_id = any(${clinicianIds}::uuid[]) and r.location_id is not null
        and exists (select from travel_times t where t.practice_id = ${trx.practiceId})`.execute(trx),
  ])
  return { busy, elsewhere: elsewhere.rows }
}
