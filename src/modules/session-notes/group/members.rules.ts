import { v7 as uuidv7 } from 'uuid'
import { invalidField, unknownReference } from '../../../lib/problems.ts'
import type { OpenChart } from '../../charts/index.ts'
import type { NoteHeader } from '../header.schemas.ts'
import type { DraftContent } from '../note-document.ts'
import { groupMember } from '../parts/group-member.ts'
import { newPart } from '../parts/parts.rules.ts'
import type { PresentMember } from './meetings.ts'
import type { Membership } from './sessions.repository.ts'
import type { ProcessRecord } from './sessions.rules.ts'

/** Notes of members have no headings: all that is said of the session stands in their part. */
export const memberTemplate = { key: groupMember.kind, version: groupMember.version } as const

/** Somebody of the group, and what is recorded of them. */
export interface Attendee {
  given: PresentMember
  clientId: string
}

/**
 * @throws Problem `unknown-reference` for a membership of another chart, `invalid-request` for a person named twice and
 *   for a note of somebody who was absent
 */
export function attendeesOf(members: readonly PresentMember[], known: readonly Membership[]): Attendee[] {
  const attendees = members.map((given, at) => {
    const membership = known.find(({ id }) => id === given.memberId.toLowerCase())
    if (!membership) throw unknownReference(`/members/${at}/memberId`)
    if (given.presence === 'absent' && given.note)
      throw invalidField(`/members/${at}/note`, 'absent', 'Who was absent gets no note of the session.')
    return { given: { ...given, memberId: membership.id }, clientId: membership.client_id }
  })
  if (new Set(attendees.map(({ clientId }) => clientId)).size < attendees.length)
    throw invalidField('/members', 'unique', 'Each person is recorded once.')
  return attendees
}

/** A note to begin in somebody's own chart. */
export interface MemberNote extends Attendee {
  noteId: string
  chart: OpenChart
}

/** A note for each who was there and whose chart is among those the writer may write in. */
export const notesFor = (attendees: readonly Attendee[], charts: readonly OpenChart[]): MemberNote[] =>
  attendees.flatMap(attendee => {
    const chart = charts.find(({ clientIds }) => clientIds.includes(attendee.clientId))
    if (!chart || attendee.given.presence === 'absent') return []
    return [{ ...attendee, chart, noteId: uuidv7() }]
  })

/**
 * What a member's note begins as. What was done with all of them is carried from the record, until it is edited.
 *
 * @throws Problem `invalid-request`
 */
export function documentFor(
  { given, clientId, chart }: MemberNote,
  groupSessionId: string,
  { interventions }: ProcessRecord,
): DraftContent {
  const { header: own = {}, content = {} } = given.note ?? {}
  const { presence, minutes } = given
  const header: NoteHeader = {
    interventions,
    ...own,
    attendance: [{ clientId, presence, ...(minutes === undefined ? {} : { minutes }) }],
  }
  const part = { id: uuidv7(), kind: groupMember.kind, content: { ...content, groupSessionId } }
  return {
    format: 2,
    headings: [],
    header,
    sections: {},
    parts: [newPart(part, chart.kind)],
    carried: own.interventions ? [] : ['/header/interventions'],
  }
}
