import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { type Reservation, type Resource, refuse, reservationsOf, reserveMany } from '../reservations.ts'
import type { Counterpart } from '../separation/counterparts.ts'
import { keptApart, type Visit, visitsThatMeet } from '../separation/keep-apart.ts'
import type { MeetingColumns } from './meetings.repository.ts'

/** What a meeting needs to know of itself to take time. */
export type Timed = Pick<
  MeetingColumns,
  | 'id'
  | 'facilitator_ids'
  | 'location_id'
  | 'room_id'
  | 'starts_at'
  | 'ends_at'
  | 'buffer_before_minutes'
  | 'buffer_after_minutes'
>

export const holderOf = ({ id }: Pick<Timed, 'id'>) => ({ kind: 'group_session' as const, id })
const periodOf = ({ starts_at, ends_at }: Timed) => ({ startsAt: starts_at, endsAt: ends_at })
const clientOf = (id: string): Resource => ({ kind: 'client', id })

/** Facilitators and room with buffers, members without. */
export function rowsOf(meeting: Timed, clientIds: readonly string[]): Reservation[] {
  const wanted: Resource[] = [
    ...meeting.facilitator_ids.map(id => ({ kind: 'clinician' as const, id })),
    ...(meeting.room_id ? [{ kind: 'room' as const, id: meeting.room_id }] : []),
    ...clientIds.map(clientOf),
  ]
  const buffers = {
    beforeMinutes: meeting.buffer_before_minutes,
    afterMinutes: meeting.buffer_after_minutes,
  }
  return reservationsOf(holderOf(meeting), wanted, periodOf(meeting), { buffers })
}

/** What is about to be taken for meetings, and who of the people is kept apart from whom. */
export interface Wish {
  meetings: readonly Timed[]
  clientIds: readonly string[]
  counterparts: readonly Counterpart[]
  acceptClashes: boolean
}

/**
 * Takes facilitators, room and members of meetings, in place of what these had.
 *
 * @throws Problem `resource-busy`; for members only where clashes of theirs are not accepted
 */
export async function takeMeetingTime(trx: PracticeTransaction, wish: Wish): Promise<void> {
  const holders = wish.meetings.map(holderOf)
  // One visit for each meeting and member: others come all the same.
  const visits = wish.meetings.flatMap(meeting => wish.clientIds.map(clientId => visitOf(meeting, clientId)))
  const rows = wish.meetings.flatMap(meeting => rowsOf(meeting, wish.clientIds))
  const meet = await visitsThatMeet(trx, wish.counterparts, visits, { wanted: rows, holders })
  if (meet.size > 0 && !wish.acceptClashes) throw keptApart(trx)
  const left = new Set([...meet].map(place => keyOf(visits[place])))
  const taken = rows.filter(row => row.kind !== 'client' || !left.has(`${row.holder.id} ${row.id}`))
  const clashing = await reserveMany(trx, taken, { insteadOf: holders })
  if (!wish.acceptClashes || clashing.some(({ kind }) => kind !== 'client')) await refuse(trx, clashing)
}

/**
 * Takes a new member's time at coming meetings.
 *
 * @returns meetings for which it could not be taken, where that is accepted
 * @throws Problem `resource-busy`
 */
export async function takeMemberTime(
  trx: PracticeTransaction,
  {
    clientId,
    counterparts,
    coming,
    acceptClashes,
  }: {
    clientId: string
    counterparts: readonly Counterpart[]
    coming: readonly Timed[]
    acceptClashes: boolean
  },
): Promise<string[]> {
  const rows = coming.flatMap(meeting =>
    reservationsOf(holderOf(meeting), [clientOf(clientId)], periodOf(meeting)),
  )
  const visits = coming.map(meeting => visitOf(meeting, clientId))
  const meet = await visitsThatMeet(trx, counterparts, visits, { wanted: rows, holders: [] })
  if (meet.size > 0 && !acceptClashes) throw keptApart(trx)
  const left = new Set([...meet].map(place => coming[place]?.id))
  const clashing = await reserveMany(
    trx,
    rows.filter(row => !left.has(row.holder.id)),
  )
  if (!acceptClashes) await refuse(trx, clashing)
  for (const { holder } of clashing) left.add(holder.id)
  return coming.map(({ id }) => id).filter(id => left.has(id))
}

type MemberVisit = Visit & { meetingId: string }

const visitOf = (meeting: Timed, clientId: string): MemberVisit => ({
  meetingId: meeting.id,
  clientIds: [clientId],
  locationId: meeting.location_id,
  period: periodOf(meeting),
})

const keyOf = (visit: MemberVisit | undefined) => `${visit?.meetingId} ${visit?.clientIds[0]}`
