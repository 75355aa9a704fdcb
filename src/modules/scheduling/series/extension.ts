import { systemClock } from '../../../lib/clock.ts'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { DomainEvent } from '../../../lib/events.ts'
import { limits } from '../../../lib/limits.ts'
import { Problem } from '../../../lib/problems.ts'
import {
  assertMayBeGiven,
  assertModeFits,
  assertServiceIsOffered,
  assertSupplyTakes,
  peopleIn,
} from '../booking.rules.ts'
import type { CalendarException } from '../slots/free-time.rules.ts'
import { addDays } from '../slots/local-calendar.ts'
import { findExceptions } from '../slots/slot-supply.repository.ts'
import { buffersOf } from './change.plan.ts'
import { stepsOf, tell } from './finish.ts'
import { bookedUntil, type DueSeries, takeDue } from './going-on.repository.ts'
import { insertAppointments, insertDates } from './many-appointments.repository.ts'
import { leftOut, newRowsOf, takeTimes, toBook, wishFor, withClashes } from './planning.ts'
import {
  type Agreed,
  closedTimes,
  datesWithin,
  dayIn,
  horizonOf,
  isPaused,
  occurrencesOf,
  type PlannedDate,
} from './series.rules.ts'
import { agreedOf } from './series.view.ts'
import type { Wish } from './wishes.rules.ts'

const { aheadDays, perRound } = limits.scheduling.series

interface Extended {
  row: DueSeries
  agreed: Agreed
  until: string
  planned: PlannedDate[]
}

/**
 * Books series on, so that a year ahead is always booked. What cannot be booked is left out, and told. Any number of
 * series costs the same statements.
 */
export async function extendSeries(trx: PracticeTransaction): Promise<void> {
  const now = systemClock.now()
  const due = await takeDue(trx, addDays(dayIn('UTC', now), aheadDays), perRound)
  if (due.length === 0) return
  const first = due.map(row => row.booked_until).toSorted()[0] ?? ''
  const last = addDays(horizonOf(dayIn('UTC', now)), 2)
  const exceptions = await findExceptions(
    trx,
    due.map(row => row.clinician_id),
    { from: first, until: last },
  )
  const wishes: Wish[] = []
  const hoped = due.map(row => extend(row, now, exceptions, wishes))
  const decided = await withClashes(
    trx,
    hoped.flatMap(({ planned }) => planned),
    wishes,
    true,
  )
  let place = 0
  const extended = hoped.map(series => ({
    ...series,
    planned: decided.slice(place, (place += series.planned.length)),
  }))
  const taking = new Set(decided.flatMap(({ session }) => (session ? [session.id] : [])))
  await Promise.all([
    insertAppointments(
      trx,
      extended.flatMap(({ row, agreed, planned }) => newRowsOf(planned, row, agreed, buffersOf(row))),
    ),
    insertDates(
      trx,
      extended.map(({ row, planned }) => ({ seriesId: row.id, dates: planned })),
    ),
    bookedUntil(
      trx,
      extended.map(({ row, until }) => ({ id: row.id, until })),
    ),
    takeTimes(
      trx,
      wishes.filter(({ id }) => taking.has(id)),
    ),
  ])
  tell(
    trx,
    extended.flatMap(({ row, planned }) => stepsOf(planned, row.chart_id)),
    {},
    extended.flatMap(leftOutEvent),
  )
}

/** The dates of one series from where it is booked until to the horizon. */
function extend(
  row: DueSeries,
  now: Date,
  exceptions: readonly CalendarException[],
  wishes: Wish[],
): Extended {
  const agreed = agreedOf(row)
  const until = horizonOf(dayIn(row.time_zone, now))
  const dates = datesWithin(agreed, addDays(row.booked_until, 1), until)
  const isTaken = takesSessions(row, agreed)
  const isClosed = agreed.onClosedDays === 'book' ? () => false : closedTimes(exceptions, agreed)
  const planned = occurrencesOf(dates, agreed).map((occurrence): PlannedDate => {
    if (isPaused(row.pauses, occurrence.date)) return leftOut(occurrence, 'paused')
    if (isClosed(occurrence.period)) return leftOut(occurrence, 'closed')
    if (!isTaken) return leftOut(occurrence, 'unavailable')
    const date = toBook(occurrence)
    wishes.push(wishFor(date, agreed, row.member_ids, buffersOf(row)))
    return date
  })
  return { row, agreed, until, planned }
}

/** Whether it could be booked by a person today. */
function takesSessions(row: DueSeries, agreed: Agreed): boolean {
  if (row.chart_status === 'closed') return false
  try {
    assertServiceIsOffered(row)
    assertModeFits(row, agreed.mode)
    assertSupplyTakes(row, agreed, peopleIn(row.member_ids))
    assertMayBeGiven(row)
    return true
  } catch (error) {
    if (error instanceof Problem) return false
    throw error
  }
}

/** Nobody is there to be refused: whoever reads events learns of dates that the rule gives and nobody has. */
function leftOutEvent({ row, planned }: Extended): DomainEvent[] {
  const isMissed = ({ standing }: PlannedDate) => standing === 'busy' || standing === 'unavailable'
  if (!planned.some(isMissed)) return []
  return [
    {
      type: 'appointment-series.dates-left-out',
      resourceId: row.id,
      resourceVersion: row.version,
      chartId: row.chart_id,
    },
  ]
}
