import { type Insertable, type Selectable, sql, type UpdateObject } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { Appointments, DB } from '../../lib/database/schema.ts'
import {
  chartsOfClient,
  type SeenAs,
  type Sight,
  seesMembers,
  sightOf,
  subjectName,
} from './appointments.access.ts'
import { wordsOf } from './appointments.rules.ts'
import type { AppointmentQuery, AppointmentStatus, Attendance } from './appointments.schemas.ts'

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
    /** The date of a series that it is for. */
    series: { seriesId: string; date: string } | null
  }

const rows = (trx: PracticeTransaction, { seenAs, visible }: Sight) => {
  const seen = sql<SeenAs>`s.seen_as`
  const query = trx
    .selectFrom('appointments as a')
    .innerJoin('charts as c', join =>
      join.onRef('c.practice_id', '=', 'a.practice_id').onRef('c.id', '=', 'a.chart_id'),
    )
    .leftJoin('couples as k', join =>
      join.onRef('k.practice_id', '=', 'a.practice_id').onRef('k.chart_id', '=', 'a.chart_id'),
    )
    // Asked once for each row: without the offset it would be asked wherever it is named.
    .innerJoinLateral(sql<{ seen_as: SeenAs }>`(select ${seenAs} as seen_as offset 0)`.as('s'), join =>
      join.onTrue(),
    )
    .selectAll('a')
    .select([
      sql<Subject['chart_kind']>`c.kind`.as('chart_kind'),
      'k.id as couple_id',
      sql<string[]>`array(select m.client_id from chart_members m where m.practice_id = a.practice_id
        and m.chart_id = a.chart_id and m.left_at is null order by m.id)`.as('member_ids'),
      subjectName(trx, seen).as('subject_name'),
      seesMembers(trx, seen).as('sees_members'),
      sql<Subject['attendees']>`case when a.actual_starts_at is null then '[]' else (
        select coalesce(jsonb_agg(jsonb_build_object('clientId', t.client_id, 'presence', t.presence) order by t.client_id), '[]')
        from appointment_attendees t where t.practice_id = a.practice_id and t.appointment_id = a.id) end`.as(
        'attendees',
      ),
      sql<AppointmentRow['series']>`(select jsonb_build_object('seriesId', d.series_id, 'date', d.on_date)
        from series_dates d where d.practice_id = a.practice_id and d.appointment_id = a.id)`.as('series'),
      's.seen_as',
    ])
    .where('a.practice_id', '=', trx.practiceId)
  return visible ? query.where(visible) : query
}

/** What this caller may see. */
export function findVisible(trx: PracticeTransaction, id: string): Promise<AppointmentRow | undefined> {
  return rows(trx, sightOf(trx, true)).where('a.id', '=', id).executeTakeFirst()
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
  let query = rows(trx, sightOf(trx, few))
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
  return query
    .orderBy('a.starts_at')
    .orderBy('a.id')
    .limit(page.limit + 1)
    .execute()
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
export function update(
  trx: PracticeTransaction,
  id: string,
  version: number,
  changes: AppointmentUpdate,
): Promise<AppointmentColumns | undefined> {
  return trx
    .updateTable('appointments')
    .set({ ...changes, version: version + 1, updated_at: sql<Date>`now()` })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .where('version', '=', version)
    .returningAll()
    .executeTakeFirst()
}
