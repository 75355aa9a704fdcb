import { v7 as uuidv7 } from 'uuid'
import { systemClock } from '../../../lib/clock.ts'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { limits } from '../../../lib/limits.ts'
import { invalidField, notFound, Problem } from '../../../lib/problems.ts'
import { keepsTime, window } from '../appointments.rules.ts'
import { chargeFor, isLate, policyOf } from '../cancellation-policies/charging.ts'
import type { PolicyInForce } from '../cancellation-policies/policies.repository.ts'
import { release } from '../reservations.ts'
import { addDays } from '../slots/local-calendar.ts'
import { buffersOf, findTaken, mayTouch } from './change.plan.ts'
import type { NewSeriesPause, SeriesCancellation } from './change.schemas.ts'
import { countsOf, type Reason, recordSeries, stepsOf, tell } from './finish.ts'
import type { SeriesChangeKind } from './history.schemas.ts'
import { cancelAppointments, insertAppointments, replaceDates } from './many-appointments.repository.ts'
import {
  assertGoesOn,
  closedDays,
  leftOut,
  newRowsOf,
  takeTimes,
  toBook,
  wishFor,
  withClashes,
} from './planning.ts'
import { endedBefore } from './recurrence.ts'
import * as repository from './series.repository.ts'
import { dayIn, isPaused, isToCome, type PlannedDate } from './series.rules.ts'
import type { SeriesPlan } from './series.schemas.ts'
import { openForStep } from './series.service.ts'
import { agreedOf, asDone, datesOfRows, toDates, toSeries } from './series.view.ts'
import type { Wish } from './wishes.rules.ts'

/**
 * Cancels every appointment to come from a date on, also those that were moved by themselves. A client who cancels when
 * the policy's window of one has begun cancels that one late.
 *
 * @throws Problem `not-found`, `not-permitted`, `stale-version`, `invalid-state`
 */
export async function cancelSeries(
  trx: PracticeTransaction,
  id: string,
  version: number,
  { from: asked, ...reason }: SeriesCancellation,
): Promise<SeriesPlan> {
  trx.audit({ fields: ['status'] })
  const row = await openForStep(trx, id, version)
  const policy = reason.by === 'client' ? await policyOf(trx, row, null) : undefined
  const today = dayIn(row.time_zone, systemClock.now())
  const from = asked === undefined || asked < today ? today : asked
  const planned = (await datesToCome(trx, row, from)).flatMap((date): PlannedDate[] => {
    if (date.isOurs) return [canceledDate(date, row, policy)]
    return date.standing === 'booked' ? [date] : []
  })
  await cancelDates(trx, row, planned, { ...reason, policy })
  const isOver = from === today
  const [changed] = await Promise.all([
    repository.updateSeries(trx, row, {
      status: isOver ? 'ended' : 'active',
      rule: isOver ? row.rule : endedBefore(row.rule, row.first_on, from),
    }),
    replaceDates(trx, id, from, planned),
  ])
  return finish(trx, 'canceled', { row, changed, from, planned, reason })
}

/**
 * Cancels the appointments that fall into some days. The series goes on after them.
 *
 * @throws Problem `not-found`, `not-permitted`, `stale-version`, `invalid-state`, `invalid-request`
 */
export async function pauseSeries(
  trx: PracticeTransaction,
  id: string,
  version: number,
  { from, until, ...reason }: NewSeriesPause,
): Promise<SeriesPlan> {
  trx.audit({ fields: ['from', 'until'] })
  const row = await openForStep(trx, id, version)
  const policy = reason.by === 'client' ? await policyOf(trx, row, null) : undefined
  const today = dayIn(row.time_zone, systemClock.now())
  assertPause(row, { from, until }, today)
  const pause = { id: uuidv7(), from, until }
  const planned = (await datesToCome(trx, row, today)).map((date): PlannedDate => {
    if (date.isOurs) {
      const day = dayIn(row.time_zone, date.session?.startsAt ?? date.period.startsAt)
      return isPaused([pause], day) ? { ...canceledDate(date, row, policy), standing: 'paused' } : date
    }
    const isGap = date.session === null && isPaused([pause], date.date)
    return isGap ? leftOut(date, 'paused') : date
  })
  await cancelDates(trx, row, planned, { ...reason, policy })
  const [changed] = await Promise.all([
    repository.updateSeries(trx, row, {}),
    repository.insertPause(trx, { id: pause.id, series_id: id, from_date: from, until_date: until }),
    replaceDates(trx, id, today, planned),
  ])
  const pauses = [...row.pauses, pause].toSorted((a, b) => (a.from < b.from ? -1 : 1))
  const about = planned.filter(({ date, step }) => step !== null || isPaused([pause], date))
  return finish(trx, 'paused', { row: { ...row, pauses }, changed, from, planned: about, reason })
}

/**
 * Withdraws a pause, and books its dates to come anew where they are free. What the pause canceled stays canceled.
 *
 * @throws Problem `not-found`, `not-permitted`, `stale-version`, `invalid-state`, `unknown-reference`
 */
export async function resumeSeries(
  trx: PracticeTransaction,
  id: string,
  version: number,
  pauseId: string,
): Promise<SeriesPlan> {
  trx.audit({ fields: ['pauses'] })
  const row = await openForStep(trx, id, version)
  if (!row.pauses.some(pause => pause.id === pauseId)) throw notFound()
  const pauses = row.pauses.filter(pause => pause.id !== pauseId)
  const agreed = agreedOf(row)
  const supply = await findTaken(trx, row, agreed)
  assertGoesOn(row, supply)
  const buffers = buffersOf(supply)
  const now = systemClock.now()
  const today = dayIn(row.time_zone, now)
  const rows = await datesToCome(trx, row, today)
  const isClosed = await closedDays(
    trx,
    agreed,
    rows.map(({ date }) => date),
  )
  const wishes: Wish[] = []
  const hoped = rows.map((date): PlannedDate => {
    const isFree = date.standing === 'paused' && !isPaused(pauses, date.date) && date.period.startsAt > now
    if (!isFree) return date
    if (isClosed(date.period)) return leftOut(date, 'closed')
    const booked = toBook(date)
    wishes.push(wishFor(booked, agreed, row.member_ids, buffers))
    return booked
  })
  const planned = await withClashes(trx, hoped, wishes, true)
  const taking = new Set(planned.flatMap(({ step, session }) => (step && session ? [session.id] : [])))
  const [changed] = await Promise.all([
    repository.updateSeries(trx, row, {}),
    repository.withdrawPause(trx, pauseId),
    insertAppointments(trx, newRowsOf(planned, row, agreed, buffers)),
    replaceDates(trx, id, today, planned),
    takeTimes(
      trx,
      wishes.filter(wish => taking.has(wish.id)),
    ),
  ])
  const about = planned.filter((date, index) => date !== rows[index])
  return finish(trx, 'resumed', { row: { ...row, pauses }, changed, from: today, planned: about, reason: {} })
}

/** The dates from one on, and whether a step of the series may do something to the appointment of each. */
async function datesToCome(trx: PracticeTransaction, row: repository.SeriesRow, from: string) {
  const rows = await repository.takeDates(trx, row.id, from)
  const now = systemClock.now()
  return datesOfRows(rows, agreedOf(row)).map((date, index) => {
    const found = rows[index]
    const isBooked = date.standing === 'booked' && date.session !== null && isToCome(date.session, now)
    return { ...date, isOurs: isBooked && found !== undefined && found.id !== null && mayTouch(trx, found) }
  })
}

function canceledDate(
  date: PlannedDate,
  { time_zone }: repository.SeriesRow,
  policy: PolicyInForce | undefined,
): PlannedDate {
  const starts_at = date.session?.startsAt ?? date.period.startsAt
  const late = isLate(policy, { starts_at, time_zone }, systemClock.now())
  return { ...date, step: late ? 'late_canceled' : 'canceled' }
}

/** Cancels what is to be canceled, gives its time back, and charges what is late; grace is used up in their order. */
async function cancelDates(
  trx: PracticeTransaction,
  row: repository.SeriesRow,
  planned: readonly PlannedDate[],
  { by, reasonCode, policy }: Omit<SeriesCancellation, 'from'> & { policy: PolicyInForce | undefined },
): Promise<void> {
  const canceled = planned.flatMap(({ step, session }) =>
    session && (step === 'canceled' || step === 'late_canceled') ? [{ ...session, status: step }] : [],
  )
  await cancelAppointments(trx, canceled, { by, reasonCode })
  release(
    trx,
    canceled.map(({ id }) => ({ kind: 'appointment', id })),
    { isOffered: !keepsTime(reasonCode) },
  )
  for (const [index, { id, startsAt }] of canceled
    .filter(({ status }) => status === 'late_canceled')
    .entries()) {
    const missed = { id, chart_id: row.chart_id, starts_at: startsAt, time_zone: row.time_zone }
    chargeFor(
      trx,
      missed,
      'late_cancellation',
      policy && { ...policy, grace_used: policy.grace_used + index },
    )
  }
}

async function finish(
  trx: PracticeTransaction,
  kind: SeriesChangeKind,
  {
    row,
    changed,
    from,
    planned,
    reason,
  }: {
    row: repository.SeriesRow
    changed: repository.SeriesColumns
    from: string
    planned: readonly PlannedDate[]
    reason: Reason
  },
): Promise<SeriesPlan> {
  const event = await recordSeries(trx, kind, changed, { from, counts: countsOf(planned), reason })
  tell(trx, stepsOf(planned, row.chart_id), reason, [event])
  const dates = toDates(planned.map(asDone), row.time_zone, 'after')
  return { series: toSeries({ ...row, ...changed }), version: changed.version, dates, warnings: [] }
}

function assertPause(
  { pauses }: repository.SeriesRow,
  { from, until }: Pick<NewSeriesPause, 'from' | 'until'>,
  today: string,
): void {
  if (until < from || until < today)
    throw invalidField('/until', 'range', 'Must not be before `from` or today.')
  if (until > addDays(today, window.aheadDays))
    throw invalidField('/until', 'range', `Must be at most ${window.aheadDays} days ahead.`)
  if (pauses.length >= limits.scheduling.series.pauses)
    throw new Problem('invalid-state', { detail: 'There are too many pauses: withdraw some.' })
}
