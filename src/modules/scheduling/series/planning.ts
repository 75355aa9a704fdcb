import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { limits } from '../../../lib/limits.ts'
import { invalidField, Problem } from '../../../lib/problems.ts'
import type { Period } from '../appointments.rules.ts'
import { assertMayBeGiven, assertServiceIsOffered } from '../booking.rules.ts'
import { type Buffers, busy, refuse, reserveMany } from '../reservations.ts'
import { addDays } from '../slots/local-calendar.ts'
import { findExceptions } from '../slots/slot-supply.repository.ts'
import type { Supply } from '../supply.repository.ts'
import type { NewRow } from './many-appointments.repository.ts'
import type { SeriesColumns, SeriesRow } from './series.repository.ts'
import { type Agreed, closedTimes, type Occurrence, type PlannedDate, type Session } from './series.rules.ts'
import { reservationsFor, type Wish } from './wishes.rules.ts'
import { clashesWith } from './wishes.ts'

/** What planning has in common: for a new series, a change of one, and the job that goes on with many. */

const never = () => false

/** Whether sessions of a series would fall on closed days, looked up for a range of dates. */
export async function closedDays(
  trx: PracticeTransaction,
  agreed: Agreed,
  dates: readonly string[],
): Promise<(period: Period) => boolean> {
  const [first, last] = [dates[0], dates.at(-1)]
  if (agreed.onClosedDays === 'book' || first === undefined || last === undefined) return never
  const around = { from: addDays(first, -1), until: addDays(last, 2) }
  return closedTimes(await findExceptions(trx, [agreed.clinicianId], around), agreed)
}

/** @throws Problem `invalid-request` for none, and for more than a day has one */
export function assertSomeDates(dates: readonly string[]): void {
  const { dates: most, aheadDays } = limits.scheduling.series
  if (dates.length === 0)
    throw invalidField('/rule', 'range', `It gives no date within ${aheadDays} days of today.`)
  if (dates.length > most) throw invalidField('/rule', 'range', 'It gives too many dates.')
}

/**
 * Whether a series that stands may get new appointments, like any other booking.
 *
 * @throws Problem `invalid-state` for a closed chart, `unknown-reference`
 */
export function assertGoesOn(row: SeriesRow, supply: Supply): void {
  if (row.chart_status === 'closed') throw new Problem('invalid-state', { detail: 'The chart is closed.' })
  assertServiceIsOffered(supply)
  assertMayBeGiven(supply)
}

/** A date for which an appointment is to be booked. */
export function toBook(occurrence: Occurrence): PlannedDate & { session: Session } {
  const session: Session = { id: uuidv7(), status: 'scheduled', version: 1, ...occurrence.period }
  return { ...occurrence, standing: 'booked', exception: false, session, step: 'booked', clash: null }
}

export const leftOut = (
  occurrence: Occurrence,
  standing: Exclude<PlannedDate['standing'], 'booked'>,
): PlannedDate => ({ ...occurrence, standing, exception: false, session: null, step: null, clash: null })

/** The time that a date's appointment is to have. */
export const wishFor = (
  { session, period }: PlannedDate & { session: Session },
  placement: Agreed,
  clientIds: readonly string[],
  buffers: Buffers,
): Wish => ({ id: session.id, placement, clientIds, period, buffers, has: null })

/** Dates that cannot be booked are left out, with what is in the way. */
export async function withClashes(
  trx: PracticeTransaction,
  planned: readonly PlannedDate[],
  wishes: readonly Wish[],
  lock: boolean,
): Promise<PlannedDate[]> {
  const clashes = await clashesWith(trx, wishes, { lock })
  return planned.map(date => {
    const clash = date.session && clashes.get(date.session.id)
    return clash ? { ...leftOut(date, 'busy'), clash } : date
  })
}

/** The refusal of a series that is booked as a whole: every date that clashes, and what may be told of it. */
export function busyDates(planned: readonly PlannedDate[]): Problem {
  const clashing = planned.flatMap(({ date, clash }) => (clash ? [{ date, clash }] : []))
  return busy(
    clashing.map(({ clash }) => clash),
    {
      clashes: clashing.map(({ date, clash: { resource, appointmentId } }) => ({
        date,
        resource,
        ...(appointmentId !== null && { appointmentId }),
      })),
    },
  )
}

/** Takes the time of appointments that are there; `clashesWith` found it free under locks. @throws Problem `resource-busy` */
export async function takeTimes(
  trx: PracticeTransaction,
  wishes: readonly Wish[],
  givingWay: readonly string[] = [],
  options: { isOffered?: boolean } = {},
): Promise<void> {
  const rows = wishes.flatMap(reservationsFor)
  const moving = wishes.filter(({ has }) => has !== null).map(({ id }) => id)
  const insteadOf = [...givingWay, ...moving].map(id => ({ kind: 'appointment' as const, id }))
  await refuse(trx, await reserveMany(trx, rows, { ...options, insteadOf }))
}

/** The appointments of the dates that are to be booked. */
export function newRowsOf(
  planned: readonly PlannedDate[],
  series: Pick<SeriesColumns, 'chart_id' | 'service_id'>,
  { clinicianId, mode, locationId, roomId, plannedState, timeZone }: Agreed,
  { beforeMinutes, afterMinutes }: Buffers,
): NewRow[] {
  return planned.flatMap(({ step, session, period }) =>
    step === 'booked' && session
      ? [
          {
            id: session.id,
            chartId: series.chart_id,
            serviceId: series.service_id,
            clinicianId,
            mode,
            locationId,
            roomId,
            plannedState,
            timeZone,
            ...period,
            bufferBefore: beforeMinutes,
            bufferAfter: afterMinutes,
          },
        ]
      : [],
  )
}
