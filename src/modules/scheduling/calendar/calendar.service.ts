import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { limits } from '../../../lib/limits.ts'
import { invalidField } from '../../../lib/problems.ts'
import { reaches } from '../../charts/access-policy.ts'
import { toReadChart, useEmergencyForCharts } from '../../charts/index.ts'
import { findPractice } from '../../practice/index.ts'
import { statusOf } from '../appointments.rules.ts'
import { localTime } from '../local-time.ts'
import { localCalendar } from '../slots/local-calendar.ts'
import { merged, type Span } from '../slots/spans.ts'
import * as repository from './calendar.repository.ts'
import type { Calendar, CalendarEntry, CalendarQuery, CalendarSpan } from './calendar.schemas.ts'
import { assertDays } from './days.rules.ts'
import { findWorkingTime } from './working-time.ts'

const { calendarColumns, calendarDays, calendarEntries } = limits.scheduling

/**
 * Some days of clinicians and rooms: what the caller may see, and of the rest that it takes time. A constant number of
 * statements.
 *
 * @throws Problem `invalid-request` for too many days, clinicians or entries
 */
export async function getCalendar(trx: PracticeTransaction, query: CalendarQuery): Promise<Calendar> {
  trx.audit({ resourceType: 'appointment' })
  const { from, until } = query
  assertDays(query, calendarDays)
  const [practice, { clinicianIds, roomIds }] = await Promise.all([findPractice(trx), columnsOf(trx, query)])
  const practiceZone = practice?.time_zone ?? 'UTC'
  const zone = query.timeZone ?? practiceZone
  const days = localCalendar(zone)
  const [startsAt, endsAt] = [days.day(from).start, days.day(until).end]
  const frame = { clinicianIds, roomIds, from: new Date(startsAt), to: new Date(endsAt) }
  const readsStaff = trx.scope.actor.permissions.has('staff:read')
  const [appointments, beside, taken, working] = await Promise.all([
    repository.findAppointments(trx, frame, calendarEntries),
    repository.findBeside(trx, frame, calendarEntries),
    repository.findTaken(trx, frame),
    readsStaff ? findWorkingTime(trx, practiceZone, clinicianIds, { from, until }) : undefined,
  ])
  const rows = [...appointments, ...beside].toSorted(byStart)
  if (rows.length > calendarEntries)
    throw invalidField('query/until', 'range', 'There is too much to show: ask for fewer days or people.')
  trx.audit({ clientIds: [...new Set(rows.flatMap(row => row.client_ids))] })
  await useEmergency(trx, rows)
  const wallClock = (instant: number) => localTime(instant, zone).slice(0, 16)
  const toSpan = spanTeller(wallClock, [startsAt, endsAt])
  return {
    timeZone: zone,
    startsAt: frame.from.toISOString(),
    endsAt: frame.to.toISOString(),
    clinicianIds: [...clinicianIds],
    roomIds: [...roomIds],
    entries: rows.map(row => toEntry(row, wallClock)),
    busy: unseen(taken, rows).flatMap(toSpan),
    working: clinicianIds.flatMap(id =>
      toSpan({ clinicianId: id, roomId: null, spans: working?.(id) ?? [] }),
    ),
  }
}

const lowerCase = (id: string) => id.toLowerCase()

interface Columns {
  clinicianIds: readonly string[]
  roomIds: readonly string[]
}

/** Of whom a calendar is shown: those of this practice that were named, else everybody who gives sessions. */
async function columnsOf(trx: PracticeTransaction, query: CalendarQuery): Promise<Columns> {
  if (query.clinicianIds || query.roomIds) {
    const named = {
      clinicianIds: (query.clinicianIds ?? []).map(lowerCase),
      roomIds: seesRooms(trx) ? (query.roomIds ?? []).map(lowerCase) : [],
    }
    const known = await repository.findKnown(trx, named)
    const isKnown = (id: string) => known.has(id)
    return { clinicianIds: named.clinicianIds.filter(isKnown), roomIds: named.roomIds.filter(isKnown) }
  }
  const everybody = await repository.findEverybody(trx, calendarColumns + 1)
  if (everybody.length > calendarColumns)
    throw invalidField('query/clinicianIds', 'required', 'There are too many clinicians: name some of them.')
  return { clinicianIds: everybody.map(({ id }) => id), roomIds: [] }
}

/** Who sees appointments without their rooms would read them off the rooms' hours. */
const seesRooms = ({ scope: { actor } }: PracticeTransaction) =>
  actor.kind !== 'user' || !reaches(actor.roles, 'administrative').has('limited')

function useEmergency(trx: PracticeTransaction, rows: readonly repository.ShownRow[]): Promise<void> {
  const throughChart = rows.filter(row => row.seen_as === 'chart').map(row => row.chart_id)
  return useEmergencyForCharts(trx, throughChart, toReadChart.dataClass, toReadChart.permission)
}

interface Column {
  clinicianId: string | null
  roomId: string | null
  spans: readonly Span[]
}

/** What is reserved by something that is not shown. */
function unseen(taken: readonly repository.Taken[], shown: readonly { id: string }[]): Column[] {
  const seen = new Set(shown.map(({ id }) => id))
  return taken.map(({ resource_kind: kind, resource_id: id, times }) => ({
    clinicianId: kind === 'room' ? null : id,
    roomId: kind === 'room' ? id : null,
    spans: merged(times.filter(({ holderId }) => !seen.has(holderId)).map(({ start, end }) => [start, end])),
  }))
}

/** Spans as the API tells them, cut to the days that are asked for. */
function spanTeller(wallClock: (instant: number) => string, [from, to]: Span) {
  return ({ clinicianId, roomId, spans }: Column): CalendarSpan[] =>
    spans
      .map(([start, end]): Span => [Math.max(start, from), Math.min(end, to)])
      .filter(([start, end]) => start < end)
      .map(([start, end]) => ({
        clinicianId,
        roomId,
        startsAt: new Date(start).toISOString(),
        endsAt: new Date(end).toISOString(),
        localStart: wallClock(start),
        localEnd: wallClock(end),
      }))
}

const byStart = (a: repository.ShownRow, b: repository.ShownRow) =>
  a.starts_at.getTime() - b.starts_at.getTime()

const wholeOf = { appointment: 'series', intensive_block: 'intensive', group_session: 'group' } as const

function toEntry(row: repository.ShownRow, wallClock: (instant: number) => string): CalendarEntry {
  return {
    kind: row.kind,
    id: row.id,
    startsAt: row.starts_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    localStart: wallClock(row.starts_at.getTime()),
    localEnd: wallClock(row.ends_at.getTime()),
    timeZone: row.time_zone,
    displayName: row.subject_name,
    chartId: row.chart_id,
    partOf: row.whole_id === null ? null : { kind: wholeOf[row.kind], id: row.whole_id },
    serviceId: row.service_id,
    clinicianIds: row.clinician_ids,
    mode: row.mode,
    locationId: row.location_id,
    roomId: row.seen_as === 'part' ? null : row.room_id,
    status: row.kind === 'appointment' ? statusOf(row.status) : row.status,
    overbooked: row.overbooked,
    version: row.version,
  }
}
