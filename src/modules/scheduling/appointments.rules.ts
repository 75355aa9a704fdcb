import { invalidField, Problem } from '../../lib/problems.ts'
import type { Scope } from '../../lib/scope.ts'
import type { AppointmentStatus } from './appointments.schemas.ts'
import type { ChangeKind } from './changes.schemas.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

export const window = {
  /** A session that was held may still be entered for a month; what is older comes by import. */
  pastDays: 31,
  /** Farther ahead is a slip of the year. */
  aheadDays: 731,
  listDays: 62,
  arrivalHours: 12,
  /** Clocks of front ends differ a little. */
  clockToleranceMs: minute,
}

export type Step = Exclude<ChangeKind, 'booked'>

/**
 * What may follow what. Who moves an hour has to confirm it anew. A no-show keeps its hour: it was held for the
 * client. Attendance may be corrected, and a no-show may turn out to have been attended; what was completed cannot be
 * undone into a booking, because a note may stand on it.
 */
const steps: Readonly<Record<AppointmentStatus, Partial<Record<Step, AppointmentStatus>>>> = {
  scheduled: {
    moved: 'scheduled',
    confirmed: 'confirmed',
    arrived: 'arrived',
    started: 'in_session',
    completed: 'completed',
    no_show: 'no_show',
    canceled: 'canceled',
    late_canceled: 'late_canceled',
  },
  confirmed: {
    moved: 'scheduled',
    arrived: 'arrived',
    started: 'in_session',
    completed: 'completed',
    no_show: 'no_show',
    canceled: 'canceled',
    late_canceled: 'late_canceled',
  },
  arrived: {
    started: 'in_session',
    completed: 'completed',
    no_show: 'no_show',
    canceled: 'canceled',
    late_canceled: 'late_canceled',
  },
  in_session: { completed: 'completed', no_show: 'no_show' },
  completed: { completed: 'completed' },
  no_show: { completed: 'completed', canceled: 'canceled', late_canceled: 'late_canceled' },
  canceled: { uncanceled: 'scheduled' },
  late_canceled: { uncanceled: 'scheduled' },
}

/** @throws Problem `invalid-state` */
export function afterStep(status: AppointmentStatus, step: Step): AppointmentStatus {
  const next = steps[status][step]
  if (!next) throw new Problem('invalid-state')
  return next
}

/** What the first release called them. Such rows stay until the next contraction. */
const firstWords: Readonly<Partial<Record<AppointmentStatus, string>>> = {
  scheduled: 'booked',
  completed: 'attended',
}

/** Every word under which rows of this status may stand in the database. */
export const wordsOf = (status: AppointmentStatus): string[] =>
  [firstWords[status], status].filter(word => word !== undefined)

/** The status, or the kind of change, that a word of the database means. */
export function statusOf(word: string): AppointmentStatus {
  if (word === 'booked') return 'scheduled'
  return (word === 'attended' ? 'completed' : word) as AppointmentStatus
}

/** @throws Problem `invalid-state` while the session has not started */
export function assertStarted(startsAt: Date, now: Date): void {
  if (startsAt.getTime() > now.getTime() + window.clockToleranceMs)
    throw new Problem('invalid-state', { detail: 'The appointment has not started yet.' })
}

/** People come early, and not on another day. @throws Problem `invalid-state` */
export function assertMayArrive(startsAt: Date, now: Date): void {
  if (startsAt.getTime() - now.getTime() > window.arrivalHours * hour)
    throw new Problem('invalid-state', {
      detail: `Arrivals, starts and check-ins are possible from ${window.arrivalHours} hours before the booked start on.`,
    })
}

/** @throws Problem `invalid-request` for a start in the future or a day away from the booked one */
export function assertActualStart(startedAt: Date, bookedAt: Date, now: Date, pointer: string): void {
  if (startedAt.getTime() > now.getTime() + window.clockToleranceMs)
    throw invalidField(pointer, 'range', 'Must not be in the future.')
  if (Math.abs(startedAt.getTime() - bookedAt.getTime()) > day)
    throw invalidField(pointer, 'range', 'Must be within 24 hours of the booked start.')
}

/** A real session: it ends after it starts, is over, lasted a day at most and lies near its appointment. */
export function assertAttendance(actual: Period, startsAt: Date, now: Date): void {
  const length = actual.endsAt.getTime() - actual.startsAt.getTime()
  if (length <= 0) throw invalidField('/actualEndsAt', 'range', 'Must be after the start.')
  if (length > day) throw invalidField('/actualEndsAt', 'range', 'Must be within 24 hours of the start.')
  if (actual.endsAt.getTime() > now.getTime() + window.clockToleranceMs)
    throw invalidField('/actualEndsAt', 'range', 'Must not be in the future.')
  assertActualStart(actual.startsAt, startsAt, now, '/actualStartsAt')
}

export interface Period {
  startsAt: Date
  endsAt: Date
}

/** `[start, end)` of a session. @throws Problem `invalid-request` outside the bookable time */
export function sessionAt(startsAt: string, durationMinutes: number, now: Date): Period {
  const start = wholeMinute(startsAt, '/startsAt')
  const ahead = start.getTime() - now.getTime()
  if (ahead < -window.pastDays * day || ahead > window.aheadDays * day)
    throw invalidField(
      '/startsAt',
      'range',
      `Must be at most ${window.pastDays} days ago and ${window.aheadDays} days ahead.`,
    )
  return { startsAt: start, endsAt: new Date(start.getTime() + durationMinutes * minute) }
}

/** Sessions begin and end on the minute. @throws Problem `invalid-request` */
export function wholeMinute(text: string, pointer: string): Date {
  const value = instant(text, pointer)
  if (value.getTime() % minute !== 0) throw invalidField(pointer, 'whole-minute', 'Must be a whole minute.')
  return value
}

/** The format admits instants that no calendar has, like a leap second. */
export function instant(text: string, pointer: string): Date {
  const value = new Date(text)
  if (Number.isNaN(value.getTime())) throw invalidField(pointer, 'format', 'Must be an instant.')
  return value
}

/** What a session takes of the clinician and the room: buffers belong to the reservation only. */
export function withBuffers({ startsAt, endsAt }: Period, before: number, after: number): Period {
  return {
    startsAt: new Date(startsAt.getTime() - before * minute),
    endsAt: new Date(endsAt.getTime() + after * minute),
  }
}

/** @throws Problem `invalid-request` */
export function listPeriod(query: { from: string; to: string }): { from: Date; to: Date } {
  const from = instant(query.from, 'query/from')
  const to = instant(query.to, 'query/to')
  if (to.getTime() <= from.getTime() || to.getTime() - from.getTime() > window.listDays * day)
    throw invalidField('query/to', 'range', `Must be after \`from\`, by at most ${window.listDays} days.`)
  return { from, to }
}

export const minutesOf = ({ startsAt, endsAt }: Period) =>
  Math.round((endsAt.getTime() - startsAt.getTime()) / minute)

/** Why nobody else can have the hour either. */
export const keepsTime = (reasonCode: string | undefined): boolean =>
  ['clinician_unavailable', 'room_unavailable', 'weather', 'emergency'].includes(reasonCode ?? '')

/** The front desk, integrations and the practice itself keep all calendars. */
export const keepsAllCalendars = ({ actor: { kind, roles } }: Scope): boolean =>
  kind !== 'user' || roles.includes('owner') || roles.includes('admin')

/**
 * Who does not keep all calendars keeps the own one, as a clinician.
 *
 * @throws Problem `not-permitted`
 */
export function assertKeepsCalendarOf(scope: Scope, clinicianId: string): void {
  if (keepsAllCalendars(scope)) return
  const { roles, staffId } = scope.actor
  if (roles.includes('clinician') && staffId === clinicianId) return
  throw new Problem('not-permitted', { detail: 'Clinicians keep their own calendar only.' })
}
