import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import * as repository from './appointments.repository.ts'
import { statusOf } from './appointments.rules.ts'
import type { AppointmentStatus } from './appointments.schemas.ts'
import { openAppointmentRow } from './appointments.service.ts'

/** What other modules need to know of an appointment. */
export interface BookedSession {
  id: string
  chartId: string
  clinicianId: string
  serviceId: string
  mode: 'in_person' | 'telehealth'
  status: AppointmentStatus
  startsAt: Date
  endsAt: Date
  timeZone: string
  /** When it really took place; null until attendance is recorded. */
  actualStartsAt: Date | null
  actualEndsAt: Date | null
}

/**
 * An appointment the caller may see, recorded in the audit row and passed again by a replay.
 *
 * @throws Problem `not-found`
 */
export async function openAppointment(trx: PracticeTransaction, id: string): Promise<BookedSession> {
  return toSession(await openAppointmentRow(trx, id))
}

/**
 * An appointment, whoever asks: only for code that compares it with a chart whose door was passed, and says
 * nothing of it otherwise.
 */
export async function findAppointment(
  trx: PracticeTransaction,
  id: string,
): Promise<BookedSession | undefined> {
  const row = await repository.find(trx, id)
  return row && toSession(row)
}

const toSession = (row: repository.AppointmentColumns): BookedSession => ({
  id: row.id,
  chartId: row.chart_id,
  clinicianId: row.clinician_id,
  serviceId: row.service_id,
  mode: row.mode as BookedSession['mode'],
  status: statusOf(row.status),
  startsAt: row.starts_at,
  endsAt: row.ends_at,
  timeZone: row.time_zone,
  actualStartsAt: row.actual_starts_at,
  actualEndsAt: row.actual_ends_at,
})
