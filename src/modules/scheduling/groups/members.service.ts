import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { limits } from '../../../lib/limits.ts'
import { type Page, toPage } from '../../../lib/pages.ts'
import { notFound, Problem } from '../../../lib/problems.ts'
import { atVersion, changeAtVersion } from '../../../lib/versions.ts'
import { changeMembers, requireReach } from '../../charts/index.ts'
import { unknownReference } from '../booking.rules.ts'
import { releaseOne } from '../reservations.ts'
import { type Counterpart, counterpartsOf } from '../separation/counterparts.ts'
import { keptApart } from '../separation/keep-apart.ts'
import { freeSeats } from '../waitlist/freed.ts'
import type { GroupRow } from './groups.repository.ts'
import { assertTakesMembers } from './groups.rules.ts'
import type {
  GroupDeparture,
  GroupListQuery,
  GroupMember,
  GroupMemberChange,
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
  input: NewGroupMember,
): Promise<JoinedGroup> {
  const { clientId } = input
  trx.audit({ clientIds: [clientId], fields: ['clientId'] })
  const [{ row }, ground] = await Promise.all([
    openGroupAlone(trx, groupId),
    seatGround(trx, groupId, clientId),
  ])
  await assertMayBring(trx, clientId)
  const { member, unreserved } = await sitDown(trx, row, ground, input, () => Promise.resolve())
  return { ...member, unreservedMeetingIds: unreserved }
}

/** What sitting down leans on. */
export interface SeatGround {
  present: readonly { client_id: string }[]
  counterparts: readonly Counterpart[]
  inChart: boolean
}

/** Sent after the group was locked, in the same round trip: what it finds stays so. */
export async function seatGround(
  trx: PracticeTransaction,
  groupId: string,
  clientId: string,
): Promise<SeatGround> {
  const [present, counterparts, inChart] = await Promise.all([
    repository.presentMembers(trx, groupId),
    counterpartsOf(trx, [clientId]),
    repository.isInChart(trx, groupId, clientId),
  ])
  return { present, counterparts, inChart }
}

/**
 * Takes the seat, whoever asks: the group is locked, and the caller may bring this client.
 *
 * @param alongside what is sent right after the seat was taken, in the same round trip
 * @throws Problem `invalid-state`, `conflict`, `already-exists`, `resource-busy`
 */
export async function sitDown<Beside>(
  trx: PracticeTransaction,
  group: GroupRow,
  { present, counterparts, inChart }: SeatGround,
  { clientId, agreementSignedOn = null, acceptClashes = false }: NewGroupMember,
  alongside: (memberId: string) => Promise<Beside>,
): Promise<{ member: GroupMember; unreserved: string[]; beside: Beside }> {
  assertTakesMembers(group)
  const sits = (id: string) => present.some(member => member.client_id === id)
  if (counterparts.some(({ otherId, apartInGroups }) => apartInGroups && sits(otherId))) throw keptApart(trx)
  if (group.capacity <= group.taken) throw noSeat()
  const id = uuidv7()
  // Sent in this order, in one round trip.
  const [seat, , coming, found, beside] = await Promise.all([
    repository.takeSeat(trx, { id, groupId: group.id, clientId, agreementSignedOn }),
    inChart ? undefined : changeMembers(trx, group.chart_id, { left: [], joined: [clientId] }),
    lockComing(trx, group.id),
    repository.findMember(trx, group.id, id),
    alongside(id),
  ])
  if (!seat || !found) throw noSeat()
  const elsewhere = counterparts.filter(({ otherId }) => !sits(otherId))
  const unreserved = await takeMemberTime(trx, { clientId, counterparts: elsewhere, coming, acceptClashes })
  record(trx, 'member_joined', group.id, { member_id: id, agreement_signed_on: agreementSignedOn })
  emit(trx, { type: 'group.member-joined', resourceId: group.id, chartId: group.chart_id })
  return { member: toMember(trx, found), unreserved, beside }
}

const noSeat = () => new Problem('conflict', { detail: 'No seat of this group is free.' })

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

/**
 * An agreement that was dated wrongly, of somebody who left too. The history keeps each date.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state` where the chart is closed
 */
export async function correctAgreement(
  trx: PracticeTransaction,
  groupId: string,
  memberId: string,
  version: number,
  { agreementSignedOn }: GroupMemberChange,
): Promise<GroupMember> {
  trx.audit({ fields: ['agreementSignedOn'] })
  const { chart } = await openGroupAlone(trx, groupId)
  const before = atVersion(await repository.findMember(trx, groupId, memberId), version)
  trx.audit({ clientIds: [before.client_id] })
  const changes = { agreement_signed_on: agreementSignedOn }
  const after = await changeAtVersion(trx, 'therapy_group_members', before, changes)
  record(trx, 'agreement_corrected', groupId, { member_id: memberId, ...changes })
  emit(trx, { type: 'group.member-updated', resourceId: groupId, chartId: chart.id })
  return toMember(trx, { ...before, ...after })
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
  version: row.version,
})
