import { Temporal } from 'temporal-polyfill'
import { limits } from '../../../lib/limits.ts'
import type { AppointmentColumns } from '../appointments.repository.ts'
import { type Period, statusOf } from '../appointments.rules.ts'
import type { AppointmentStatus } from '../appointments.schemas.ts'
import type { Placement } from '../booking.rules.ts'
import type { Clash } from '../reservations.ts'
import type { CalendarException } from '../slots/free-time.rules.ts'
import { addDays, type LocalCalendar, localCalendar } from '../slots/local-calendar.ts'
import { merged, type Span, touches } from '../slots/spans.ts'
import type { Standing } from './dates.schemas.ts'
import { datesOf, type Frequency, frequencyOf } from './recurrence.ts'

const minuteMs = 60_000

/** What is agreed of a series. Times are those of the wall clock of its zone. */
export interface Agreed extends Placement {
  rule: string
  firstOn: string
  minute: number
  timeZone: string
  durationMinutes: number
  plannedState: string | null
  onClosedDays: 'leave_out' | 'book'
}

/** A date that the rule gives, with its session. */
export interface Occurrence {
  date: string
  minute: number
  period: Period
}

export interface Pause {
  from: string
  until: string
}

/** Why a date has its appointment, or none, as it is written down. */
export type WrittenStanding = 'booked' | 'busy' | 'closed' | 'paused' | 'unavailable'

/** An appointment, as far as a date shows it. */
export interface Session extends Period {
  id: string
  status: AppointmentStatus
  version: number
}

/** A date with what is, or is to be, written of it. */
export interface PlannedDate extends Occurrence {
  standing: WrittenStanding
  exception: boolean
  session: Session | null
  /** What the request does to the appointment. */
  step: 'booked' | 'moved' | 'canceled' | 'late_canceled' | null
  /** What is in the way of doing it. */
  clash: Clash | null
}

/** The zone is asked for each date, so the hour stays the same on the wall clock. */
export function occurrencesOf(
  dates: readonly string[],
  { minute, timeZone, durationMinutes }: Pick<Agreed, 'minute' | 'timeZone' | 'durationMinutes'>,
  calendar: LocalCalendar = localCalendar(timeZone),
): Occurrence[] {
  const clock = { minute, durationMinutes }
  return dates.map(date => ({ date, minute, period: periodOn(date, clock, calendar) }))
}

export function periodOn(
  date: string,
  { minute, durationMinutes }: Pick<Agreed, 'minute' | 'durationMinutes'>,
  calendar: LocalCalendar,
): Period {
  const start = calendar.at(date, minute)
  return { startsAt: new Date(start), endsAt: new Date(start + durationMinutes * minuteMs) }
}

/** The day that it is now on the clock of a zone. */
export const dayIn = (timeZone: string, now: Date): string =>
  Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timeZone).toPlainDate().toString()

/** Minutes from midnight that a zone's clock shows at an instant. */
export function minuteIn(timeZone: string, at: Date): number {
  const local = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone)
  return local.hour * 60 + local.minute
}

/** The last day up to which dates are booked. */
export const horizonOf = (today: string): string =>
  addDays(today, limits.scheduling.series.aheadDays + limits.scheduling.series.marginDays)

/** What a series gives from one date to another. @throws Problem `invalid-request` for a rule without dates */
export const datesWithin = ({ rule, firstOn }: Agreed, from: string, until: string): string[] =>
  datesOf(rule, firstOn, { from, until })

export const isPaused = (pauses: readonly Pause[], date: string): boolean =>
  pauses.some(({ from, until }) => from <= date && date <= until)

/** Whether a session would fall into a holiday of its place, or into time off of its clinician. */
export function closedTimes(
  exceptions: readonly CalendarException[],
  { clinicianId, locationId, timeZone }: Pick<Agreed, 'clinicianId' | 'locationId' | 'timeZone'>,
): (period: Period) => boolean {
  const calendar = localCalendar(timeZone)
  const spans = exceptions
    .filter(({ kind, staffId, locationId: where }) =>
      kind === 'holiday'
        ? where === null || where === locationId
        : kind === 'time_off' && staffId === clinicianId,
    )
    .map(
      ({ startsOn, startsMinute, endsOn, endsMinute }): Span => [
        calendar.bound(startsOn, startsMinute),
        calendar.bound(endsOn, endsMinute),
      ],
    )
  const closed = merged(spans)
  return ({ startsAt, endsAt }) => touches(closed, startsAt.getTime(), endsAt.getTime())
}

/**
 * Which dates of the old rule become which of the new one: the same date where there is one, otherwise in order within
 * the week of a weekly rule, the month of a monthly one, the year of a yearly one. Rules of different frequency have only
 * dates in common.
 */
export function paired<Old extends { date: string }>(
  old: readonly Old[],
  next: readonly string[],
  [oldRule, newRule]: readonly [string, string],
): { pairs: Map<string, Old>; dropped: Old[] } {
  const left = new Map(old.map(entry => [entry.date, entry]))
  const pairs = new Map<string, Old>()
  const pair = (date: string, entry: Old | undefined) => {
    if (!entry) return
    pairs.set(date, entry)
    left.delete(entry.date)
  }
  for (const date of next) pair(date, left.get(date))
  const frequency = frequencyOf(newRule)
  if (frequency === frequencyOf(oldRule)) {
    const waiting = Map.groupBy(left.values(), ({ date }) => turnOf(date, frequency))
    for (const date of next) if (!pairs.has(date)) pair(date, waiting.get(turnOf(date, frequency))?.shift())
  }
  return { pairs, dropped: [...left.values()] }
}

/** What a date is in the same turn of a rule with. */
function turnOf(date: string, frequency: Frequency): string {
  if (frequency === 'MONTHLY') return date.slice(0, 7)
  if (frequency === 'YEARLY') return date.slice(0, 4)
  if (frequency === 'DAILY') return date
  return addDays(date, 1 - Temporal.PlainDate.from(date).dayOfWeek)
}

/** Whether a series may still do something to it: nobody has come for it yet. */
export const isToCome = ({ status, startsAt }: Pick<Session, 'status' | 'startsAt'>, now: Date): boolean =>
  (status === 'scheduled' || status === 'confirmed') && startsAt > now

/** Whether an appointment is as agreed already. */
export function isAsAgreed(row: AppointmentColumns, agreed: Agreed, { period }: Occurrence): boolean {
  return (
    row.clinician_id === agreed.clinicianId &&
    row.mode === agreed.mode &&
    row.location_id === agreed.locationId &&
    row.room_id === agreed.roomId &&
    row.starts_at.getTime() === period.startsAt.getTime() &&
    row.ends_at.getTime() === period.endsAt.getTime()
  )
}

export const sessionOf = (row: AppointmentColumns): Session => ({
  id: row.id,
  status: statusOf(row.status),
  version: row.version,
  startsAt: row.starts_at,
  endsAt: row.ends_at,
})

export const isCanceled = (session: Session | null) =>
  session?.status === 'canceled' || session?.status === 'late_canceled'

/**
 * How a date is shown.
 *
 * @param when `before` it is done (a preview), `after` it was, or at any other time (`null`)
 */
export function shownStanding(planned: PlannedDate, when: 'before' | 'after' | null): Standing {
  const { standing, step, session, clash } = planned
  if (clash) return 'busy'
  if (standing !== 'booked') return standing
  if (step === 'booked' || step === 'moved') return when === 'before' ? 'free' : 'booked'
  if (step !== null || isCanceled(session)) return 'canceled'
  return when === null ? 'booked' : 'kept'
}
