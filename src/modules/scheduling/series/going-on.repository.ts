import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { AppointmentColumns } from '../appointments.repository.ts'
import { type Supply, supplyColumns } from '../supply.repository.ts'
import type { SeriesColumns } from './series.repository.ts'
import type { Pause } from './series.rules.ts'

/** What the job needs of many series at once. */
export type DueSeries = SeriesColumns &
  Supply & {
    chart_kind: 'individual' | 'couple'
    chart_status: 'open' | 'closed'
    member_ids: string[]
    pauses: Pause[]
  }

const memberIds = sql<
  string[]
>`array(select m.client_id from chart_members m where m.practice_id = a.practice_id
  and m.chart_id = a.chart_id and m.left_at is null order by m.id)`

/** Series that are not booked up to a day, locked; those that somebody changes right now wait for the next round. */
export async function takeDue(trx: PracticeTransaction, before: string, limit: number): Promise<DueSeries[]> {
  const { rows } = await sql<DueSeries>`
    select a.*, c.kind as chart_kind, c.status as chart_status, ${memberIds} as member_ids,
      (select coalesce(jsonb_agg(jsonb_build_object('from', p.from_date, 'until', p.until_date)), '[]')
        from series_pauses p where p.practice_id = a.practice_id and p.series_id = a.id and p.withdrawn_at is null)
        as pauses,
      ${supplyColumns}
    from appointment_series a
    join charts c on c.practice_id = a.practice_id and c.id = a.chart_id
    join practices p on p.practice_id = a.practice_id
    left join services v on v.practice_id = a.practice_id and v.id = a.service_id
    left join staff_members s on s.practice_id = a.practice_id and s.id = a.clinician_id
    left join locations l on l.practice_id = a.practice_id and l.id = a.location_id
    left join rooms r on r.practice_id = a.practice_id and r.location_id = a.location_id and r.id = a.room_id
    where a.practice_id = ${trx.practiceId} and a.status = 'active' and a.booked_until < ${before}::date
    order by a.booked_until, a.id limit ${limit}::int for no key update of a skip locked`.execute(trx)
  return rows
}

export async function bookedUntil(
  trx: PracticeTransaction,
  rows: readonly { id: string; until: string }[],
): Promise<void> {
  await sql`update appointment_series a set booked_until = w.until
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as w(id uuid, until date)
    where a.practice_id = ${trx.practiceId} and a.id = w.id`.execute(trx)
}

export type SeriesOfZone = SeriesColumns & { member_ids: string[] }

/** Series whose instants were worked out by older time-zone data than this (`2026b` is before `2026c`), locked. */
export async function takeOutdated(trx: PracticeTransaction, zoneVersion: string): Promise<SeriesOfZone[]> {
  const { rows } = await sql<SeriesOfZone>`
    select a.*, ${memberIds} as member_ids from appointment_series a
    where a.practice_id = ${trx.practiceId} and a.zone_version < ${zoneVersion} collate "C"
    order by a.id for no key update of a skip locked`.execute(trx)
  return rows
}

/** An appointment to come that is where its series put it. */
export interface Placed {
  seriesId: string
  date: string
  minute: number
  id: string
  version: number
  startsAt: Date
  timeZone: string
}

export async function findPlaced(trx: PracticeTransaction, seriesIds: readonly string[]): Promise<Placed[]> {
  const { rows } = await sql<Placed>`
    select d.series_id as "seriesId", d.on_date as "date", d.starts_minute as "minute", a.id, a.version,
      a.starts_at as "startsAt", a.time_zone as "timeZone"
    from series_dates d
    join appointments a on a.practice_id = d.practice_id and a.id = d.appointment_id
    where d.practice_id = ${trx.practiceId} and d.series_id = any(${seriesIds}::uuid[]) and d.standing = 'booked'
      and not d.exception and a.status in ('scheduled', 'confirmed') and a.starts_at > now()`.execute(trx)
  return rows
}

/** These appointments, locked; those that somebody changed since they were found are left out. */
export async function lockUnchanged(
  trx: PracticeTransaction,
  found: readonly Placed[],
): Promise<Map<string, AppointmentColumns>> {
  const versions = new Map(found.map(({ id, version }) => [id, version]))
  const { rows } = await sql<AppointmentColumns>`select * from appointments
    where practice_id = ${trx.practiceId} and id = any(${[...versions.keys()]}::uuid[])
    order by id for no key update`.execute(trx)
  return new Map(rows.filter(row => row.version === versions.get(row.id)).map(row => [row.id, row]))
}

/** Appointments that could not follow their series: a change of it leaves them alone from now on. */
export async function keepManyFromSeries(trx: PracticeTransaction, appointmentIds: readonly string[]) {
  await sql`update series_dates set exception = true
    where practice_id = ${trx.practiceId} and appointment_id = any(${appointmentIds}::uuid[])`.execute(trx)
}

export async function setZoneVersion(
  trx: PracticeTransaction,
  seriesIds: readonly string[],
  zoneVersion: string,
): Promise<void> {
  await sql`update appointment_series set zone_version = ${zoneVersion}
    where practice_id = ${trx.practiceId} and id = any(${seriesIds}::uuid[])`.execute(trx)
}

/** Counts a step of each of these series. @returns them as they are now */
export async function nextVersions(
  trx: PracticeTransaction,
  seriesIds: readonly string[],
): Promise<SeriesColumns[]> {
  const { rows } = await sql<SeriesColumns>`update appointment_series
    set version = version + 1, updated_at = now()
    where practice_id = ${trx.practiceId} and id = any(${seriesIds}::uuid[]) returning *`.execute(trx)
  return rows
}
