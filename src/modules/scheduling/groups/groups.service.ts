import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { given } from '../../../lib/given.ts'
import { limits } from '../../../lib/limits.ts'
import { type Page, toPage } from '../../../lib/pages.ts'
import { invalidField, notFound, Problem } from '../../../lib/problems.ts'
import { atVersion, changeAtVersion } from '../../../lib/versions.ts'
import {
  giveSeats,
  knockInVain,
  type OpenChart,
  openChart,
  toReadChart,
  useEmergencyForCharts,
} from '../../charts/index.ts'
import { assertServiceFits, assertServiceIsOffered, unknownReference } from '../booking.rules.ts'
import { findGivers } from '../holds/holds.repository.ts'
import { findSupply } from '../supply.repository.ts'
import { freeSeats } from '../waitlist/freed.ts'
import * as repository from './groups.repository.ts'
import { assertStep } from './groups.rules.ts'
import type {
  Group,
  GroupChange,
  GroupHistoryEntry,
  GroupListQuery,
  GroupQuery,
  GroupStatusChange,
  NewGroup,
} from './groups.schemas.ts'
import { type HistoryRow, listHistory, record } from './history.repository.ts'
import { cancelComing } from './meetings.cancel.ts'
import { seatAll } from './members.repository.ts'

const toWrite = { dataClass: 'administrative', permission: 'appointments:write', write: true } as const

/** A group through the door of its chart. */
export interface OpenGroup {
  row: repository.GroupRow
  chart: OpenChart
}

/** @throws Problem `not-found`; `invalid-state` to change one whose chart is closed */
export async function openGroup(
  trx: PracticeTransaction,
  id: string,
  need: 'read' | 'write',
): Promise<OpenGroup> {
  trx.audit({ resourceType: 'group', resourceId: id })
  const row = await repository.findGroup(trx, id)
  if (!row) return knockInVain(trx)
  return { row, chart: await openChart(trx, row.chart_id, need === 'write' ? toWrite : toReadChart) }
}

/** The same to write, and nobody else changes it until the transaction ends. */
export async function openGroupAlone(trx: PracticeTransaction, id: string): Promise<OpenGroup> {
  trx.audit({ resourceType: 'group', resourceId: id })
  // Sent in this order, in one round trip: what is found is what the one before left.
  const [, row] = await Promise.all([repository.lockGroup(trx, id), repository.findGroup(trx, id)])
  if (!row) return knockInVain(trx)
  return { row, chart: await openChart(trx, row.chart_id, toWrite) }
}

/**
 * Sets up seats for a group that has a chart; its present members sit down.
 *
 * @throws Problem `unknown-reference`, `invalid-request`, `invalid-state` for a closed chart, `already-exists`
 */
export async function createGroup(trx: PracticeTransaction, input: NewGroup): Promise<Group> {
  const id = uuidv7()
  trx.audit({ resourceType: 'group', resourceId: id, fields: Object.keys(input) })
  const chart = await openGroupChart(trx, input.chartId)
  await assertLeads(trx, input.serviceId, input.facilitatorIds)
  if (chart.clientIds.length > input.capacity)
    throw invalidField('/capacity', 'range', 'The chart has more members than that.')
  await repository.insertGroup(trx, {
    id,
    chart_id: chart.id,
    service_id: input.serviceId,
    kind: input.kind,
    enrollment: input.enrollment,
    capacity: input.capacity,
    facilitator_ids: input.facilitatorIds,
    ...given({ gender_rule: input.genderRule, curriculum: input.curriculum }),
  })
  await repository.setSeats(trx, id, input.capacity)
  await seatAll(trx, id, chart.clientIds)
  giveSeats(trx, chart.id)
  const row = await found(trx, id)
  record(trx, 'created', id, stateOf(row))
  tell(trx, 'group.created', row)
  return toGroup(row)
}

/** @throws Problem `not-found` */
export async function getGroup(trx: PracticeTransaction, id: string): Promise<Group> {
  return toGroup((await openGroup(trx, id, 'read')).row)
}

/** Newest first. @throws Problem `invalid-cursor` */
export async function listGroups(
  trx: PracticeTransaction,
  { cursor, limit = limits.page.default, status }: GroupQuery,
): Promise<Page<Group>> {
  trx.audit({ resourceType: 'group' })
  const before = trx.cursorKey({ status }, cursor)?.[0] as string | undefined
  const rows = await repository.listGroups(trx, { limit, status, before })
  await useEmergencyFor(trx, rows.slice(0, limit))
  return toPage(rows, limit, toGroup, row => trx.cursorAfter({ status }, [row.id]))
}

/**
 * Seats may become more, and fewer as long as nobody sits on them.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`, `unknown-reference`, `conflict` for too few seats
 */
export async function changeGroup(
  trx: PracticeTransaction,
  id: string,
  version: number,
  change: GroupChange,
): Promise<Group> {
  const { row } = await openGroupAlone(trx, id)
  trx.audit({ fields: Object.keys(change) })
  const before = atVersion(row, version)
  if (before.status === 'ended') throw new Problem('invalid-state', { detail: 'This group has ended.' })
  if (change.facilitatorIds) await assertLeads(trx, before.service_id, change.facilitatorIds)
  if (change.capacity !== undefined) await repository.setSeats(trx, id, change.capacity)
  await changeAtVersion(
    trx,
    'therapy_groups',
    before,
    given({
      kind: change.kind,
      enrollment: change.enrollment,
      gender_rule: change.genderRule,
      capacity: change.capacity,
      facilitator_ids: change.facilitatorIds,
      curriculum: change.curriculum,
    }),
  )
  const after = await found(trx, id)
  record(trx, 'updated', id, stateOf(after))
  tell(trx, 'group.updated', after)
  if (after.capacity > before.capacity) freeSeats(trx, after.id)
  return toGroup(after)
}

/**
 * Whoever ends a group cancels its coming meetings with it.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`
 */
export async function changeStatus(
  trx: PracticeTransaction,
  id: string,
  version: number,
  { to }: GroupStatusChange,
): Promise<Group> {
  const { row } = await openGroupAlone(trx, id)
  trx.audit({ fields: ['status'] })
  const before = atVersion(row, version)
  assertStep(before.status, to)
  await changeAtVersion(trx, 'therapy_groups', before, { status: to })
  if (to === 'ended') await cancelComing(trx, before)
  const after = await found(trx, id)
  record(trx, 'status_changed', id, stateOf(after))
  tell(trx, 'group.status-changed', after)
  return toGroup(after)
}

/** Emergency access counts as a way through a chart in a list too; the audit row names who is in these charts. */
export function useEmergencyFor(
  trx: PracticeTransaction,
  rows: readonly { chart_id: string }[],
): Promise<void> {
  const chartIds = rows.map(row => row.chart_id)
  trx.audit({ chartIds })
  return useEmergencyForCharts(trx, chartIds, toReadChart.dataClass, toReadChart.permission)
}

/** What became of a group, its members and meetings, oldest first. @throws Problem `not-found`, `invalid-cursor` */
export async function getHistory(
  trx: PracticeTransaction,
  id: string,
  { cursor, limit = limits.page.default }: GroupListQuery,
): Promise<Page<GroupHistoryEntry>> {
  await openGroup(trx, id, 'read')
  const after = trx.cursorKey({ id }, cursor)?.[0] as string | undefined
  const rows = await listHistory(trx, id, { limit, after })
  return toPage(rows, limit, toEntry, row => trx.cursorAfter({ id }, [row.id]))
}

/** @throws Problem `unknown-reference` where somebody does not give the service (any more) */
export async function assertLeads(
  trx: PracticeTransaction,
  serviceId: string,
  facilitatorIds: readonly string[],
): Promise<void> {
  const [clinicianId = ''] = facilitatorIds
  const [supply, givers] = await Promise.all([
    findSupply(trx, { serviceId, clinicianId, locationId: null, roomId: null }),
    findGivers(trx, serviceId, facilitatorIds),
  ])
  assertServiceIsOffered(supply)
  assertServiceFits(supply, 'group')
  if (givers.length < facilitatorIds.length) throw unknownReference('/facilitatorIds')
}

async function openGroupChart(trx: PracticeTransaction, chartId: string): Promise<OpenChart> {
  const chart = await openChart(trx, chartId, toWrite).catch((error: unknown) => {
    throw error instanceof Problem && error.code === 'not-found' ? unknownReference('/chartId') : error
  })
  if (chart.kind !== 'group') throw invalidField('/chartId', 'kind', 'Only the chart of a group.')
  return chart
}

async function found(trx: PracticeTransaction, id: string): Promise<repository.GroupRow> {
  const row = await repository.findGroup(trx, id)
  if (!row) throw notFound()
  return row
}

const stateOf = (row: repository.GroupRow) => ({
  status: row.status,
  capacity: row.capacity,
  facilitator_ids: row.facilitator_ids,
})

const tell = (
  trx: PracticeTransaction,
  type: 'group.created' | 'group.updated' | 'group.status-changed',
  row: repository.GroupRow,
) => emit(trx, { type, resourceId: row.id, resourceVersion: row.version, chartId: row.chart_id })

function toGroup(row: repository.GroupRow): Group {
  return {
    id: row.id,
    chartId: row.chart_id,
    name: row.name,
    kind: row.kind as Group['kind'],
    enrollment: row.enrollment as Group['enrollment'],
    genderRule: row.gender_rule as Group['genderRule'],
    serviceId: row.service_id,
    capacity: row.capacity,
    facilitatorIds: row.facilitator_ids,
    curriculum: row.curriculum,
    status: row.status,
    seats: { taken: row.taken, free: row.capacity - row.taken },
    attendance: {
      meetingsHeld: row.meetings_held,
      rate: row.expected > 0 ? Math.round((row.came / row.expected) * 1_000) / 1_000 : null,
    },
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}

const toEntry = (row: HistoryRow): GroupHistoryEntry => ({
  id: row.id,
  kind: row.kind as GroupHistoryEntry['kind'],
  recordedById: row.staff_id,
  status: row.status as GroupHistoryEntry['status'],
  capacity: row.capacity,
  facilitatorIds: row.facilitator_ids,
  groupMemberId: row.member_id,
  groupMeetingId: row.meeting_id,
  locationId: row.location_id,
  roomId: row.room_id,
  startsAt: row.starts_at?.toISOString() ?? null,
  endsAt: row.ends_at?.toISOString() ?? null,
  reasonCode: row.reason_code,
  agreementSignedOn: row.agreement_signed_on,
  createdAt: row.occurred_at.toISOString(),
})
