import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { limits } from '../../../lib/limits.ts'
import { findPractice } from '../../practice/index.ts'
import { seesEveryAppointment } from '../appointments.access.ts'
import { assertDays } from '../calendar/days.rules.ts'
import { findWorkingTime } from '../calendar/working-time.ts'
import { localCalendar } from '../slots/local-calendar.ts'
import { openAt } from '../slots/parties.rules.ts'
import type { Span } from '../slots/spans.ts'
import * as repository from './reports.repository.ts'
import type { NoShowReport, ReportQuery, UtilizationReport } from './reports.schemas.ts'

const { reportDays } = limits.scheduling
const minuteMs = 60_000

/** How much of their time clinicians and rooms are booked. @throws Problem `invalid-request` for too many days */
export async function getUtilization(
  trx: PracticeTransaction,
  query: ReportQuery,
): Promise<UtilizationReport> {
  const { period, ...range } = await rangeOf(trx, query)
  const [staff, rooms] = await Promise.all([
    repository.findBookedOfClinicians(trx, period),
    seesEveryAppointment(trx) ? repository.findBookedOfRooms(trx, period) : [],
  ])
  const clinicians = staff.filter(({ isActive, bookedMinutes }) => isActive || bookedMinutes > 0)
  const ids = clinicians.map(({ id }) => id)
  const worksAt = await findWorkingTime(trx, range.timeZone, ids, range)
  const within: Span = [period.from.getTime(), period.to.getTime()]
  return {
    ...range,
    clinicians: clinicians.map(({ id, bookedMinutes, completedMinutes }) => {
      const workingMinutes = minutesWithin(worksAt(id), within)
      const utilization = shareOf(bookedMinutes, workingMinutes)
      return { clinicianId: id, workingMinutes, bookedMinutes, completedMinutes, utilization }
    }),
    rooms: rooms.map(room => {
      const { id: roomId, openingHours, timeZone, bookedMinutes } = room
      const open = openingHours && openAt(openingHours, localCalendar(timeZone), range)
      const openMinutes = open && minutesWithin(open, within)
      return { roomId, openMinutes, bookedMinutes, utilization: shareOf(bookedMinutes, openMinutes ?? 0) }
    }),
  }
}

/** What became of appointments. @throws Problem `invalid-request` for too many days */
export async function getNoShows(trx: PracticeTransaction, query: ReportQuery): Promise<NoShowReport> {
  const { period, ...range } = await rangeOf(trx, query)
  const rows = await repository.countOutcomes(trx, period)
  const sum = (key: Exclude<keyof repository.Outcomes, 'clinicianId'>) =>
    rows.reduce((total, row) => total + row[key], 0)
  return {
    ...range,
    total: withRates({
      completed: sum('completed'),
      noShow: sum('noShow'),
      lateCanceled: sum('lateCanceled'),
      canceled: sum('canceled'),
      unrecorded: sum('unrecorded'),
    }),
    clinicians: rows.map(withRates),
  }
}

async function rangeOf(trx: PracticeTransaction, { from, until }: ReportQuery) {
  trx.audit({ resourceType: 'appointment' })
  assertDays({ from, until }, reportDays)
  const timeZone = (await findPractice(trx))?.time_zone ?? 'UTC'
  const days = localCalendar(timeZone)
  const period = { from: new Date(days.day(from).start), to: new Date(days.day(until).end) }
  return { timeZone, from, until, period }
}

function minutesWithin(spans: readonly Span[], [from, to]: Span): number {
  const lengths = spans.map(([start, end]) => Math.max(0, Math.min(end, to) - Math.max(start, from)))
  return Math.round(lengths.reduce((total, length) => total + length, 0) / minuteMs)
}

function withRates<T extends Omit<repository.Outcomes, 'clinicianId'>>(counts: T) {
  const { completed, noShow, lateCanceled } = counts
  const due = completed + noShow + lateCanceled
  return { ...counts, noShowRate: shareOf(noShow, due), lateCancellationRate: shareOf(lateCanceled, due) }
}

/** Three places are enough for a report. */
const shareOf = (part: number, whole: number) =>
  whole === 0 ? null : Math.round((part / whole) * 1_000) / 1_000
