import { systemClock } from '../../../lib/clock.ts'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { given } from '../../../lib/given.ts'
import { invalidField } from '../../../lib/problems.ts'
import { minuteOf } from '../../practice/index.ts'
import type { AppointmentColumns } from '../appointments.repository.ts'
import { assertKeepsCalendarOf, keepsAllCalendars, minutesOf, type Period } from '../appointments.rules.ts'
import {
  assertMayBeGiven,
  assertModeFits,
  assertPlaceFitsMode,
  assertSupplyTakes,
  type Placement,
  peopleIn,
  placementOf,
  zoneOf,
} from '../booking.rules.ts'
import type { Buffers } from '../reservations.ts'
import { addDays, type LocalCalendar, localCalendar } from '../slots/local-calendar.ts'
import { remembered } from '../slots/parties.rules.ts'
import { findSupply, type Supply } from '../supply.repository.ts'
import type { SeriesChange } from './change.schemas.ts'
import type { MovedRow } from './many-appointments.repository.ts'
import { assertGoesOn, assertSomeDates, closedDays, leftOut, toBook, wishFor } from './planning.ts'
import { keptRule } from './recurrence.ts'
import * as repository from './series.repository.ts'
import {
  type Agreed,
  datesWithin,
  dayIn,
  horizonOf,
  isAsAgreed,
  isCanceled,
  isPaused,
  isToCome,
  type PlannedDate,
  paired,
  periodOn,
} from './series.rules.ts'
import { agreedOf, standingDate } from './series.view.ts'
import { reservationsFor, type Wish } from './wishes.rules.ts'
import { clashesWith } from './wishes.ts'

/** What a change makes of a series. */
export interface ChangePlan {
  after: Agreed
  from: string
  bookedUntil: string
  buffers: Buffers
  /** Every date of the new rule from `from` on. */
  planned: PlannedDate[]
  /** Where those of them that are moved go. */
  moved: MovedRow[]
  /** Dates whose appointments are canceled: the new rule does not give them, or gives a closed day instead. */
  canceled: PlannedDate[]
  /** The times that appointments are to have. */
  wishes: Wish[]
}

/**
 * Works out what a change does to each date. Writes nothing.
 *
 * @param row locked
 * @throws Problem `not-permitted`, `invalid-request`, `unknown-reference`
 */
export async function planChange(
  trx: PracticeTransaction,
  row: repository.SeriesRow,
  change: SeriesChange,
  lock: boolean,
): Promise<ChangePlan> {
  const agreement = agreementIn(change)
  if (Object.keys(agreement).length === 0) throw invalidField('', 'required', 'Say what is to change.')
  const before = agreedOf(row)
  const placement = placementAfter(before, agreement)
  const supply = await findTaken(trx, row, placement)
  const timeZone = zoneOf(placement, supply)
  const buffers = buffersOf(supply)
  const now = systemClock.now()
  const today = dayIn(timeZone, now)
  const from = change.from === undefined || change.from < today ? today : change.from
  const after = agreedAfter(before, agreement, { ...placement, timeZone }, from)
  const bookedUntil = later(row.booked_until, horizonOf(today))
  if (from > bookedUntil)
    throw invalidField('/from', 'range', 'Must be within what is booked: its dates are not there yet.')
  const rows = await repository.takeDates(trx, row.id, from)
  const isRedated = after.rule !== before.rule || after.firstOn !== before.firstOn
  const dates = isRedated
    ? datesWithin(after, from, bookedUntil)
    : [...rows.map(({ date }) => date), ...datesWithin(after, addDays(row.booked_until, 1), bookedUntil)]
  if (isRedated) assertSomeDates(dates)
  const { pairs, dropped } = paired(rows, dates, [before.rule, after.rule])
  const isClosed = await closedDays(trx, after, dates)
  const calendarOf = remembered((zone: string) => localCalendar(zone))
  const turn = { trx, row, after, change: agreement, isRedated, buffers, now, isClosed, calendarOf }
  const turned = dates.map(date => turnDate(turn, date, pairs.get(date)))
  const left = dropped.flatMap(old => dropDate(turn, old))
  const canceled = [
    ...turned.flatMap(({ canceled: date }) => (date ? [date] : [])),
    ...left.filter(({ step }) => step === 'canceled'),
  ]
  const wishes = turned.flatMap(({ wish }) => (wish ? [wish] : []))
  if (wishes.some(({ has }) => has === null)) assertGoesOn(row, supply)
  const givingWay = canceled.flatMap(({ session }) => (session ? [session.id] : []))
  const clashes = await clashesWith(trx, wishes, { givingWay, lock })
  const planned = turned.map(({ date }): PlannedDate => {
    const clash = date.session && clashes.get(date.session.id)
    if (!clash) return date
    // What cannot be moved stays where it is, and is on its own from then on.
    if (date.step === 'moved') return { ...date, step: null, exception: true, clash }
    return { ...leftOut(date, 'busy'), clash }
  })
  const own = left.filter(({ step }) => step === null)
  const moved = turned.flatMap(({ moved: one }) => (one && !clashes.has(one.id) ? [one] : []))
  return { after, from, bookedUntil, buffers, planned: [...planned, ...own], moved, canceled, wishes }
}

/** What is to be agreed anew. The rest of a change says from when, how and why. */
function agreementIn(
  change: SeriesChange,
): Omit<SeriesChange, 'from' | 'onClash' | 'reasonCode' | 'by' | 'note'> {
  const { clinicianId, mode, locationId, roomId, rule, firstOn, time, durationMinutes, onClosedDays } = change
  return given({ clinicianId, mode, locationId, roomId, rule, firstOn, time, durationMinutes, onClosedDays })
}

/** Who could not be booked there cannot be moved there. */
export async function findTaken(
  trx: PracticeTransaction,
  row: repository.SeriesRow,
  placement: Placement,
): Promise<Supply> {
  assertKeepsCalendarOf(trx.scope, placement.clinicianId)
  assertPlaceFitsMode(placement)
  const supply = await findSupply(trx, { ...placement, serviceId: row.service_id })
  if (placement.mode !== row.mode) assertModeFits(supply, placement.mode)
  assertSupplyTakes(supply, placement, peopleIn(row.member_ids))
  if (placement.clinicianId !== row.clinician_id) assertMayBeGiven(supply)
  return supply
}

export const buffersOf = ({ buffer_before, buffer_after }: Supply): Buffers => ({
  beforeMinutes: buffer_before ?? 0,
  afterMinutes: buffer_after ?? 0,
})

/** What is left out stays, except that sessions that become telehealth leave their location and room. */
function placementAfter(before: Placement, change: SeriesChange): Placement {
  const { clinicianId, mode, locationId, roomId } = change
  const leaves = mode === 'telehealth' ? { locationId: null, roomId: null } : {}
  const stays = {
    clinicianId: before.clinicianId,
    mode: before.mode,
    locationId: before.locationId,
    roomId: before.roomId,
  }
  return { ...stays, ...leaves, ...given({ clinicianId, mode, locationId, roomId }) }
}

/** @throws Problem `invalid-request` for a rule that is none */
function agreedAfter(
  before: Agreed,
  { rule, firstOn, time, durationMinutes, onClosedDays }: SeriesChange,
  there: Placement & { timeZone: string },
  from: string,
): Agreed {
  const minute = time === undefined ? before.minute : minuteOf(time)
  return {
    ...before,
    ...given({ durationMinutes, onClosedDays }),
    ...there,
    plannedState: there.mode === 'telehealth' ? before.plannedState : null,
    minute,
    rule: rule === undefined ? before.rule : keptRule(rule, { timeZone: there.timeZone, minute }),
    firstOn: firstOn ?? (rule === undefined ? before.firstOn : from),
  }
}

interface Turn {
  trx: PracticeTransaction
  row: repository.SeriesRow
  after: Agreed
  change: SeriesChange
  /** Whether the rule gives other dates. */
  isRedated: boolean
  buffers: Buffers
  now: Date
  isClosed: (period: Period) => boolean
  calendarOf: (zone: string) => LocalCalendar
}

interface Turned {
  date: PlannedDate
  wish?: Wish
  moved?: MovedRow
  canceled?: PlannedDate
}

/**
 * What is to hold for one date. What a change leaves out stays as the date has it: of two changes one may begin later than
 * the other. Other dates are all as agreed last.
 */
function agreedFor(
  { after, change, isRedated }: Turn,
  old: repository.DateRow | undefined,
  appointment: AppointmentColumns | undefined,
): Agreed {
  if (isRedated || !old) return after
  const minute = change.time === undefined ? old.minute : after.minute
  if (!appointment) return { ...after, minute }
  const staysThere = change.locationId === undefined && change.mode === undefined
  const length = minutesOf({ startsAt: appointment.starts_at, endsAt: appointment.ends_at })
  return {
    ...after,
    ...placementAfter(placementOf(appointment), change),
    minute,
    timeZone: staysThere ? appointment.time_zone : after.timeZone,
    durationMinutes: change.durationMinutes ?? length,
  }
}

/** What becomes of a date of the new rule, with the date of the old one that it takes the place of, if there is one. */
function turnDate(turn: Turn, date: string, old: repository.DateRow | undefined): Turned {
  const { row, buffers, isClosed, calendarOf } = turn
  const stands = old && standingDate(old, agreedOf(row), calendarOf(row.time_zone))
  const appointment = old && old.id !== null ? old : undefined
  const isOurs = stands && appointment && stands.standing === 'booked' && mayMove(turn, stands, appointment)
  const own = agreedFor(turn, old, isOurs ? appointment : undefined)
  const occurrence = { date, minute: own.minute, period: periodOn(date, own, calendarOf(own.timeZone)) }
  if (!stands || !appointment || stands.standing !== 'booked') {
    if (isPaused(row.pauses, occurrence.date)) {
      const session = stands?.standing === 'paused' ? stands.session : null
      return { date: { ...leftOut(occurrence, 'paused'), session } }
    }
    if (isClosed(occurrence.period)) return { date: leftOut(occurrence, 'closed') }
    const booked = toBook(occurrence)
    return { date: booked, wish: wishFor(booked, own, row.member_ids, buffers) }
  }
  const hasBegun = stands.session !== null && stands.session.startsAt <= turn.now
  const stays: PlannedDate = { ...stands, ...(hasBegun && date === stands.date ? {} : occurrence) }
  if (!isOurs) return { date: stays }
  if (date !== stands.date) {
    const canceled: PlannedDate = { ...stands, step: 'canceled' }
    if (isPaused(row.pauses, occurrence.date)) return { date: leftOut(occurrence, 'paused'), canceled }
    if (isClosed(occurrence.period)) return { date: leftOut(occurrence, 'closed'), canceled }
  }
  if (isAsAgreed(appointment, own, occurrence)) return { date: stays }
  const wish = wishToMove(appointment, occurrence.period, own, row.member_ids)
  return { date: { ...stays, step: 'moved' }, wish, moved: movedRow(appointment.id, own, occurrence.period) }
}

export const movedRow = (
  id: string,
  { clinicianId, mode, locationId, roomId, timeZone }: Placement & { timeZone: string },
  period: Period,
): MovedRow => ({ id, clinicianId, mode, locationId, roomId, timeZone, ...period })

/** A date that the new rule no longer gives: its appointment is canceled, or kept where it is on its own. */
function dropDate(turn: Turn, old: repository.DateRow): PlannedDate[] {
  const stands = standingDate(old, agreedOf(turn.row))
  if (old.id === null || stands.standing !== 'booked') return []
  if (mayMove(turn, stands, old)) return [{ ...stands, step: 'canceled' }]
  return isCanceled(stands.session) ? [] : [stands]
}

/** Not what was moved by itself, nobody's who has come, and of a clinician only the own. */
const mayMove = ({ trx, now }: Turn, { exception, session }: PlannedDate, row: AppointmentColumns) =>
  !exception && session !== null && isToCome(session, now) && mayTouch(trx, row)

export const mayTouch = ({ scope }: PracticeTransaction, row: Pick<AppointmentColumns, 'clinician_id'>) =>
  keepsAllCalendars(scope) || row.clinician_id === scope.actor.staffId

/** Buffers stay as they were booked. */
export function wishToMove(
  row: AppointmentColumns,
  period: Period,
  placement: Pick<Placement, 'clinicianId' | 'roomId' | 'locationId'>,
  clientIds: readonly string[],
): Wish {
  const buffers = { beforeMinutes: row.buffer_before_minutes, afterMinutes: row.buffer_after_minutes }
  const is = { startsAt: row.starts_at, endsAt: row.ends_at }
  const has = reservationsFor({ id: row.id, placement: placementOf(row), clientIds, period: is, buffers })
  return { id: row.id, placement, clientIds, period, buffers, has }
}

const later = (a: string, b: string) => (a > b ? a : b)
