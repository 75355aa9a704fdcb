import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { Placement } from '../booking.rules.ts'
import type { ChangeKind } from '../changes.schemas.ts'
import type { PlannedDate } from './series.rules.ts'

/** What is done to the appointments of series: as many as there are, in one statement each. */

export interface NewRow extends Placement {
  id: string
  chartId: string
  serviceId: string
  plannedState: string | null
  timeZone: string
  startsAt: Date
  endsAt: Date
  bufferBefore: number
  bufferAfter: number
}

export async function insertAppointments(trx: PracticeTransaction, rows: readonly NewRow[]): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into appointments (practice_id, id, chart_id, service_id, clinician_id, location_id, room_id, mode, status,
      planned_state, time_zone, starts_at, ends_at, buffer_before_minutes, buffer_after_minutes)
    select ${trx.practiceId}, w.id, w."chartId", w."serviceId", w."clinicianId", w."locationId", w."roomId", w.mode,
      'scheduled', w."plannedState", w."timeZone", w."startsAt", w."endsAt", w."bufferBefore", w."bufferAfter"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as w(id uuid, "chartId" uuid, "serviceId" uuid,
      "clinicianId" uuid, "locationId" uuid, "roomId" uuid, mode text, "plannedState" text, "timeZone" text,
      "startsAt" timestamptz, "endsAt" timestamptz, "bufferBefore" integer, "bufferAfter" integer)`.execute(
    trx,
  )
}

export interface MovedRow extends Placement {
  id: string
  timeZone: string
  startsAt: Date
  endsAt: Date
}

/** Moves rows that are locked. They have to be confirmed anew, like every moved appointment. */
export async function moveAppointments(trx: PracticeTransaction, rows: readonly MovedRow[]): Promise<void> {
  if (rows.length === 0) return
  await sql`
    update appointments a set status = 'scheduled', clinician_id = w."clinicianId", location_id = w."locationId",
      room_id = w."roomId", mode = w.mode, time_zone = w."timeZone", starts_at = w."startsAt", ends_at = w."endsAt",
      overbooked = false,
      telehealth_link_sealed = case when w.mode = 'telehealth' then a.telehealth_link_sealed end,
      planned_state = case when w.mode = 'telehealth' then a.planned_state end,
      version = a.version + 1, updated_at = now()
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as w(id uuid, "clinicianId" uuid, "locationId" uuid,
      "roomId" uuid, mode text, "timeZone" text, "startsAt" timestamptz, "endsAt" timestamptz)
    where a.practice_id = ${trx.practiceId} and a.id = w.id`.execute(trx)
}

/** Cancels rows that are locked. */
export async function cancelAppointments(
  trx: PracticeTransaction,
  rows: readonly { id: string; status: 'canceled' | 'late_canceled' }[],
  { by, reasonCode }: { by: 'client' | 'practice'; reasonCode: string },
): Promise<void> {
  if (rows.length === 0) return
  await sql`
    update appointments a set status = w.status, overbooked = false, canceled_at = now(), cancellation_by = ${by},
      cancellation_reason = ${reasonCode}, version = a.version + 1, updated_at = now()
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as w(id uuid, status text)
    where a.practice_id = ${trx.practiceId} and a.id = w.id`.execute(trx)
}

/** Adds a step to the history of each, with what holds after it. It leaves with COMMIT. */
export function recordSteps(
  trx: PracticeTransaction,
  steps: readonly { appointmentId: string; kind: ChangeKind }[],
  { by = null, reasonCode = null }: { by?: string | null; reasonCode?: string | null },
): void {
  if (steps.length === 0) return
  const { actor } = trx.scope
  const rows = JSON.stringify(steps.map(step => ({ ...step, id: uuidv7() })))
  trx.later(
    sql`
      insert into appointment_changes (practice_id, id, appointment_id, appointment_version, kind, actor_kind, actor_id,
        staff_id, clinician_id, location_id, room_id, mode, starts_at, ends_at, reason_code, asked_by)
      select a.practice_id, w.id, a.id, a.version, w.kind, ${actor.kind}, ${actor.id}::uuid, ${actor.staffId}::uuid,
        a.clinician_id, a.location_id, a.room_id, a.mode, a.starts_at, a.ends_at, ${reasonCode}::text, ${by}::text
      from jsonb_to_recordset(${rows}::jsonb) as w("appointmentId" uuid, kind text, id uuid)
      join appointments a on a.practice_id = ${trx.practiceId} and a.id = w."appointmentId"`.compile(trx),
  )
}

/** Puts these dates in the place of all that a series has from a date on. */
export async function replaceDates(
  trx: PracticeTransaction,
  seriesId: string,
  from: string,
  dates: readonly PlannedDate[],
): Promise<void> {
  await Promise.all([
    sql`delete from series_dates where practice_id = ${trx.practiceId} and series_id = ${seriesId}
      and on_date >= ${from}::date`.execute(trx),
    insertDates(trx, [{ seriesId, dates }]),
  ])
}

export async function insertDates(
  trx: PracticeTransaction,
  series: readonly { seriesId: string; dates: readonly PlannedDate[] }[],
): Promise<void> {
  const rows = series.flatMap(({ seriesId, dates }) =>
    dates.map(({ date, minute, standing, exception, session }) => ({
      seriesId,
      date,
      minute,
      standing,
      exception,
      appointmentId: session?.id ?? null,
    })),
  )
  if (rows.length === 0) return
  await sql`
    insert into series_dates (practice_id, series_id, on_date, starts_minute, standing, exception, appointment_id)
    select ${trx.practiceId}, w."seriesId", w.date, w.minute, w.standing, w.exception, w."appointmentId"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as w("seriesId" uuid, date date, minute integer,
      standing text, exception boolean, "appointmentId" uuid)`.execute(trx)
}
