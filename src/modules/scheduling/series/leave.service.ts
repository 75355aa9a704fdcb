import { systemClock } from '../../../lib/clock.ts'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { limits } from '../../../lib/limits.ts'
import { type Page, toPage } from '../../../lib/pages.ts'
import { notFound } from '../../../lib/problems.ts'
import { toReadChart, useEmergencyForCharts } from '../../charts/index.ts'
import { toAppointment } from '../appointment.view.ts'
import { type AppointmentRow, list } from '../appointments.repository.ts'
import { minutesOf, statusOf } from '../appointments.rules.ts'
import { peopleIn } from '../booking.rules.ts'
import { counterpartsOf } from '../separation/counterparts.ts'
import { visitsThatMeet } from '../separation/keep-apart.ts'
import type { CalendarException } from '../slots/free-time.rules.ts'
import { addDays } from '../slots/local-calendar.ts'
import { findStanding, findTaken, type Standing } from '../slots/slot-supply.repository.ts'
import type { Slot } from '../slots/slot-supply.ts'
import { toSlot } from '../slots/slots.service.ts'
import { type ExceptionRow, findException } from '../supply/calendar-exceptions.repository.ts'
import { mayTouch } from './change.plan.ts'
import { type Displaced, otherTimes } from './leave.rules.ts'
import type { DisplacedAppointment, DisplacedQuery } from './leave.schemas.ts'
import { closedTimes, dayIn, minuteIn } from './series.rules.ts'

const { offers: most, offerDays } = limits.scheduling.series
const dayMs = 86_400_000

/**
 * What time off or a holiday hits of what this caller may see, by start, with times to which each could be moved. Of all
 * together a constant number of statements.
 *
 * @throws Problem `not-found`, `invalid-cursor`
 */
export async function listDisplaced(
  trx: PracticeTransaction,
  exceptionId: string,
  { cursor, limit = 20 }: DisplacedQuery,
): Promise<Page<DisplacedAppointment>> {
  trx.audit({ resourceType: 'calendar-exception', resourceId: exceptionId })
  const exception = await findException(trx, exceptionId)
  if (!exception) throw notFound()
  const [startsAt, id] = trx.cursorKey({ exceptionId }, cursor) ?? []
  const after = startsAt === undefined ? undefined : { startsAt: String(startsAt), id: String(id) }
  const rows = exception.kind === 'extra_hours' ? [] : await list(trx, reachOf(exception), { limit, after })
  const isHit = hits(exception)
  const hit = rows.slice(0, limit).filter(isHit)
  trx.audit({ clientIds: hit.flatMap(row => row.member_ids) })
  const throughChart = hit.filter(row => row.seen_as === 'chart').map(row => row.chart_id)
  await useEmergencyForCharts(trx, throughChart, toReadChart.dataClass, toReadChart.permission)
  const offers = await offersFor(trx, hit)
  const page = toPage(
    rows,
    limit,
    row => row,
    row => trx.cursorAfter({ exceptionId }, [row.starts_at.toISOString(), row.id]),
  )
  return {
    data: hit.map(row => ({
      appointment: toAppointment(row),
      offers: offers.get(row.id)?.map(({ slot }) => toSlot(slot)) ?? [],
    })),
    nextCursor: page.nextCursor,
  }
}

/** Where an exception may hit: a little more than it does, because a zone may be a day away. */
const reachOf = ({ staff_id, location_id, starts_on, ends_on }: ExceptionRow) => ({
  ...(staff_id !== null && { clinicianId: staff_id }),
  ...(location_id !== null && { locationId: location_id }),
  from: new Date(Date.parse(`${starts_on}T00:00Z`) - 2 * dayMs),
  to: new Date(Date.parse(`${ends_on}T00:00Z`) + 3 * dayMs),
})

/** On the clock of each appointment's own place. */
function hits(row: ExceptionRow): (appointment: AppointmentRow) => boolean {
  const exception: CalendarException = {
    kind: row.kind as CalendarException['kind'],
    staffId: row.staff_id,
    locationId: row.location_id,
    telehealth: row.telehealth,
    startsOn: row.starts_on,
    startsMinute: row.starts_minute,
    endsOn: row.ends_on,
    endsMinute: row.ends_minute,
  }
  return ({ status, clinician_id, location_id, time_zone, starts_at, ends_at }) => {
    const stands = ['scheduled', 'confirmed'].includes(statusOf(status)) && starts_at > systemClock.now()
    const where = { clinicianId: clinician_id, locationId: location_id, timeZone: time_zone }
    return stands && closedTimes([exception], where)({ startsAt: starts_at, endsAt: ends_at })
  }
}

async function offersFor(
  trx: PracticeTransaction,
  hit: readonly AppointmentRow[],
): Promise<Map<string, { slot: Slot }[]>> {
  const rows = hit.filter(row => mayTouch(trx, row) && row.seen_as !== 'part')
  const displaced = rows.map(row => ({ row, date: dayIn(row.time_zone, row.starts_at) }))
  const [first, last] = [displaced[0], displaced.at(-1)]
  if (!first || !last) return new Map()
  const now = systemClock.now()
  const around = { from: addDays(first.date, -offerDays - 1), until: addDays(last.date, offerDays + 1) }
  const clinicianIds = [...new Set(rows.map(row => row.clinician_id))]
  const standing = await findStanding(trx, first.row.service_id, clinicianIds, around, clinicianIds.length)
  const others = [...standing.rooms.map(({ id }) => id), ...new Set(rows.flatMap(row => row.member_ids))]
  const taken = await findTaken(trx, around, clinicianIds, others)
  const supply = { ...standing, ...taken, practiceZone: standing.service?.practice_time_zone ?? 'UTC' }
  const found = displaced.flatMap(({ row, date }) => {
    const options = { days: offerDays, limit: most, today: dayIn(row.time_zone, now), now: now.getTime() }
    return otherTimes(supply, displacedOf(row, date, standing), options).map(slot => ({ row, slot }))
  })
  const visits = found.map(({ row, slot: { locationId, start, end } }) => ({
    clientIds: row.member_ids,
    locationId,
    period: { startsAt: new Date(start), endsAt: new Date(end) },
  }))
  const clientIds = rows.flatMap(row => row.member_ids)
  const meeting = await visitsThatMeet(trx, await counterpartsOf(trx, clientIds), visits)
  return Map.groupBy(
    found.filter((_, place) => !meeting.has(place)),
    ({ row }) => row.id,
  )
}

function displacedOf(row: AppointmentRow, date: string, { rooms }: Standing): Displaced {
  const start = row.starts_at.getTime()
  const fitting = rooms.filter(
    ({ locationId, capacity }) => locationId === row.location_id && capacity >= peopleIn(row.member_ids),
  )
  return {
    clinicianId: row.clinician_id,
    locationId: row.location_id,
    date,
    minute: minuteIn(row.time_zone, row.starts_at),
    start,
    minutes: minutesOf({ startsAt: row.starts_at, endsAt: row.ends_at }),
    bufferBefore: row.buffer_before_minutes,
    bufferAfter: row.buffer_after_minutes,
    clientIds: row.member_ids,
    rooms:
      row.room_id === null
        ? null
        : fitting.toSorted((a, b) => Number(b.id === row.room_id) - Number(a.id === row.room_id)),
  }
}
