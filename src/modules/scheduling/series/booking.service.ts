import { v7 as uuidv7 } from 'uuid'
import { systemClock } from '../../../lib/clock.ts'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { limits } from '../../../lib/limits.ts'
import { invalidField, notFound } from '../../../lib/problems.ts'
import type { OpenChart } from '../../charts/index.ts'
import { minuteOf } from '../../practice/index.ts'
import { assertKeepsCalendarOf } from '../appointments.rules.ts'
import type { BookingWarning } from '../appointments.schemas.ts'
import {
  assertMayBeGiven,
  assertModeFits,
  assertPlaceFitsMode,
  assertPlannedStateFits,
  assertServiceFits,
  assertServiceIsOffered,
  assertSupplyTakes,
  peopleIn,
  zoneOf,
} from '../booking.rules.ts'
import { warningsFor } from '../checkin/warnings.ts'
import type { Buffers } from '../reservations.ts'
import { askForReason } from '../separation/one-clinician.ts'
import { addDays } from '../slots/local-calendar.ts'
import { openSubject } from '../subject.ts'
import { findSupply } from '../supply.repository.ts'
import { countsOf, recordSeries, tell } from './finish.ts'
import { insertAppointments, insertDates } from './many-appointments.repository.ts'
import {
  assertSomeDates,
  busyDates,
  closedDays,
  leftOut,
  newRowsOf,
  takeTimes,
  toBook,
  wishFor,
  withClashes,
} from './planning.ts'
import { keptRule } from './recurrence.ts'
import { findVisible, insertSeries } from './series.repository.ts'
import {
  type Agreed,
  datesWithin,
  dayIn,
  horizonOf,
  occurrencesOf,
  type PlannedDate,
} from './series.rules.ts'
import type { NewAppointmentSeries, SeriesPlan, SeriesPreview } from './series.schemas.ts'
import { toDates, toSeries } from './series.view.ts'
import type { Wish } from './wishes.rules.ts'

/**
 * What would become of each date. Nothing is written and nothing is kept.
 *
 * @throws Problem as `bookSeries`, but not `resource-busy`
 */
export async function previewSeries(
  trx: PracticeTransaction,
  input: NewAppointmentSeries,
): Promise<SeriesPreview> {
  trx.audit({ resourceType: 'appointment-series' })
  const { agreed, planned, warnings } = await prepare(trx, input, false)
  const dates = toDates(planned, agreed.timeZone, 'before')
  return { dates, warnings }
}

/**
 * Books every date of a year ahead as an appointment of its own, all or none, or all that can be had.
 *
 * @throws Problem `not-permitted` for another clinician's calendar, `unknown-reference`, `invalid-state` for a closed
 *   chart, `invalid-request`, `resource-busy` with `clashes`
 */
export async function bookSeries(trx: PracticeTransaction, input: NewAppointmentSeries): Promise<SeriesPlan> {
  const id = uuidv7()
  trx.audit({ resourceType: 'appointment-series', fields: Object.keys(input) })
  const { chart, agreed, buffers, planned, wishes, bookedUntil, warnings } = await prepare(trx, input, true)
  await askForReason(trx, chart, input)
  assertWanted(planned, input.onClash)
  const booked = wishes.filter(wish => planned.some(({ session }) => session?.id === wish.id))
  const subject = { chart_id: chart.id, service_id: input.serviceId }
  // Sent in this order, in one round trip.
  const [row, , , , shown] = await Promise.all([
    insertSeries(trx, { id, ...subject, ...columnsOf(agreed), booked_until: bookedUntil }),
    insertAppointments(trx, newRowsOf(planned, subject, agreed, buffers)),
    insertDates(trx, [{ seriesId: id, dates: planned }]),
    takeTimes(trx, booked),
    findVisible(trx, id),
  ])
  if (!shown) throw notFound()
  const event = await recordSeries(trx, 'booked', row, {
    from: agreed.firstOn,
    counts: countsOf(planned),
  })
  const steps = booked.map(wish => ({ id: wish.id, kind: 'booked' as const, version: 1, chartId: chart.id }))
  tell(trx, steps, {}, [event])
  trx.audit({ resourceId: id })
  trx.passDoor({ door: 'appointment-series', id, need: 'read' })
  const dates = toDates(planned, agreed.timeZone, 'after')
  return { series: toSeries(shown), version: row.version, dates, warnings }
}

export const columnsOf = (agreed: Agreed) => ({
  clinician_id: agreed.clinicianId,
  location_id: agreed.locationId,
  room_id: agreed.roomId,
  mode: agreed.mode,
  planned_state: agreed.plannedState,
  duration_minutes: agreed.durationMinutes,
  rule: agreed.rule,
  first_on: agreed.firstOn,
  starts_minute: agreed.minute,
  time_zone: agreed.timeZone,
  on_closed_days: agreed.onClosedDays,
  zone_version: process.versions.tz ?? 'unknown',
})

/** @throws Problem `resource-busy`; `invalid-request` where no date is left */
function assertWanted(planned: readonly PlannedDate[], onClash: 'refuse' | 'leave_out' = 'refuse'): void {
  const clashes = planned.some(({ clash }) => clash)
  const books = planned.some(({ step }) => step === 'booked')
  if (clashes && (onClash === 'refuse' || !books)) throw busyDates(planned)
  if (!books) throw invalidField('/rule', 'closed', 'Each of its dates is closed.')
}

interface Prepared {
  chart: OpenChart
  agreed: Agreed
  buffers: Buffers
  bookedUntil: string
  planned: PlannedDate[]
  wishes: Wish[]
  warnings: BookingWarning[]
}

async function prepare(
  trx: PracticeTransaction,
  input: NewAppointmentSeries,
  lock: boolean,
): Promise<Prepared> {
  assertKeepsCalendarOf(trx.scope, input.clinicianId)
  const placement = { ...input, locationId: input.locationId ?? null, roomId: input.roomId ?? null }
  assertPlaceFitsMode(placement)
  assertPlannedStateFits(input)
  const [chart, supply] = await Promise.all([openSubject(trx, input), findSupply(trx, placement)])
  assertServiceIsOffered(supply)
  assertServiceFits(supply, chart.kind)
  assertModeFits(supply, input.mode)
  assertSupplyTakes(supply, placement, peopleIn(chart.clientIds))
  assertMayBeGiven(supply)
  const [timeZone, minute] = [zoneOf(placement, supply), minuteOf(input.time)]
  const agreed: Agreed = {
    clinicianId: input.clinicianId,
    mode: input.mode,
    locationId: placement.locationId,
    roomId: placement.roomId,
    rule: keptRule(input.rule, { timeZone, minute }),
    firstOn: input.firstOn,
    minute,
    timeZone,
    durationMinutes: input.durationMinutes ?? supply.service_duration ?? 0,
    plannedState: input.plannedState ?? null,
    onClosedDays: input.onClosedDays ?? 'leave_out',
  }
  const today = dayIn(timeZone, systemClock.now())
  assertBegins(agreed.firstOn, today)
  const bookedUntil = horizonOf(today)
  const dates = datesWithin(agreed, agreed.firstOn, bookedUntil)
  assertSomeDates(dates)
  const buffers = { beforeMinutes: supply.buffer_before ?? 0, afterMinutes: supply.buffer_after ?? 0 }
  const occurrences = occurrencesOf(dates, agreed)
  const [isClosed, warnings] = await Promise.all([
    closedDays(trx, agreed, dates),
    warningsFor(trx, {
      ...input,
      clientIds: chart.clientIds,
      startsAt: occurrences[0]?.period.startsAt ?? systemClock.now(),
      timeZone,
    }),
  ])
  const wishes: Wish[] = []
  const hoped = occurrences.map((occurrence): PlannedDate => {
    if (isClosed(occurrence.period)) return leftOut(occurrence, 'closed')
    const date = toBook(occurrence)
    wishes.push(wishFor(date, agreed, chart.clientIds, buffers))
    return date
  })
  const planned = await withClashes(trx, hoped, wishes, lock)
  return { chart, agreed, buffers, bookedUntil, planned, wishes, warnings }
}

/** @throws Problem `invalid-request` */
function assertBegins(firstOn: string, today: string): void {
  const { aheadDays } = limits.scheduling.series
  if (firstOn < today || firstOn > addDays(today, aheadDays))
    throw invalidField('/firstOn', 'range', `Must be today or within ${aheadDays} days of it.`)
}
