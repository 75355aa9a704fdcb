import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { invalidField, Problem, unknownReference } from '../../../lib/problems.ts'
import type { OpenChart } from '../../charts/index.ts'
import { findMeetingFacts, type MeetingFacts } from '../../scheduling/index.ts'
import { dateIn } from '../session-notes.rules.ts'
import type { Membership } from './sessions.repository.ts'
import type { NewGroupSession, NewMember } from './writing.schemas.ts'

// What a record of a group takes from the meeting it documents: when it was and who was there stand there, once.

/** A meeting that took place. */
export interface HeldMeeting extends MeetingFacts {
  actualStartsAt: Date
  actualEndsAt: Date
}

/**
 * The meeting of this group that a record is to document.
 *
 * @throws Problem `unknown-reference` for one of another group, `invalid-state` before its attendance is recorded
 */
export async function requireMeeting(
  trx: PracticeTransaction,
  chart: OpenChart,
  id: string,
): Promise<HeldMeeting> {
  const meeting = await findMeetingFacts(trx, id)
  if (meeting?.chartId !== chart.id) throw unknownReference('/groupMeetingId')
  const { actualStartsAt, actualEndsAt } = meeting
  if (!actualStartsAt || !actualEndsAt)
    throw new Problem('invalid-state', { detail: 'Record the attendance of the meeting first.' })
  return { ...meeting, actualStartsAt, actualEndsAt }
}

export const timesOf = ({ timeZone, actualStartsAt, actualEndsAt }: HeldMeeting) => ({
  sessionDate: dateIn(timeZone, actualStartsAt),
  startedAt: actualStartsAt,
  endedAt: actualEndsAt,
})

/** @throws Problem `invalid-request` for what the meeting says itself */
export function requireNothingOfMeeting(given: {
  sessionDate?: unknown
  startedAt?: unknown
  endedAt?: unknown
  attendance?: unknown
}): void {
  const said = (['sessionDate', 'startedAt', 'endedAt', 'attendance'] as const).find(
    name => given[name] !== undefined,
  )
  if (said) throw invalidField(`/${said}`, 'meeting', 'The meeting says it. Correct it there.')
}

/** A member with their presence, and what their note begins with. */
export type PresentMember = NewMember & { presence: NonNullable<NewMember['presence']> }

/**
 * Who was there, of those who belong to the group's chart; with what is given of their notes.
 *
 * @throws Problem `unknown-reference` for a member who is not in the meeting's attendance, `invalid-request` for a
 *   presence besides that of the meeting
 */
export function membersAt(
  { attendance }: MeetingFacts,
  memberships: readonly Membership[],
  given: readonly NewMember[],
): PresentMember[] {
  const members = attendance.flatMap(({ clientId, presence }) => {
    const membership = memberships.findLast(({ client_id }) => client_id === clientId)
    return membership ? [{ memberId: membership.id, presence }] : []
  })
  for (const [at, { memberId, presence }] of given.entries()) {
    if (presence !== undefined)
      throw invalidField(`/members/${at}/presence`, 'meeting', 'The meeting says it. Correct it there.')
    if (!members.some(member => member.memberId === memberId.toLowerCase()))
      throw unknownReference(`/members/${at}/memberId`)
  }
  return members.map(member => ({
    ...given.find(({ memberId }) => memberId.toLowerCase() === member.memberId),
    ...member,
  }))
}

/** @throws Problem `invalid-request` where nobody is named, or somebody without a presence */
export function requirePresences(members: NewGroupSession['members'] = []): PresentMember[] {
  if (members.length === 0) throw invalidField('/members', 'required', 'Say who of the group was there.')
  return members.map((member, at) => {
    const { presence } = member
    if (presence === undefined)
      throw invalidField(`/members/${at}/presence`, 'required', 'Say whether they were there.')
    return { ...member, presence }
  })
}

/** Ties a record to its meeting. The database lets a meeting have one. @throws Problem `already-exists` */
export async function tieRecord(
  trx: PracticeTransaction,
  groupSessionId: string,
  meetingId: string,
): Promise<void> {
  await trx
    .insertInto('group_session_meetings')
    .values({ practice_id: trx.practiceId, meeting_id: meetingId, group_session_id: groupSessionId })
    .execute()
}

/** Gives the meeting of a record that was entered in error back, to be documented anew. */
export function untieRecord(trx: PracticeTransaction, groupSessionId: string): void {
  trx.later(
    trx
      .deleteFrom('group_session_meetings')
      .where('practice_id', '=', trx.practiceId)
      .where('group_session_id', '=', groupSessionId),
  )
}

/** Ties members' notes to a meeting; those that are tied already stay as they are. */
export function tieNotes(trx: PracticeTransaction, noteIds: readonly string[], meetingId: string): void {
  trx.later(
    sql`
    insert into session_note_meetings (practice_id, note_id, meeting_id)
    select ${trx.practiceId}, n.id, ${meetingId}::uuid from unnest(${[...noteIds]}::uuid[]) as n (id)
    on conflict do nothing`.compile(trx),
  )
}

/** The meeting that a record documents. */
export async function meetingOf(
  trx: PracticeTransaction,
  groupSessionId: string,
): Promise<string | undefined> {
  const row = await trx
    .selectFrom('group_session_meetings')
    .select('meeting_id')
    .where('practice_id', '=', trx.practiceId)
    .where('group_session_id', '=', groupSessionId)
    .executeTakeFirst()
  return row?.meeting_id
}
