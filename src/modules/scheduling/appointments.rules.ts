import { invalidField, Problem } from '../../lib/problems.ts'
import type { Scope } from '../../lib/scope.ts'
import type { AppointmentStatus, ChangeKind } from './appointments.schemas.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

export const window = {
  /** A session that was held may still be entered for a month; what is older comes by import. */
  pastDays: 31,
  /** Farther ahead is a slip of the year. */
  aheadDays: 731,
  listDays: 62,
  /** Clocks of front ends differ a little. */
  clockToleranceMs: minute,
}

export type Step = Exclude<ChangeKind, 'booked'>

/**
 * What may follow what. A no-show keeps its hour: it was held for the client. Attendance may be corrected,
 * and a no-show may turn out to have been attended; what was attended cannot be undone into a booking,
 * because a note may stand on it.
 */
const steps: Readonly<Record<AppointmentStatus, Partial<Record<Step, AppointmentStatus>>>> = {
  booked: { moved: 'booked', canceled: 'canceled', no_show: 'no_show', attended: 'attended' },
  no_show: { canceled: 'canceled', attended: 'attended' },
  attended: { attended: 'attended' },
  canceled: { uncanceled: 'booked' },
}

/** @throws Problem `invalid-state` */
export function afterStep(status: AppointmentStatus, step: Step): AppointmentStatus {
  const next = steps[status][step]
  if (!next) throw new Problem('invalid-state')
  return next
}

/** @throws Problem `invalid-state` while the session has not started */
export function assertStarted(startsAt: Date, now: Date): void {
  if (startsAt.getTime() > now.getTime() + window.clockToleranceMs)
    throw new Problem('invalid-state', { detail: 'The appointment has not started yet.' })
}

/** A real session: it ends after it starts, is over, lasted a day at most and lies near its appointment. */
export function assertAttendance(actual: Period, startsAt: Date, now: Date): void {
  const length = actual.endsAt.getTime() - actual.startsAt.getTime()
  if (length <= 0) throw invalidField('/actualEndsAt', 'range', 'Must be after the start.')
  if (length > day) throw invalidField('/actualEndsAt', 'range', 'Must be within 24 hours of the start.')
  if (actual.endsAt.getTime() > now.getTime() + window.clockToleranceMs)
    throw invalidField('/actualEndsAt', 'range', 'Must not be in the future.')
  if (Math.abs(actual.startsAt.getTime() - startsAt.getTime()) > day)
    throw invalidField('/actualStartsAt', 'range', 'Must be within 24 hours of the booked start.')
}

export interface Period {
  startsAt: Date
  endsAt: Date
}

/** `[start, end)` of a session. @throws Problem `invalid-request` outside the bookable time */
export function sessionAt(startsAt: string, durationMinutes: number, now: Date): Period {
  const start = instant(startsAt, '/startsAt')
  const ahead = start.getTime() - now.getTime()
  if (start.getTime() % minute !== 0)
    throw invalidField('/startsAt', 'whole-minute', 'Must be a whole minute.')
  if (ahead < -window.pastDays * day || ahead > window.aheadDays * day)
    throw invalidField(
      '/startsAt',
      'range',
      `Must be at most ${window.pastDays} days ago and ${window.aheadDays} days ahead.`,
    )
  return { startsAt: start, endsAt: new Date(start.getTime() + durationMinutes * minute) }
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

/**
 * The front desk, integrations and the practice itself keep all calendars; a clinician the own one.
 *
 * @throws Problem `not-permitted`
 */
export function assertKeepsCalendarOf(scope: Scope, clinicianId: string): void {
  const { kind, roles, staffId } = scope.actor
  if (kind !== 'user' || roles.includes('owner') || roles.includes('admin')) return
  if (roles.includes('clinician') && staffId === clinicianId) return
  throw new Problem('not-permitted', { detail: 'Clinicians keep their own calendar only.' })
}
