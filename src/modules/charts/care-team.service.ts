import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { invalidField, notFound, Problem } from '../../lib/problems.ts'
import { atVersion } from '../../lib/versions.ts'
import { requireOtherHand, today } from '../practice/index.ts'
import * as repository from './care-team.repository.ts'
import type {
  CareTeamMember,
  CareTeamQuery,
  CareTeamRole,
  CareTeamRoleChange,
  NewCareTeamMember,
} from './care-team.schemas.ts'
import { requireLead } from './charts.rules.ts'
import { openChart } from './door.ts'
import { requireReason } from './dual-roles.service.ts'
import { noClinician } from './opening.ts'
import { toReadChart } from './ways.rules.ts'

/** @throws Problem `not-found` */
export async function listCareTeam(
  trx: PracticeTransaction,
  chartId: string,
  query: CareTeamQuery,
): Promise<Page<CareTeamMember>> {
  trx.audit({ resourceType: 'care-team-member' })
  await openChart(trx, chartId, toReadChart)
  const { cursor, limit = limits.page.default, current } = query
  const filter = { chartId, current }
  const after = trx.cursorKey(filter, cursor)?.[0] as string | undefined
  const rows = await repository.listMembers(trx, chartId, { limit, current, after })
  return toPage(rows, limit, toMember, row => trx.cursorAfter(filter, [row.id]))
}

/**
 * @throws Problem `not-found`, `not-permitted`, `unknown-reference`, `invalid-state`, `conflict` when the
 *   person or another primary is on the team in that time; `invalid-request` without a reason for treating both partners
 */
export async function addMember(
  trx: PracticeTransaction,
  chartId: string,
  input: NewCareTeamMember,
): Promise<CareTeamMember> {
  trx.audit({ resourceType: 'care-team-member', fields: Object.keys(input) })
  const chart = await openTeam(trx, chartId, { write: true })
  if (!(await repository.isClinician(trx, input.staffId))) throw noClinician('/staffId')
  requireOtherHand(trx.scope, input.staffId)
  await repository.lockChart(trx, chartId)
  const startsOn = input.startsOn ?? (await today(trx))
  requireOrder(startsOn, input.endsOn)
  const { staffId, role, dualRoleReason: reason } = input
  await requireReason(trx, chart, { staffId, role, reason })
  const id = await repository.insertMember(trx, {
    chart_id: chartId,
    staff_id: input.staffId,
    role: input.role,
    starts_on: startsOn,
    ends_on: input.endsOn ?? null,
  })
  trx.audit({ resourceId: id })
  emit(trx, { type: 'care-team-member.added', resourceId: id, resourceVersion: 1, chartId })
  return memberOf(trx, chartId, id)
}

/**
 * Gives a member another role from today on. The time in the role before stays in the history as a
 * membership of its own, so the answer may have a new id.
 *
 * @throws Problem `not-found`, `not-permitted`, `stale-version`, `invalid-state`, `conflict`
 */
export async function changeRole(
  trx: PracticeTransaction,
  chartId: string,
  memberId: string,
  version: number,
  { role, dualRoleReason: reason }: CareTeamRoleChange,
): Promise<CareTeamMember> {
  trx.audit({ resourceType: 'care-team-member', resourceId: memberId, fields: ['role'] })
  const chart = await openTeam(trx, chartId, { write: true })
  const { row, day } = await loadForChange(trx, chartId, memberId, version)
  await requireReason(trx, chart, { staffId: row.staff_id, role, reason })
  const id =
    row.starts_on >= day
      ? await changed(repository.updateMember(trx, memberId, version, { role }))
      : await succeed(trx, row, version, { role, starts_on: day })
  emit(trx, { type: 'care-team-member.role-changed', resourceId: id, chartId })
  return memberOf(trx, chartId, id)
}

async function succeed(
  trx: PracticeTransaction,
  row: repository.CareTeamRow,
  version: number,
  next: { role: CareTeamRole; starts_on: string },
): Promise<string> {
  await changed(repository.updateMember(trx, row.id, version, { ends_on: next.starts_on }))
  const { chart_id, staff_id, ends_on } = row
  return repository.insertMember(trx, { chart_id, staff_id, ends_on, ...next })
}

/**
 * Ends a membership, today where no day is given: access ends with the next request.
 *
 * @throws Problem `not-found`, `not-permitted`, `stale-version`, `invalid-state`, `invalid-request`
 */
export async function endMembership(
  trx: PracticeTransaction,
  chartId: string,
  memberId: string,
  version: number,
  endsOn: string | undefined,
): Promise<CareTeamMember> {
  trx.audit({ resourceType: 'care-team-member', resourceId: memberId, fields: ['endsOn'] })
  // A closed chart is still read by its care team, so people are taken off it too.
  await openTeam(trx, chartId, { write: false })
  const { row, day } = await loadForChange(trx, chartId, memberId, version)
  const end = endsOn ?? (row.starts_on > day ? row.starts_on : day)
  requireOrder(row.starts_on, end)
  await changed(repository.updateMember(trx, memberId, version, { ends_on: end }))
  const member = toMember({ ...row, ends_on: end, version: version + 1, current: row.current && end > day })
  emit(trx, {
    type: 'care-team-member.ended',
    resourceId: memberId,
    resourceVersion: member.version,
    chartId,
  })
  return member
}

async function openTeam(trx: PracticeTransaction, chartId: string, { write }: { write: boolean }) {
  const chart = await openChart(trx, chartId, {
    dataClass: 'administrative',
    write,
    permission: 'care-team:write',
  })
  requireLead(trx.scope.actor, chart)
  return chart
}

async function loadForChange(trx: PracticeTransaction, chartId: string, memberId: string, version: number) {
  await repository.lockChart(trx, chartId)
  const row = atVersion(await repository.findMember(trx, chartId, memberId), version)
  const day = await today(trx)
  if (row.ends_on !== null && row.ends_on <= day) {
    throw new Problem('invalid-state', { detail: 'This membership has ended. Add the person again.' })
  }
  return { row, day }
}

async function changed(update: Promise<{ id: string } | undefined>): Promise<string> {
  const row = await update
  if (!row) throw new Problem('stale-version')
  return row.id
}

function requireOrder(startsOn: string, endsOn: string | null | undefined): void {
  if (endsOn && endsOn < startsOn) {
    throw invalidField('/endsOn', 'before-start', 'A membership cannot end before it starts.')
  }
}

async function memberOf(trx: PracticeTransaction, chartId: string, id: string): Promise<CareTeamMember> {
  const row = await repository.findMember(trx, chartId, id)
  if (!row) throw notFound()
  return toMember(row)
}

const toMember = (row: repository.CareTeamRow): CareTeamMember => ({
  id: row.id,
  staffId: row.staff_id,
  displayName: row.display_name,
  role: row.role as CareTeamRole,
  startsOn: row.starts_on,
  endsOn: row.ends_on,
  current: row.current,
  version: row.version,
})
