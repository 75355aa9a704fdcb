import { sql, type UpdateObject } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { systemClock } from '../../../lib/clock.ts'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { DB } from '../../../lib/database/schema.ts'
import { emit, emitAll } from '../../../lib/events.ts'
import { given } from '../../../lib/given.ts'
import { limits } from '../../../lib/limits.ts'
import { type Page, toPage } from '../../../lib/pages.ts'
import { invalidField, Problem } from '../../../lib/problems.ts'
import { atVersion, changeAtVersion } from '../../../lib/versions.ts'
import { knockInVain } from '../../charts/index.ts'
import { minuteOf } from '../../practice/index.ts'
import {
  assertAttendance,
  assertKeepsCalendarOf,
  assertStarted,
  instant,
  keepsTime,
  listPeriod,
  minutesOf,
  type Period,
  sessionAt,
  window,
} from '../appointments.rules.ts'
import {
  assertMayBeGiven,
  assertModeFits,
  assertPlaceFitsMode,
  assertServiceIsOffered,
  assertSupplyTakes,
  type Placement,
  unknownReference,
  zoneOf,
} from '../booking.rules.ts'
import { findGivers } from '../holds/holds.repository.ts'
import { release } from '../reservations.ts'
import { counterpartsOf } from '../separation/counterparts.ts'
import { addDays, localCalendar } from '../slots/local-calendar.ts'
import { findSupply, type Supply } from '../supply.repository.ts'
import { assertMeets } from './groups.rules.ts'
import { type OpenGroup, openGroup, openGroupAlone, useEmergencyFor } from './groups.service.ts'
import { recordMeetings } from './history.repository.ts'
import { holderOf, takeMeetingTime } from './meeting-time.ts'
import * as repository from './meetings.repository.ts'
import type {
  GroupMeeting,
  GroupMeetingCancellation,
  GroupMeetingMove,
  GroupMeetingQuery,
  NewGroupAttendance,
  NewGroupMeetings,
} from './meetings.schemas.ts'
import { membersAt, presentMembers } from './members.repository.ts'

type Leads = Placement & { facilitatorIds: string[] }

/**
 * Books meetings at one time of the week, all of them or none, and takes facilitators, room and members for each.
 *
 * @throws Problem `not-found`, `not-permitted` for another clinician's calendar, `invalid-state`, `unknown-reference`,
 *   `invalid-request`, `resource-busy`
 */
export async function bookMeetings(
  trx: PracticeTransaction,
  groupId: string,
  input: NewGroupMeetings,
): Promise<{ meetings: GroupMeeting[] }> {
  const group = await openGroupAlone(trx, groupId)
  trx.audit({ fields: Object.keys(input) })
  assertMeets(group.row)
  const where = leadsOf(input.facilitatorIds ?? group.row.facilitator_ids, input)
  const supply = await supplyFor(trx, group, where)
  assertMayBeGiven(supply)
  const zone = zoneOf(where, supply)
  const times = timesOf(input, zone, supply.service_duration ?? 0)
  const place = {
    group_id: groupId,
    facilitator_ids: where.facilitatorIds,
    mode: where.mode,
    location_id: where.locationId,
    room_id: where.roomId,
    time_zone: zone,
    buffer_before_minutes: supply.buffer_before ?? 0,
    buffer_after_minutes: supply.buffer_after ?? 0,
  }
  const [people] = await Promise.all([peopleOf(trx, groupId), repository.insertMeetings(trx, place, times)])
  const meetings = times.map(({ id, startsAt, endsAt }) => ({
    ...place,
    id,
    starts_at: startsAt,
    ends_at: endsAt,
  }))
  await takeMeetingTime(trx, { ...people, meetings, acceptClashes: input.acceptClashes === true })
  const ids = times.map(({ id }) => id)
  recordMeetings(trx, 'meeting_booked', ids)
  emitAll(
    trx,
    ids.map(id => ({
      type: 'group-meeting.booked' as const,
      resourceId: id,
      resourceVersion: 1,
      chartId: group.chart.id,
    })),
  )
  return { meetings: (await repository.findMeetings(trx, ids)).map(toMeeting) }
}

/** @throws Problem `not-found` */
export async function getMeeting(trx: PracticeTransaction, id: string): Promise<GroupMeeting> {
  trx.audit({ resourceType: 'group-meeting', resourceId: id })
  const row = (await repository.findMeeting(trx, id)) ?? (await knockInVain(trx))
  await openGroup(trx, row.group_id, 'read')
  trx.audit({ resourceType: 'group-meeting', resourceId: id })
  return toMeeting(row)
}

/** By start. @throws Problem `invalid-request`, `invalid-cursor` */
export async function listMeetings(
  trx: PracticeTransaction,
  query: GroupMeetingQuery,
): Promise<Page<GroupMeeting>> {
  trx.audit({ resourceType: 'group-meeting' })
  const { cursor, limit = limits.page.default, ...filter } = query
  const period = listPeriod(filter)
  const [startsAt, id] = trx.cursorKey(filter, cursor) ?? []
  const after = startsAt === undefined ? undefined : { startsAt: String(startsAt), id: String(id) }
  const rows = await repository.listMeetings(trx, { ...filter, ...period }, { limit, after })
  await useEmergencyFor(trx, rows.slice(0, limit))
  return toPage(rows, limit, toMeeting, row => trx.cursorAfter(filter, [row.starts_at.toISOString(), row.id]))
}

/**
 * Moves a meeting, or says what it is about. Members who could not be taken before are asked for again.
 *
 * @throws Problem as `bookMeetings`, and `stale-version`
 */
export async function moveMeeting(
  trx: PracticeTransaction,
  id: string,
  version: number,
  { acceptClashes = false, topic, startsAt, durationMinutes, ...change }: GroupMeetingMove,
): Promise<GroupMeeting> {
  const { group, before } = await openForStep(trx, id, version)
  assertScheduled(before)
  const leaves = change.mode === 'telehealth' ? { locationId: null, roomId: null } : {}
  const { facilitator_ids, location_id: locationId, room_id: roomId } = before
  const mode = before.mode as Placement['mode']
  const where = leadsOf(change.facilitatorIds ?? facilitator_ids, {
    mode,
    locationId,
    roomId,
    ...leaves,
    ...given({ mode: change.mode, locationId: change.locationId, roomId: change.roomId }),
  })
  for (const clinicianId of before.facilitator_ids) assertKeepsCalendarOf(trx.scope, clinicianId)
  const supply = await supplyFor(trx, group, where)
  const period = sessionAt(
    startsAt ?? before.starts_at.toISOString(),
    durationMinutes ?? minutesOf({ startsAt: before.starts_at, endsAt: before.ends_at }),
    systemClock.now(),
  )
  const row = await changeMeeting(trx, before, {
    facilitator_ids: where.facilitatorIds,
    mode: where.mode,
    location_id: where.locationId,
    room_id: where.roomId,
    time_zone: zoneOf(where, supply),
    starts_at: period.startsAt,
    ends_at: period.endsAt,
    ...(topic !== undefined && { topic }),
  })
  const people = await peopleOf(trx, row.group_id)
  await takeMeetingTime(trx, { ...people, meetings: [row], acceptClashes })
  return finish(trx, 'moved', row)
}

/** Gives everybody's time back. @throws Problem `not-found`, `stale-version`, `invalid-state` */
export async function cancelMeeting(
  trx: PracticeTransaction,
  id: string,
  version: number,
  { reasonCode }: GroupMeetingCancellation,
): Promise<GroupMeeting> {
  const { before } = await openForStep(trx, id, version)
  assertScheduled(before)
  const row = await changeMeeting(trx, before, {
    status: 'canceled',
    canceled_at: sql<Date>`now()`,
    cancellation_reason: reasonCode,
  })
  release(trx, [holderOf(row)], { isOffered: !keepsTime(reasonCode) })
  return finish(trx, 'canceled', row)
}

/**
 * The meeting took place; repeated, it corrects what was recorded.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`, `invalid-request`, `unknown-reference`
 */
export async function recordAttendance(
  trx: PracticeTransaction,
  id: string,
  version: number,
  input: NewGroupAttendance,
): Promise<GroupMeeting> {
  const { before } = await openForStep(trx, id, version)
  if (before.status === 'canceled') throw new Problem('invalid-state')
  const now = systemClock.now()
  assertStarted(before.starts_at, now)
  const actual = {
    startsAt: instant(input.actualStartsAt, '/actualStartsAt'),
    endsAt: instant(input.actualEndsAt, '/actualEndsAt'),
  }
  assertAttendance(actual, before.starts_at, now)
  const period = { startsAt: before.starts_at, endsAt: before.ends_at }
  const members = presencesOf(await membersAt(trx, before.group_id, period), before, input.members)
  const row = await changeMeeting(trx, before, {
    status: 'held',
    actual_starts_at: actual.startsAt,
    actual_ends_at: actual.endsAt,
  })
  if (members.length > 0) repository.recordAttendance(trx, id, members)
  const attendance = members.map(member => ({ groupMemberId: member.id, presence: member.presence }))
  return finish(trx, 'held', { ...row, attendance })
}

/** Each member with their presence: as named, as recorded before, or else present. */
function presencesOf(
  members: readonly { id: string }[],
  before: repository.MeetingRow,
  named: NewGroupAttendance['members'],
): { id: string; presence: string }[] {
  const said = new Map(before.attendance.map(({ groupMemberId, presence }) => [groupMemberId, presence]))
  const names = new Set<string>()
  for (const [index, { groupMemberId, presence }] of named.entries()) {
    const pointer = `/members/${index}/groupMemberId`
    if (!members.some(({ id }) => id === groupMemberId)) throw unknownReference(pointer)
    if (names.has(groupMemberId)) throw invalidField(pointer, 'unique', 'Each member once.')
    names.add(groupMemberId)
    said.set(groupMemberId, presence)
  }
  return members.map(({ id }) => ({ id, presence: said.get(id) ?? 'present' }))
}

function leadsOf(
  facilitatorIds: string[],
  { mode, locationId = null, roomId = null }: Pick<NewGroupMeetings, 'mode' | 'locationId' | 'roomId'>,
): Leads {
  const where = { clinicianId: facilitatorIds[0] ?? '', facilitatorIds, mode, locationId, roomId }
  assertPlaceFitsMode(where)
  return where
}

/** What a meeting leans on, as it stands: open places, a room for everybody who has a seat, and those who lead it. */
async function supplyFor(trx: PracticeTransaction, { row }: OpenGroup, where: Leads): Promise<Supply> {
  for (const clinicianId of where.facilitatorIds) assertKeepsCalendarOf(trx.scope, clinicianId)
  const [supply, givers] = await Promise.all([
    findSupply(trx, { ...where, serviceId: row.service_id }),
    findGivers(trx, row.service_id, where.facilitatorIds),
  ])
  assertServiceIsOffered(supply)
  assertModeFits(supply, where.mode)
  if (givers.length < where.facilitatorIds.length) throw unknownReference('/facilitatorIds')
  assertSupplyTakes(supply, where, row.capacity + where.facilitatorIds.length)
  return supply
}

function timesOf(
  input: NewGroupMeetings,
  zone: string,
  usualMinutes: number,
): (Period & { id: string; topic: string | null })[] {
  const { firstOn, time, weeks = 1, everyWeeks = 1, durationMinutes = usualMinutes, topics = [] } = input
  const calendar = localCalendar(zone)
  const today = systemClock.now().toISOString().slice(0, 10)
  const last = addDays(firstOn, (weeks - 1) * everyWeeks * 7)
  // Two days within the bounds of any session, whichever the zone.
  if (firstOn < addDays(today, 2 - window.pastDays) || last > addDays(today, window.aheadDays - 2))
    throw invalidField('/firstOn', 'range', 'Meetings are at most a month ago and two years ahead.')
  return Array.from({ length: weeks }, (_, index) => {
    const start = calendar.at(addDays(firstOn, index * everyWeeks * 7), minuteOf(time))
    const period = sessionAt(new Date(start).toISOString(), durationMinutes, systemClock.now())
    return { ...period, id: uuidv7(), topic: topics[index] ?? null }
  })
}

async function peopleOf(trx: PracticeTransaction, groupId: string) {
  const clientIds = (await presentMembers(trx, groupId)).map(member => member.client_id)
  const counterparts = await counterpartsOf(trx, clientIds)
  return { clientIds, counterparts: counterparts.filter(({ otherId }) => !clientIds.includes(otherId)) }
}

/** The meeting as the caller read it, with its group held. */
async function openForStep(trx: PracticeTransaction, id: string, version: number) {
  trx.audit({ resourceType: 'group-meeting', resourceId: id })
  const seen = (await repository.findMeeting(trx, id)) ?? (await knockInVain(trx))
  const group = await openGroupAlone(trx, seen.group_id)
  trx.audit({ resourceType: 'group-meeting', resourceId: id })
  for (const clinicianId of seen.facilitator_ids) assertKeepsCalendarOf(trx.scope, clinicianId)
  return { group, before: atVersion(await repository.findMeeting(trx, id), version) }
}

function assertScheduled({ status }: repository.MeetingColumns): void {
  if (status !== 'scheduled') throw new Problem('invalid-state')
}

async function changeMeeting(
  trx: PracticeTransaction,
  before: repository.MeetingRow,
  changes: UpdateObject<DB, 'group_meetings'>,
): Promise<repository.MeetingRow> {
  trx.audit({ fields: Object.keys(changes) })
  return { ...before, ...(await changeAtVersion(trx, 'group_meetings', before, changes)) }
}

function finish(
  trx: PracticeTransaction,
  step: 'moved' | 'canceled' | 'held',
  row: repository.MeetingRow,
): GroupMeeting {
  recordMeetings(trx, `meeting_${step}`, [row.id])
  emit(trx, {
    type: `group-meeting.${step}`,
    resourceId: row.id,
    resourceVersion: row.version,
    chartId: row.chart_id,
  })
  return toMeeting(row)
}

function toMeeting(row: repository.MeetingRow): GroupMeeting {
  type Meeting = GroupMeeting
  return {
    id: row.id,
    groupId: row.group_id,
    groupName: row.group_name,
    facilitatorIds: row.facilitator_ids,
    mode: row.mode as Meeting['mode'],
    locationId: row.location_id,
    roomId: row.room_id,
    startsAt: row.starts_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    timeZone: row.time_zone,
    topic: row.topic,
    status: row.status as Meeting['status'],
    cancellation: row.canceled_at && {
      reasonCode: row.cancellation_reason as NonNullable<Meeting['cancellation']>['reasonCode'],
      canceledAt: row.canceled_at.toISOString(),
    },
    attendance:
      row.actual_starts_at && row.actual_ends_at
        ? {
            actualStartsAt: row.actual_starts_at.toISOString(),
            actualEndsAt: row.actual_ends_at.toISOString(),
            members: row.attendance as NonNullable<Meeting['attendance']>['members'],
          }
        : null,
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}
