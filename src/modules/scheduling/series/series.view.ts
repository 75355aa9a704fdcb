import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { clockOf } from '../../practice/index.ts'
import { localTime } from '../local-time.ts'
import { type LocalCalendar, localCalendar } from '../slots/local-calendar.ts'
import type { SeriesDate } from './dates.schemas.ts'
import type { SeriesStep } from './history.schemas.ts'
import type { DateRow, SeriesChangeRow, SeriesColumns, SeriesRow } from './series.repository.ts'
import {
  type Agreed,
  isCanceled,
  type PlannedDate,
  periodOn,
  sessionOf,
  shownStanding,
  type WrittenStanding,
} from './series.rules.ts'
import type { AppointmentSeries } from './series.schemas.ts'

/** A row as the API shows it. Whoever sees it in part gets no room. */
export function toSeries(row: SeriesRow): AppointmentSeries {
  return {
    id: row.id,
    chartId: row.chart_id,
    clientId: row.chart_kind === 'individual' ? (row.member_ids[0] ?? null) : null,
    coupleId: row.couple_id,
    displayName: row.subject_name,
    serviceId: row.service_id,
    clinicianId: row.clinician_id,
    mode: row.mode as AppointmentSeries['mode'],
    locationId: row.location_id,
    roomId: row.seen_as === 'part' ? null : row.room_id,
    rule: row.rule,
    firstOn: row.first_on,
    time: clockOf(row.starts_minute),
    durationMinutes: row.duration_minutes,
    timeZone: row.time_zone,
    onClosedDays: row.on_closed_days as AppointmentSeries['onClosedDays'],
    bookedUntil: row.booked_until,
    status: row.status as AppointmentSeries['status'],
    pauses: row.pauses,
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}

export const agreedOf = (row: SeriesColumns): Agreed => ({
  rule: row.rule,
  firstOn: row.first_on,
  minute: row.starts_minute,
  timeZone: row.time_zone,
  durationMinutes: row.duration_minutes,
  plannedState: row.planned_state,
  onClosedDays: row.on_closed_days as Agreed['onClosedDays'],
  clinicianId: row.clinician_id,
  mode: row.mode as Agreed['mode'],
  locationId: row.location_id,
  roomId: row.room_id,
})

/** A date as it stands. An appointment that was taken out of a pause by itself is an exception. */
export function standingDate(
  row: DateRow,
  agreed: Agreed,
  calendar: LocalCalendar = localCalendar(agreed.timeZone),
): PlannedDate {
  const { date, minute } = row
  const session = row.id === null ? null : sessionOf(row)
  const isBack = row.standing === 'paused' && session !== null && !isCanceled(session)
  return {
    date,
    minute,
    period: periodOn(date, { ...agreed, minute }, calendar),
    standing: isBack ? 'booked' : (row.standing as WrittenStanding),
    exception: row.exception || isBack,
    session,
    step: null,
    clash: null,
  }
}

/** The date after its step was taken. */
export function asDone(planned: PlannedDate): PlannedDate {
  const { step, session, period } = planned
  if (!session || step === null || step === 'booked') return planned
  const version = session.version + 1
  if (step === 'moved')
    return { ...planned, session: { ...session, ...period, status: 'scheduled', version } }
  return { ...planned, session: { ...session, status: step, version } }
}

/** @param when as for `shownStanding` */
export function toDate(planned: PlannedDate, timeZone: string, when: 'before' | 'after' | null): SeriesDate {
  const { date, period, session, step, clash, exception } = planned
  const now = session && step !== 'booked' && step !== 'moved' ? session : period
  // What a preview would book has no id yet.
  const isThere = session !== null && !(when === 'before' && step === 'booked')
  return {
    date,
    originalStartsAt: period.startsAt.toISOString(),
    localStart: localTime(period.startsAt.getTime(), timeZone),
    startsAt: now.startsAt.toISOString(),
    endsAt: now.endsAt.toISOString(),
    standing: shownStanding(planned, when),
    exception,
    appointmentId: isThere ? session.id : null,
    appointmentStatus: isThere ? session.status : null,
    resource: clash?.resource ?? null,
    clashesWithId: clash?.appointmentId ?? null,
  }
}

/** By date. */
export const toDates = (
  dates: readonly PlannedDate[],
  timeZone: string,
  when: 'before' | 'after' | null,
): SeriesDate[] =>
  dates
    .toSorted((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0))
    .map(planned => toDate(planned, timeZone, when))

export function datesOfRows(rows: readonly DateRow[], agreed: Agreed): PlannedDate[] {
  const calendar = localCalendar(agreed.timeZone)
  return rows.map(row => standingDate(row, agreed, calendar))
}

/** The note is given opened, and only for those who may read it. */
export function toStep(row: SeriesChangeRow, inFull: boolean, note: string | null): SeriesStep {
  return {
    id: row.id,
    seriesVersion: row.series_version,
    kind: row.kind as SeriesStep['kind'],
    from: row.from_date,
    recordedById: row.staff_id,
    clinicianId: row.clinician_id,
    mode: row.mode as SeriesStep['mode'],
    locationId: row.location_id,
    roomId: inFull ? row.room_id : null,
    rule: row.rule,
    firstOn: row.first_on,
    time: clockOf(row.starts_minute),
    durationMinutes: row.duration_minutes,
    booked: row.booked_count,
    moved: row.moved_count,
    canceled: row.canceled_count,
    leftOut: row.left_out_count,
    reasonCode: inFull ? (row.reason_code as SeriesStep['reasonCode']) : null,
    by: row.asked_by as SeriesStep['by'],
    note,
    createdAt: row.occurred_at.toISOString(),
  }
}

const notePlace = (rowId: string) => ({
  table: 'appointment_series_changes',
  column: 'note_sealed',
  rowId,
  rowVersion: 1,
})

export const sealNote = (trx: PracticeTransaction, rowId: string, note: string): Promise<Buffer> =>
  trx.seal(notePlace(rowId), note)

export const openNote = async (trx: PracticeTransaction, row: SeriesChangeRow): Promise<string | null> =>
  row.note_sealed && (await trx.open(notePlace(row.id), row.note_sealed)).toString()
