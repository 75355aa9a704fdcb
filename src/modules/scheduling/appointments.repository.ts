import { type Insertable, type Selectable, sql, type UpdateObject } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { Appointments, DB } from '../../lib/database/schema.ts'
import { updateAtVersion } from '../../lib/versions.ts'
import {
  chartsOfClient,
  membersOfPage,
  nameFrom,
  type SeenAs,
  type Sight,
  seenAsAmong,
  seesMembers,
  sightOf,
} from './appointments.access.ts'
import { wordsOf } from './appointments.rules.ts'
import type { AppointmentQuery, AppointmentStatus } from './appointments.schemas.ts'
import type { Attendance } from './attendance.schemas.ts'

export type AppointmentColumns = Selectable<Appointments>

/** Whom an appointment is for. */
export interface Subject {
  chart_kind: 'individual' | 'couple' | 'group'
  couple_id: string | null
  member_ids: string[]
  subject_name: string | null
  /** Whether the caller may know which clients. */
  sees_members: boolean
  /** Who was there, as far as it was recorded. */
  attendees: Attendance['participants']
}

/** Every step says the status after it. */
export type AppointmentUpdate = UpdateObject<DB, 'appointments'> & { status: AppointmentStatus }

export type AppointmentRow = AppointmentColumns &
  Subject & {
    seen_as: SeenAs
    chart_status: 'open' | 'closed'
    /** The date of a series that it is for. */
    series: { seriesId: string; date: string } | null
  }

/** Appointments that the caller may see, to be narrowed further. */
const seen = (trx: PracticeTransaction, { visible }: Pick<Sight, 'visible'>) => {
  const query = trx
    .selectFrom('appointments as a')
    .innerJoin('charts as c', join =>
      join.onRef('c.practice_id', '=', 'a.practice_id').onRef('c.id', '=', 'a.chart_id'),
    )
    .leftJoin('couples as k', join =>
      join.onRef('k.practice_id', '=', 'a.practice_id').onRef('k.chart_id', '=', 'a.chart_id'),
    )
    .selectAll('a')
    .select([
      sql<Subject['chart_kind']>`c.kind`.as('chart_kind'),
      'c.status as chart_status',
      'k.id as couple_id',
    ])
    .where('a.practice_id', '=', trx.practiceId)
  return visible ? query.where(visible) : query
}

/**
 * These appointments with whom they are for, by start and id. What stands elsewhere is looked up for all of them at once:
 * a question asked of each row costs the check of row security each time.
 */
async function withSubjects(
  trx: PracticeTransaction,
  page: ReturnType<typeof seen>,
): Promise<AppointmentRow[]> {
  const seenAs = sql<SeenAs>`a.seen_as`
  const chartIds = sql`array(select p.chart_id from page p)`
  const { rows } = await sql<AppointmentRow>`
    with page as materialized (${page})
    select a.*, coalesce(m.client_ids, '{}') as member_ids, ${nameFrom(trx, seenAs, sql`m.names`)} as subject_name,
      ${seesMembers(trx, seenAs)} as sees_members,
      case when a.actual_starts_at is null then '[]' else (
        select coalesce(jsonb_agg(jsonb_build_object('clientId', t.client_id, 'presence', t.presence) order by t.client_id), '[]')
        from appointment_attendees t where t.practice_id = a.practice_id and t.appointment_id = a.id) end as attendees,
      case when d.series_id is not null then jsonb_build_object('seriesId', d.series_id, 'date', d.on_date) end as series
    from (select a.*, ${seenAsAmong(trx, chartIds)} as seen_as from page a offset 0) a
    cross join lateral (select a.chart_kind as kind) c
    left join ${membersOfPage(trx)} m on m.id = a.id
    left join series_dates d on d.practice_id = ${trx.practiceId} and d.appointment_id = a.id
    order by a.starts_at, a.id`.execute(trx)
  return rows
}

/** What this caller may see. */
export async function findVisible(trx: PracticeTransaction, id: string): Promise<AppointmentRow | undefined> {
  const [row] = await withSubjects(trx, seen(trx, sightOf(trx, true)).where('a.id', '=', id))
  return row
}

/** Whoever asks: only for a module that has passed the door of the chart itself. */
export function find(trx: PracticeTransaction, id: string): Promise<AppointmentColumns | undefined> {
  return trx
    .selectFrom('appointments')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .executeTakeFirst()
}

export type ListFilter = Pick<
  AppointmentQuery,
  'clinicianId' | 'chartId' | 'clientId' | 'coupleId' | 'locationId' | 'status'
> & { from: Date; to: Date }

/** One row more than asked for, by start and id, of what this caller may see. */
export function list(
  trx: PracticeTransaction,
  filter: ListFilter,
  page: { limit: number; after: { startsAt: string; id: string } | undefined },
): Promise<AppointmentRow[]> {
  const few = Boolean(filter.clinicianId ?? filter.chartId ?? filter.clientId ?? filter.coupleId)
  let query = seen(trx, sightOf(trx, few))
    .where('a.starts_at', '>=', filter.from)
    .where('a.starts_at', '<', filter.to)
  if (filter.clinicianId) query = query.where('a.clinician_id', '=', filter.clinicianId)
  if (filter.chartId) query = query.where('a.chart_id', '=', filter.chartId)
  if (filter.clientId) query = query.where(chartsOfClient(trx, filter.clientId))
  if (filter.coupleId) query = query.where('k.id', '=', filter.coupleId)
  if (filter.locationId) query = query.where('a.location_id', '=', filter.locationId)
  const { status } = filter
  if (status) query = query.where(({ eb, fn, val }) => eb('a.status', '=', fn.any(val(wordsOf(status)))))
  if (page.after) {
    const { startsAt, id } = page.after
    query = query
      .where('a.starts_at', '>=', new Date(startsAt))
      .where(e => e.or([e('a.starts_at', '>', new Date(startsAt)), e('a.id', '>', id)]))
  }
  return withSubjects(
    trx,
    query
      .orderBy('a.starts_at')
      .orderBy('a.id')
      .limit(page.limit + 1),
  )
}

export function insert(
  trx: PracticeTransaction,
  values: Omit<Insertable<Appointments>, 'practice_id'>,
): Promise<AppointmentColumns> {
  return trx
    .insertInto('appointments')
    .values({ ...values, practice_id: trx.practiceId })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Marks one that was just booked or moved as booked over another. */
export async function markOverbooked(trx: PracticeTransaction, id: string): Promise<void> {
  await trx
    .updateTable('appointments')
    .set({ overbooked: true })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .execute()
}

/** Who was there; what was recorded before is corrected. It leaves with COMMIT. */
export function recordAttendees(
  trx: PracticeTransaction,
  appointmentId: string,
  participants: Attendance['participants'],
): void {
  const recorded = { recorded_by: trx.scope.actor.staffId, recorded_at: sql<Date>`now()` }
  trx.later(
    trx
      .insertInto('appointment_attendees')
      .values(
        participants.map(({ clientId, presence }) => ({
          practice_id: trx.practiceId,
          appointment_id: appointmentId,
          client_id: clientId,
          presence,
          ...recorded,
        })),
      )
      .onConflict(conflict =>
        conflict
          .columns(['practice_id', 'appointment_id', 'client_id'])
          .doUpdateSet({ presence: eb => eb.ref('excluded.presence'), ...recorded }),
      ),
  )
}

/** Changes the row if it still has this version. */
export const update = (trx: PracticeTransaction, id: string, version: number, changes: AppointmentUpdate) =>
  updateAtVersion(trx, 'appointments', { id, version }, changes)
