import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { EventType } from '../../../lib/event-types.ts'
import { emit } from '../../../lib/events.ts'
import { given } from '../../../lib/given.ts'
import { limits } from '../../../lib/limits.ts'
import { each, openedPage, type Page } from '../../../lib/pages.ts'
import { invalidField, notFound, Problem } from '../../../lib/problems.ts'
import { atVersion, changeAtVersion } from '../../../lib/versions.ts'
import { knockInVain, type OpenChart, openChart, toReadChart } from '../../charts/index.ts'
import { areLocations, clockOf, findService, minuteOf } from '../../practice/index.ts'
import { assertServiceFits, assertServiceIsOffered, unknownReference } from '../booking.rules.ts'
import { openGroup, useEmergencyFor } from '../groups/groups.service.ts'
import { findGivers } from '../holds/holds.repository.ts'
import { openSubject } from '../subject.ts'
import type { Supply } from '../supply.repository.ts'
import * as repository from './entries.repository.ts'
import { withdrawOffersOf } from './offers.repository.ts'
import {
  type NewWaitlistEntry,
  priorities,
  type WaitlistEntry,
  type WaitlistEntryChange,
  type WaitlistQuery,
} from './waitlist.schemas.ts'

const toWrite = { dataClass: 'administrative', permission: 'appointments:write', write: true } as const

const notePlace = (rowId: string) => ({
  table: 'waitlist_entries',
  column: 'note_sealed',
  rowId,
  rowVersion: 1,
})

/** The door to an entry is that of its chart. @throws Problem `not-found` */
export async function openEntry(
  trx: PracticeTransaction,
  id: string,
  need: 'read' | 'write',
): Promise<repository.EntryRow> {
  trx.audit({ resourceType: 'waitlist-entry', resourceId: id })
  const row = await repository.findEntry(trx, id)
  if (!row) return knockInVain(trx)
  await openChart(trx, row.chart_id, need === 'write' ? toWrite : toReadChart)
  return row
}

/**
 * @throws Problem `unknown-reference`, `invalid-request`, `invalid-state` for a closed chart, `already-exists` where
 *   they wait for the same
 */
export async function createEntry(trx: PracticeTransaction, input: NewWaitlistEntry): Promise<WaitlistEntry> {
  const id = uuidv7()
  trx.audit({ resourceType: 'waitlist-entry', resourceId: id, fields: Object.keys(input) })
  const chart = await openSubject(trx, input)
  await assertCanWait(trx, chart, input)
  const { earliest_minute = 0, latest_minute = 1_440, ...wishes } = wishColumns(input)
  assertInOrder({ earliest_minute, latest_minute, from_on: null, until_on: null, ...wishes })
  await repository.insertEntry(trx, {
    id,
    chart_id: chart.id,
    service_id: input.serviceId ?? null,
    group_id: input.groupId ?? null,
    ...wishes,
    earliest_minute,
    latest_minute,
    priority: priorities.indexOf(input.priority) + 1,
    note_sealed: input.note === undefined ? null : await trx.seal(notePlace(id), input.note),
  })
  return shown(trx, id, 'waitlist-entry.created')
}

/** @throws Problem `not-found` */
export async function getEntry(trx: PracticeTransaction, id: string): Promise<WaitlistEntry> {
  return toEntry(trx, await openEntry(trx, id, 'read'))
}

/** In the order in which they have their turn. @throws Problem `invalid-cursor` */
export async function listEntries(
  trx: PracticeTransaction,
  query: WaitlistQuery,
): Promise<Page<WaitlistEntry>> {
  trx.audit({ resourceType: 'waitlist-entry' })
  const { cursor, limit = limits.page.default, ...filter } = query
  const [priority, id] = trx.cursorKey(filter, cursor) ?? []
  const after = priority === undefined ? undefined : { priority: Number(priority), id: String(id) }
  const [rows] = await Promise.all([repository.listEntries(trx, filter, { limit, after }), trx.sealer()])
  await useEmergencyFor(trx, rows.slice(0, limit))
  trx.audit({ clientIds: rows.slice(0, limit).flatMap(row => row.member_ids) })
  return openedPage(
    rows,
    limit,
    each(row => toEntry(trx, row)),
    row => trx.cursorAfter(filter, [row.priority, row.id]),
  )
}

/** @throws Problem `not-found`, `stale-version`, `invalid-state`, `unknown-reference`, `invalid-request` */
export async function changeEntry(
  trx: PracticeTransaction,
  id: string,
  version: number,
  change: WaitlistEntryChange,
): Promise<WaitlistEntry> {
  const before = atVersion(await openEntry(trx, id, 'write'), version)
  trx.audit({ fields: Object.keys(change) })
  assertWaits(before)
  if (before.service_id) await assertWishes(trx, before.service_id, change)
  const changes = given({
    ...wishColumns(change),
    priority: change.priority && priorities.indexOf(change.priority) + 1,
    note_sealed: typeof change.note === 'string' ? await trx.seal(notePlace(id), change.note) : change.note,
  })
  assertInOrder({ ...before, ...changes })
  await changeAtVersion(trx, 'waitlist_entries', before, changes)
  return shown(trx, id, 'waitlist-entry.updated')
}

/** They wait no more; offers to them end. @throws Problem `not-found`, `stale-version`, `invalid-state` */
export async function withdrawEntry(
  trx: PracticeTransaction,
  id: string,
  version: number,
): Promise<WaitlistEntry> {
  const before = atVersion(await openEntry(trx, id, 'write'), version)
  trx.audit({ fields: ['status'] })
  assertWaits(before)
  await changeAtVersion(trx, 'waitlist_entries', before, { status: 'withdrawn', ended_at: sql<Date>`now()` })
  await withdrawOffersOf(trx, { entryId: id })
  return shown(trx, id, 'waitlist-entry.withdrawn')
}

function assertWaits({ status }: repository.EntryRow): void {
  if (status !== 'waiting') throw new Problem('invalid-state', { detail: 'They wait no more.' })
}

async function assertCanWait(
  trx: PracticeTransaction,
  chart: OpenChart,
  input: NewWaitlistEntry,
): Promise<void> {
  const { serviceId, groupId } = input
  if ((serviceId === undefined) === (groupId === undefined))
    throw invalidField('', 'one-of', 'Give either `serviceId` or `groupId`.')
  if (serviceId !== undefined) {
    const service = await findService(trx, serviceId)
    const offered = { service_kind: service?.kind ?? null, service_status: service?.status ?? null } as Supply
    assertServiceIsOffered(offered)
    assertServiceFits(offered, chart.kind)
    await assertWishes(trx, serviceId, input)
  }
  if (groupId !== undefined) await assertMayWaitFor(trx, chart, groupId)
}

async function assertMayWaitFor(trx: PracticeTransaction, chart: OpenChart, groupId: string): Promise<void> {
  if (chart.kind !== 'individual') throw invalidField('/coupleId', 'kind', 'Each of them waits for a seat.')
  const { row } = await openGroup(trx, groupId, 'read').catch((error: unknown) => {
    throw error instanceof Problem && error.code === 'not-found' ? unknownReference('/groupId') : error
  })
  if (row.status === 'ended') throw unknownReference('/groupId', 'closed')
}

/** People and places that are wished for are there, and give the service. @throws Problem `unknown-reference` */
async function assertWishes(
  trx: PracticeTransaction,
  serviceId: string,
  { clinicianIds = [], locationIds = [] }: WaitlistEntryChange,
): Promise<void> {
  const givers = clinicianIds.length === 0 ? [] : await findGivers(trx, serviceId, clinicianIds)
  if (givers.length < clinicianIds.length) throw unknownReference('/clinicianIds')
  if (locationIds.length > 0 && !(await areLocations(trx, locationIds)))
    throw unknownReference('/locationIds')
}

const wishColumns = (wishes: WaitlistEntryChange) =>
  given({
    clinician_ids: wishes.clinicianIds,
    location_ids: wishes.locationIds,
    modes: wishes.modes,
    weekdays: wishes.weekdays,
    earliest_minute: wishes.earliest === undefined ? undefined : minuteOf(wishes.earliest),
    latest_minute: wishes.latest === undefined ? undefined : minuteOf(wishes.latest),
    from_on: wishes.from,
    until_on: wishes.until,
  })

/** @throws Problem `invalid-request` */
function assertInOrder(wishes: {
  earliest_minute: number
  latest_minute: number
  from_on: string | null
  until_on: string | null
}): void {
  if (wishes.latest_minute <= wishes.earliest_minute)
    throw invalidField('/latest', 'range', 'Must be after `earliest`.')
  if (wishes.from_on && wishes.until_on && wishes.until_on < wishes.from_on)
    throw invalidField('/until', 'range', 'Must not be before `from`.')
}

async function shown(trx: PracticeTransaction, id: string, type: EventType): Promise<WaitlistEntry> {
  const row = await repository.findEntry(trx, id)
  if (!row) throw notFound()
  emit(trx, { type, resourceId: id, resourceVersion: row.version, chartId: row.chart_id })
  return toEntry(trx, row)
}

async function toEntry(trx: PracticeTransaction, row: repository.EntryRow): Promise<WaitlistEntry> {
  const { actor } = trx.scope
  const readsNote = actor.kind === 'user' && row.note_sealed
  return {
    id: row.id,
    chartId: row.chart_id,
    clientId: row.chart_kind === 'individual' ? (row.member_ids[0] ?? null) : null,
    coupleId: actor.permissions.has('couples:read') ? row.couple_id : null,
    displayName: row.subject_name,
    serviceId: row.service_id,
    groupId: row.group_id,
    clinicianIds: row.clinician_ids,
    locationIds: row.location_ids,
    modes: row.modes as WaitlistEntry['modes'],
    weekdays: row.weekdays,
    earliest: clockOf(row.earliest_minute),
    latest: clockOf(row.latest_minute),
    from: row.from_on,
    until: row.until_on,
    priority: priorities[row.priority - 1] ?? 'routine',
    note: readsNote ? (await trx.open(notePlace(row.id), readsNote)).toString() : null,
    status: row.status as WaitlistEntry['status'],
    appointmentId: row.appointment_id,
    groupMemberId: row.member_id,
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}
