import { type Insertable, type Selectable, sql, type UpdateObject } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type {
  AppointmentSeriesChanges,
  DB,
  AppointmentSeries as SeriesTable,
} from '../../../lib/database/schema.ts'
import { type SeenAs, type Sight, seesMembers, sightOf, subjectName } from '../appointments.access.ts'
import type { AppointmentColumns, Subject } from '../appointments.repository.ts'
import type { Pause } from './series.rules.ts'
import type { SeriesQuery } from './series.schemas.ts'

export type SeriesColumns = Selectable<SeriesTable>
export type SeriesChangeRow = Selectable<AppointmentSeriesChanges>
export type SeriesUpdate = UpdateObject<DB, 'appointment_series'>
export type SeriesRow = SeriesColumns &
  Omit<Subject, 'attendees'> & {
    seen_as: SeenAs
    chart_status: 'open' | 'closed'
    pauses: (Pause & { id: string })[]
  }

/** A date with its appointment, whose columns are null where there is none. */
export type DateRow = {
  date: string
  minute: number
  standing: string
  exception: boolean
} & (AppointmentColumns | { [Column in keyof AppointmentColumns]: null })

/** Seen as appointments are: everybody's by the front desk, others by their clinician or through the chart. */
const rows = (trx: PracticeTransaction, { seenAs, visible }: Sight) => {
  const query = trx
    .selectFrom('appointment_series as a')
    .innerJoin('charts as c', join =>
      join.onRef('c.practice_id', '=', 'a.practice_id').onRef('c.id', '=', 'a.chart_id'),
    )
    .leftJoin('couples as k', join =>
      join.onRef('k.practice_id', '=', 'a.practice_id').onRef('k.chart_id', '=', 'a.chart_id'),
    )
    .selectAll('a')
    .select([
      sql<Subject['chart_kind']>`c.kind`.as('chart_kind'),
      sql<'open' | 'closed'>`c.status`.as('chart_status'),
      'k.id as couple_id',
      sql<string[]>`array(select m.client_id from chart_members m where m.practice_id = a.practice_id
        and m.chart_id = a.chart_id and m.left_at is null order by m.id)`.as('member_ids'),
      subjectName(trx, seenAs).as('subject_name'),
      seesMembers(trx, seenAs).as('sees_members'),
      sql<SeriesRow['pauses']>`(select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'from', p.from_date,
          'until', p.until_date) order by p.from_date, p.id), '[]')
        from series_pauses p where p.practice_id = a.practice_id and p.series_id = a.id and p.withdrawn_at is null)`.as(
        'pauses',
      ),
      seenAs.as('seen_as'),
    ])
    .where('a.practice_id', '=', trx.practiceId)
  return visible ? query.where(visible) : query
}

/** What this caller may see. */
export function findVisible(trx: PracticeTransaction, id: string): Promise<SeriesRow | undefined> {
  return rows(trx, sightOf(trx, true)).where('a.id', '=', id).executeTakeFirst()
}

/** One row more than asked for, by id, of what this caller may see. */
export function list(
  trx: PracticeTransaction,
  { clinicianId, chartId, status }: Pick<SeriesQuery, 'clinicianId' | 'chartId' | 'status'>,
  page: { limit: number; after: string | undefined },
): Promise<SeriesRow[]> {
  let query = rows(trx, sightOf(trx, Boolean(clinicianId ?? chartId)))
  if (clinicianId) query = query.where('a.clinician_id', '=', clinicianId)
  if (chartId) query = query.where('a.chart_id', '=', chartId)
  if (status) query = query.where('a.status', '=', status)
  if (page.after) query = query.where('a.id', '>', page.after)
  return query
    .orderBy('a.id')
    .limit(page.limit + 1)
    .execute()
}

/** Keeps others from changing a series until the transaction ends. @returns what they may have changed before */
export function lockSeries(
  trx: PracticeTransaction,
  id: string,
): Promise<Pick<SeriesColumns, 'version' | 'booked_until'> | undefined> {
  return trx
    .selectFrom('appointment_series')
    .select(['version', 'booked_until'])
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst()
}

export function insertSeries(
  trx: PracticeTransaction,
  values: Omit<Insertable<SeriesTable>, 'practice_id'>,
): Promise<SeriesColumns> {
  return trx
    .insertInto('appointment_series')
    .values({ ...values, practice_id: trx.practiceId })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Changes a series that is locked. */
export function updateSeries(
  trx: PracticeTransaction,
  { id, version }: Pick<SeriesColumns, 'id' | 'version'>,
  changes: SeriesUpdate,
): Promise<SeriesColumns> {
  return trx
    .updateTable('appointment_series')
    .set({ ...changes, version: version + 1, updated_at: sql<Date>`now()` })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** The dates of a series from one on, in order, with their appointments locked. */
export async function takeDates(
  trx: PracticeTransaction,
  seriesId: string,
  from: string,
): Promise<DateRow[]> {
  const ofSeries = sql`d.practice_id = ${trx.practiceId} and d.series_id = ${seriesId} and d.on_date >= ${from}::date`
  const [, { rows: found }] = await Promise.all([
    sql`select from appointments a where a.practice_id = ${trx.practiceId}
        and a.id = any(array(select d.appointment_id from series_dates d where ${ofSeries}))
      order by a.id for no key update`.execute(trx),
    sql<DateRow>`select d.on_date as "date", d.starts_minute as "minute", d.standing, d.exception, a.*
      from series_dates d
      left join appointments a on a.practice_id = d.practice_id and a.id = d.appointment_id
      where ${ofSeries} order by d.on_date`.execute(trx),
  ])
  return found
}

/** One row more than asked for, by date; an appointment that may not be seen is left out of its date. */
export async function listDates(
  trx: PracticeTransaction,
  seriesId: string,
  { from, after, limit }: { from: string | undefined; after: string | undefined; limit: number },
): Promise<DateRow[]> {
  const { visible } = sightOf(trx, true)
  const { rows: found } = await sql<DateRow>`
    select d.on_date as "date", d.starts_minute as "minute", d.standing, d.exception, a.*
    from series_dates d
    left join appointments a on a.practice_id = d.practice_id and a.id = d.appointment_id and ${visible ?? sql`true`}
    where d.practice_id = ${trx.practiceId} and d.series_id = ${seriesId}
      and d.on_date >= ${from ?? '0001-01-01'}::date and d.on_date > ${after ?? '0001-01-01'}::date
    order by d.on_date limit ${limit + 1}`.execute(trx)
  return found
}

export async function insertPause(
  trx: PracticeTransaction,
  values: { id: string; series_id: string; from_date: string; until_date: string },
): Promise<void> {
  await trx
    .insertInto('series_pauses')
    .values({ ...values, practice_id: trx.practiceId, recorded_by: trx.scope.actor.staffId })
    .execute()
}

export async function withdrawPause(trx: PracticeTransaction, id: string): Promise<void> {
  await trx
    .updateTable('series_pauses')
    .set({ withdrawn_at: sql<Date>`now()` })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .execute()
}

export function insertChange(
  trx: PracticeTransaction,
  values: Omit<Insertable<AppointmentSeriesChanges>, 'practice_id'>,
): void {
  trx.later(trx.insertInto('appointment_series_changes').values({ ...values, practice_id: trx.practiceId }))
}

/** One row more than asked for, oldest first. */
export function listChanges(
  trx: PracticeTransaction,
  seriesId: string,
  { limit, after }: { limit: number; after: number | undefined },
): Promise<SeriesChangeRow[]> {
  return trx
    .selectFrom('appointment_series_changes')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('series_id', '=', seriesId)
    .where('series_version', '>', after ?? 0)
    .orderBy('series_version')
    .limit(limit + 1)
    .execute()
}

/** An appointment of a series that is moved by itself stays as it is when the series changes. */
export function keepFromSeries(trx: PracticeTransaction, appointmentId: string): void {
  trx.later(
    sql`update series_dates set exception = true
      where practice_id = ${trx.practiceId} and appointment_id = ${appointmentId}`.compile(trx),
  )
}
