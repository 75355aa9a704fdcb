import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { FieldError } from '../../../lib/problems.ts'
import type { OpenChart } from '../../charts/index.ts'
import { findMeetingFacts, type MeetingFacts } from '../../scheduling/index.ts'
import type { NoteDocument } from '../note-document.ts'
import { groupMember } from '../parts/group-member.ts'
import type { NotePart } from '../parts/parts.schemas.ts'
import { textsIn } from '../texts.ts'
import { meetingOf, tieNotes } from './meetings.ts'
import * as repository from './sessions.repository.ts'
import { namesIn } from './sessions.rules.ts'

const sessionOf = ({ content }: NotePart): string | undefined =>
  typeof content.groupSessionId === 'string' ? content.groupSessionId.toLowerCase() : undefined

const memberParts = (parts: readonly NotePart[]) => parts.filter(({ kind }) => kind === groupMember.kind)

const sessionsIn = (parts: readonly NotePart[]) => memberParts(parts).flatMap(part => sessionOf(part) ?? [])

/** Group sessions that parts name, and whether a client of this chart was at them. */
export async function tiesOfGroup(
  trx: PracticeTransaction,
  chart: OpenChart,
  parts: readonly NotePart[],
): Promise<(readonly [pointer: string, isKnown: boolean])[]> {
  const ids = sessionsIn(parts)
  if (ids.length === 0) return []
  const attended = await repository.sessionsAttended(trx, chart, ids)
  return memberParts(parts).flatMap(part => {
    const named = sessionOf(part)
    return named === undefined
      ? []
      : [[`/parts/${part.id}/content/groupSessionId`, attended.has(named)] as const]
  })
}

/**
 * Ties a note to the meeting that the group session it names documents, where there is one.
 *
 * @returns the meeting
 */
export async function tieToMeeting(
  trx: PracticeTransaction,
  noteId: string,
  parts: readonly NotePart[],
): Promise<MeetingFacts | undefined> {
  const [named] = sessionsIn(parts)
  const meetingId = named && (await meetingOf(trx, named))
  if (!meetingId) return undefined
  tieNotes(trx, [noteId], meetingId)
  return findMeetingFacts(trx, meetingId)
}

/**
 * Texts of a member's note that name somebody else of the group. Only a writer who may open the group's chart, and knows
 * its members, is warned: to anybody else a warning would tell who is in it.
 */
export async function groupWarnings(
  trx: PracticeTransaction,
  chart: OpenChart,
  document: NoteDocument,
): Promise<FieldError[]> {
  const ids = sessionsIn(document.parts)
  if (ids.length === 0) return []
  const names = await repository.namesBeside(trx, chart, ids)
  return namesIn(textsIn(document), names, {
    code: 'names_another_member',
    detail: 'A word here is the name of somebody else in the group.',
  })
}
