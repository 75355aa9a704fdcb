import type { AppointmentColumns, AppointmentRow } from './appointments.repository.ts'
import { minutesOf, statusOf } from './appointments.rules.ts'
import type { Appointment } from './appointments.schemas.ts'
import type { ChangeRow } from './changes.repository.ts'
import type { AppointmentChange } from './changes.schemas.ts'
import { localTime } from './local-time.ts'

/** A row as the API shows it. Whoever sees it in part gets no room and no reason. */
export function toAppointment(row: AppointmentRow): Appointment {
  const inFull = row.seen_as !== 'part'
  return {
    id: row.id,
    chartId: row.chart_id,
    clientId: row.chart_kind === 'individual' ? (row.member_ids[0] ?? null) : null,
    coupleId: row.couple_id,
    displayName: row.subject_name,
    serviceId: row.service_id,
    ...placeOf(row, inFull),
    startsAt: row.starts_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    durationMinutes: minutesOf({ startsAt: row.starts_at, endsAt: row.ends_at }),
    timeZone: row.time_zone,
    localStart: localTime(row.starts_at.getTime(), row.time_zone),
    status: statusOf(row.status),
    overbooked: row.overbooked,
    series: row.series,
    cancellation: toCancellation(row, inFull),
    attendance: toAttendance(row),
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}

/** The note is given opened, and only for those who may read it. */
export function toChange(row: ChangeRow, inFull: boolean, note: string | null): AppointmentChange {
  return {
    id: row.id,
    appointmentVersion: row.appointment_version,
    kind: (row.kind === 'attended' ? 'completed' : row.kind) as AppointmentChange['kind'],
    recordedById: row.staff_id,
    ...placeOf(row, inFull),
    startsAt: row.starts_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    reasonCode: inFull ? (row.reason_code as AppointmentChange['reasonCode']) : null,
    by: row.asked_by as AppointmentChange['by'],
    note,
    overrideReason: row.override_reason as AppointmentChange['overrideReason'],
    createdAt: row.occurred_at.toISOString(),
  }
}

type Place = Pick<AppointmentColumns, 'clinician_id' | 'mode' | 'location_id' | 'room_id'>

const placeOf = (row: Place, inFull: boolean) => ({
  clinicianId: row.clinician_id,
  mode: row.mode as Appointment['mode'],
  locationId: row.location_id,
  roomId: inFull ? row.room_id : null,
})

function toCancellation(row: AppointmentColumns, inFull: boolean): Appointment['cancellation'] {
  if (!row.canceled_at) return null
  type Cancellation = NonNullable<Appointment['cancellation']>
  return {
    reasonCode: inFull ? (row.cancellation_reason as Cancellation['reasonCode']) : null,
    by: row.cancellation_by as Cancellation['by'],
    canceledAt: row.canceled_at.toISOString(),
  }
}

function toAttendance(row: AppointmentRow): Appointment['attendance'] {
  if (!row.actual_starts_at) return null
  return {
    actualStartsAt: row.actual_starts_at.toISOString(),
    actualEndsAt: row.actual_ends_at?.toISOString() ?? null,
    participants: row.sees_members ? row.attendees : [],
  }
}
