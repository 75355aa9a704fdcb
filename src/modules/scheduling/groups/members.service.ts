import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { limits } from '../../../lib/limits.ts'
import { type Page, toPage } from '../../../lib/pages.ts'
import { notFound, Problem } from '../../../lib/problems.ts'
import { changeMembers, requireReach } from '../../charts/index.ts'
import { unknownReference } from '../booking.rules.ts'
import { releaseOne } from '../reservations.ts'
import { counterpartsOf } from '../separation/counterparts.ts'
import { keptApart } from '../separation/keep-apart.ts'
import { freeSeats } from '../waitlist/freed.ts'
import { assertTakesMembers } from './groups.rules.ts'
import type {
  GroupDeparture,
  GroupListQuery,
  GroupMember,
  JoinedGroup,
  NewGroupMember,
} from './groups.schemas.ts'
import { openGroup, openGroupAlone } from './groups.service.ts'
import { record } from './history.repository.ts'
import { takeMemberTime } from './meeting-time.ts'
import { lockComing } from './meetings.repository.ts'
import * as repository from './members.repository.ts'

/** In the order they joined, those who left too. @throws Problem `not-found`, `invalid-cursor` */
export async function listMembers(
  trx: PracticeTransaction,
  groupId: string,
  { cursor, limit = limits.page.default }: GroupListQuery,
): Promise<Page<GroupMember>> {
  await openGroup(trx, groupId, 'read')
  const after = trx.cursorKey({ groupId }, cursor)?.[0] as string | undefined
  const rows = await repository.listMembers(trx, groupId, { limit, after })
  trx.audit({ clientIds: rows.slice(0, limit).map(row => row.client_id) })
  return toPage(
    rows,
    limit,
    row => toMember(trx, row),
    row => trx.cursorAfter({ groupId }, [row.id]),
  )
}

/**
 * Takes a seat for a client, and their time at all meetings that are booked. Where a rule keeps them apart from a
 * member, the answer is that of an hour at which they are busy.
 *
 * @throws Problem `not-found`, `unknown-reference`, `invalid-state`, `conflict` where no seat is free,
 *   `already-exists`, `resource-busy`
 */
export async function joinGroup(
  trx: PracticeTransaction,
  groupId: string,
  { clientId, agreementSignedOn = null, acceptClashes = false }: NewGroupMember,
): Promise<JoinedGroup> {
  trx.audit({ clientIds: [clientId], fields: ['clientId'] })
  const { row, chart } = await openGroupAlone(trx, groupId)
  await assertMayBring(trx, clientId)
  assertTakesMembers(row)
  const [present, counterparts] = await Promise.all([
    repository.presentMembers(trx, groupId),
    counterpartsOf(trx, [clientId]),
  ])
  const sits = (id: string) => present.some(member => member.client_id === id)
  if (counterparts.some(({ otherId, apartInGroups }) => apartInGroups && sits(otherId))) throw keptApart(trx)
  const id = uuidv7()
  const seat = await repository.takeSeat(trx, { id, groupId, clientId, agreementSignedOn })
  if (!seat) throw new Problem('conflict', { detail: 'No seat of this group is free.' })
  if (!chart.clientIds.includes(clientId))
    await changeMembers(trx, chart.id, { left: [], joined: [clientId] })
  const coming = await lockComing(trx, groupId)
  const elsewhere = counterparts.filter(({ otherId }) => !sits(otherId))
  const unreserved = await takeMemberTime(trx, { clientId, counterparts: elsewhere, coming, acceptClashes })
  record(trx, 'member_joined', groupId, { member_id: id })
  emit(trx, { type: 'group.member-joined', resourceId: groupId, chartId: chart.id })
  return { ...(await memberOf(trx, groupId, id)), unreservedMeetingIds: unreserved }
}

/** Gives the seat and the time of coming meetings back. @throws Problem `not-found`, `invalid-state` */
export async function leaveGroup(
  trx: PracticeTransaction,
  groupId: string,
  memberId: string,
  { reasonCode }: GroupDeparture,
): Promise<GroupMember> {
  trx.audit({ fields: ['leftAt'] })
  const { chart } = await openGroupAlone(trx, groupId)
  const before = await repository.findMember(trx, groupId, memberId)
  if (!before) throw notFound()
  trx.audit({ clientIds: [before.client_id] })
  if (!(await repository.leaveSeat(trx, memberId, reasonCode)))
    throw new Problem('invalid-state', { detail: 'This member has left already.' })
  await changeMembers(trx, chart.id, { left: [before.client_id], joined: [] })
  const coming = await lockComing(trx, groupId)
  releaseOne(
    trx,
    coming.map(({ id }) => ({ kind: 'group_session' as const, id })),
    before.client_id,
  )
  record(trx, 'member_left', groupId, { member_id: memberId, reason_code: reasonCode })
  emit(trx, { type: 'group.member-left', resourceId: groupId, chartId: chart.id })
  freeSeats(trx, groupId)
  return memberOf(trx, groupId, memberId)
}

/** Brings in only whom the caller may book for. @throws Problem `unknown-reference` */
async function assertMayBring(trx: PracticeTransaction, clientId: string): Promise<void> {
  try {
    await requireReach(trx, clientId, { write: true, permission: 'appointments:write' })
  } catch (error) {
    throw error instanceof Problem && error.code === 'not-found' ? unknownReference('/clientId') : error
  }
}

async function memberOf(trx: PracticeTransaction, groupId: string, id: string): Promise<GroupMember> {
  const row = await repository.findMember(trx, groupId, id)
  if (!row) throw notFound()
  return toMember(trx, row)
}

const toMember = (trx: PracticeTransaction, row: repository.MemberRow): GroupMember => ({
  id: row.id,
  clientId: row.client_id,
  displayName: trx.scope.actor.permissions.has('clients:read') ? row.display_name : null,
  joinedAt: row.joined_at.toISOString(),
  agreementSignedOn: row.agreement_signed_on,
  leftAt: row.left_at?.toISOString() ?? null,
  leavingReason: row.leaving_reason as GroupMember['leavingReason'],
})
