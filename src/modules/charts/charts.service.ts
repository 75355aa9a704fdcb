import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { notFound, Problem, unknownReference } from '../../lib/problems.ts'
import * as careTeams from './care-team.repository.ts'
import * as repository from './charts.repository.ts'
import { readableClasses, requireLead } from './charts.rules.ts'
import type {
  Chart,
  ChartDetail,
  ChartMember,
  ChartMemberQuery,
  ChartQuery,
  NewGroupChart,
} from './charts.schemas.ts'
import { openChart, requireReach } from './door.ts'
import { useEmergencyForCharts } from './emergency-access.use.ts'
import { openGroupChart } from './opening.ts'
import { toReadChart, waysInto } from './ways.rules.ts'

/** Most people whose names one answer about a chart may hold; a care team is far smaller. */
const careTeamLimit = 100

/** @throws Problem `not-found` */
export async function getChart(trx: PracticeTransaction, chartId: string): Promise<ChartDetail> {
  trx.audit({ resourceType: 'chart', resourceId: chartId })
  const chart = await openChart(trx, chartId, toReadChart)
  const [row, team] = await Promise.all([
    repository.findChart(trx, chartId),
    careTeams.listMembers(trx, chartId, { limit: careTeamLimit, current: true, after: undefined }),
  ])
  if (!row) throw notFound()
  return {
    ...toChart(row),
    careTeam: team.map(({ staff_id, display_name, role }) => ({
      staffId: staff_id,
      displayName: display_name,
      role,
    })),
    classes: readableClasses(trx.scope.actor, chart),
  }
}

/** The charts the caller may see for at least one class: by the policy that is never more than `administrative`. */
export async function listCharts(trx: PracticeTransaction, query: ChartQuery): Promise<Page<Chart>> {
  trx.audit({ resourceType: 'chart' })
  const { cursor, limit = limits.page.default, ...filter } = query
  const before = trx.cursorKey(filter, cursor)?.[0] as string | undefined
  const rows = await repository.listCharts(trx, { ...filter, limit, before })
  const page = toPage(rows, limit, toChart, row => trx.cursorAfter(filter, [row.id]))
  trx.audit({ clientIds: page.data.flatMap(chart => chart.members.map(member => member.clientId)) })
  const shown = page.data.map(chart => chart.id)
  await useEmergencyForCharts(trx, shown, toReadChart.dataClass, toReadChart.permission)
  return page
}

/** @throws Problem `not-permitted` when a clinician names another lead, `unknown-reference` */
export async function createGroupChart(trx: PracticeTransaction, input: NewGroupChart): Promise<ChartDetail> {
  trx.audit({ resourceType: 'chart', fields: Object.keys(input) })
  const lead = leadOf(trx, input)
  const careTeam = lead ? [{ staffId: lead, role: 'primary' as const }] : []
  const id = await openGroupChart(trx, input.name, careTeam)
  return getChart(trx, id)
}

/** Who opens a group without seeing all charts must lead it, or they would have made what they cannot see. */
function leadOf(trx: PracticeTransaction, { primaryClinicianId }: NewGroupChart): string | undefined {
  const { actor } = trx.scope
  const { staffId } = actor
  const ways = waysInto(actor, { dataClass: 'administrative', write: true, permission: 'charts:write' })
  if (ways.everywhere || !staffId) return primaryClinicianId
  if (primaryClinicianId && primaryClinicianId !== staffId) {
    throw new Problem('not-permitted', { detail: 'A clinician can open a group only as its lead.' })
  }
  return staffId
}

/** @throws Problem `not-found`, `not-permitted`, `invalid-state`, `stale-version` */
export async function changeStatus(
  trx: PracticeTransaction,
  chartId: string,
  version: number,
  status: 'open' | 'closed',
): Promise<ChartDetail> {
  trx.audit({ resourceType: 'chart', resourceId: chartId, fields: ['status'] })
  const chart = await openChart(trx, chartId, { dataClass: 'administrative', permission: 'charts:write' })
  requireLead(trx.scope.actor, chart)
  if (chart.version !== version) throw new Problem('stale-version')
  if (chart.status === status)
    throw new Problem('invalid-state', { detail: `This chart is ${status} already.` })
  const row = await repository.setStatus(trx, chartId, status, version)
  if (!row) throw new Problem('stale-version')
  const type = status === 'closed' ? 'chart.closed' : 'chart.reopened'
  emit(trx, { type, resourceId: chartId, resourceVersion: row.version, chartId })
  return getChart(trx, chartId)
}

/** @throws Problem `not-found` */
export async function listMembers(
  trx: PracticeTransaction,
  chartId: string,
  query: ChartMemberQuery,
): Promise<Page<ChartMember>> {
  trx.audit({ resourceType: 'chart-member' })
  await openChart(trx, chartId, toReadChart)
  const { cursor, limit = limits.page.default } = query
  const after = trx.cursorKey({ chartId }, cursor)?.[0] as string | undefined
  const rows = await repository.listMembers(trx, chartId, { limit, after })
  const page = toPage(rows, limit, toMember, row => trx.cursorAfter({ chartId }, [row.id]))
  trx.audit({ clientIds: page.data.map(member => member.clientId) })
  return page
}

/** @throws Problem `not-found`, `invalid-state`, `unknown-reference`, `already-exists` */
export async function addMember(
  trx: PracticeTransaction,
  chartId: string,
  clientId: string,
): Promise<ChartMember> {
  trx.audit({ resourceType: 'chart-member', clientIds: [clientId], fields: ['clientId'] })
  await openGroup(trx, chartId)
  await requireMayJoin(trx, clientId)
  const id = await repository.insertMember(trx, chartId, clientId)
  trx.audit({ resourceId: id })
  emit(trx, { type: 'chart.member-joined', resourceId: chartId, chartId })
  return memberOf(trx, chartId, id)
}

/** @throws Problem `not-found`, `invalid-state` */
export async function endMembership(
  trx: PracticeTransaction,
  chartId: string,
  memberId: string,
): Promise<ChartMember> {
  trx.audit({ resourceType: 'chart-member', resourceId: memberId, fields: ['leftAt'] })
  await openGroup(trx, chartId)
  const before = await memberOf(trx, chartId, memberId)
  if (!(await repository.endMembership(trx, memberId))) {
    throw new Problem('invalid-state', { detail: 'This member has left already.' })
  }
  trx.audit({ clientIds: [before.clientId] })
  emit(trx, { type: 'chart.member-left', resourceId: chartId, chartId })
  return memberOf(trx, chartId, memberId)
}

/** @throws Problem `not-found`, `invalid-state` also where members come and go by the seats of a group */
async function openGroup(trx: PracticeTransaction, chartId: string): Promise<void> {
  const need = { dataClass: 'administrative', write: true, permission: 'charts:write' } as const
  const [chart, hasSeats] = await Promise.all([
    openChart(trx, chartId, need),
    repository.hasSeats(trx, chartId),
  ])
  if (chart.kind !== 'group') {
    throw new Problem('invalid-state', { detail: 'Only the members of a group change here.' })
  }
  if (hasSeats) {
    throw new Problem('invalid-state', { detail: 'This group has seats: members take and leave them there.' })
  }
}

/**
 * Brings in only whom the caller may change: supervision, emergency access and a biller's reach are for reading, and
 * a membership would outlast them.
 *
 * @throws Problem `unknown-reference`
 */
async function requireMayJoin(trx: PracticeTransaction, clientId: string): Promise<void> {
  try {
    await requireReach(trx, clientId, { write: true, permission: 'charts:write' })
  } catch (error) {
    throw error instanceof Problem && error.code === 'not-found' ? unknownReference('/clientId') : error
  }
  if (await repository.isMerged(trx, clientId)) throw unknownReference('/clientId')
}

async function memberOf(trx: PracticeTransaction, chartId: string, id: string): Promise<ChartMember> {
  const row = await repository.findMember(trx, chartId, id)
  if (!row) throw notFound()
  return toMember(row)
}

function toChart(row: repository.ChartRow): Chart {
  return {
    id: row.id,
    kind: row.kind as Chart['kind'],
    name: row.name,
    status: row.status as Chart['status'],
    members: row.members.map(member => ({
      id: member.id,
      clientId: member.client_id,
      displayName: member.display_name,
      joinedAt: new Date(member.joined_at).toISOString(),
    })),
    openedAt: row.opened_at.toISOString(),
    closedAt: row.closed_at?.toISOString() ?? null,
    version: row.version,
  }
}

const toMember = (row: repository.MemberRow): ChartMember => ({
  id: row.id,
  clientId: row.client_id,
  displayName: row.display_name,
  joinedAt: row.joined_at.toISOString(),
  leftAt: row.left_at?.toISOString() ?? null,
})
