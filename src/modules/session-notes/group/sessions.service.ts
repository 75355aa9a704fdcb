import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emitAll } from '../../../lib/events.ts'
import { limits } from '../../../lib/limits.ts'
import { type Page, toPage } from '../../../lib/pages.ts'
import { invalidField, notFound, Problem, unknownReference } from '../../../lib/problems.ts'
import { changeAtVersion } from '../../../lib/versions.ts'
import { type OpenChart, openIndividualOf } from '../../charts/index.ts'
import { findPractice } from '../../practice/index.ts'
import { knownObjectivesIn } from '../../treatment-plans/index.ts'
import { goOn } from '../carry-forward.ts'
import { requireReasons, sessionTimes } from '../session-notes.rules.ts'
import { canonicalText, type WarningReason } from '../signed-content.ts'
import { actingStaff } from '../signing.service.ts'
import { unlistedAmong } from '../ties.ts'
import {
  type HeldMeeting,
  membersAt,
  requireMeeting,
  requireNothingOfMeeting,
  requirePresences,
  tieNotes,
  tieRecord,
  timesOf,
} from './meetings.ts'
import { insertNotes } from './member-notes.ts'
import { type Attendee, attendeesOf, documentFor, type MemberNote, notesFor } from './members.rules.ts'
import { sealedDocument } from './sealed-places.ts'
import { clinical, openForStep, openGroup, openSession, type SessionPath } from './sessions.door.ts'
import * as repository from './sessions.repository.ts'
import {
  type GroupSessionContent,
  headCountOf,
  namesIn,
  type ProcessRecord,
  textsOfRecord,
} from './sessions.rules.ts'
import type { GroupSession, GroupSessionQuery, GroupSessionSummary } from './sessions.schemas.ts'
import { openContent, said, toAttendance, toSession, toSummary } from './sessions.view.ts'
import type { GroupSessionChange, GroupSessionStarted, NewGroupSession } from './writing.schemas.ts'

/** @throws Problem `not-found` */
export async function getSession(trx: PracticeTransaction, path: SessionPath): Promise<GroupSession> {
  return toSession(trx, await openSession(trx, path, 'read'))
}

/** The newest session first. @throws Problem `not-found`, `invalid-cursor` */
export async function listSessions(
  trx: PracticeTransaction,
  chartId: string,
  { cursor, limit = limits.page.default }: GroupSessionQuery,
): Promise<Page<GroupSessionSummary>> {
  const key = trx.cursorKey({ chartId }, cursor)
  const chart = await openGroup(trx, chartId, 'read')
  const after = key && ([String(key[0]), String(key[1])] as const)
  const rows = await repository.listSessions(trx, chart, { limit, after })
  return toPage(rows, limit, toSummary, row => trx.cursorAfter({ chartId }, [row.session_date, row.id]))
}

/**
 * Records a session of a group: its process, who was there, and a draft in the own chart of each who was and whose
 * chart the writer may write in. The same statements however many they are.
 *
 * @throws Problem `not-found`, `unknown-reference`, `already-exists` for a meeting that has a record,
 *   `invalid-state` for texts with names and no reason, `invalid-request`
 */
export async function startSession(
  trx: PracticeTransaction,
  chartId: string,
  input: NewGroupSession,
): Promise<GroupSessionStarted> {
  const chart = await openGroup(trx, chartId, 'write')
  const authorId = actingStaff(trx)
  const [{ meeting, timeZone, times }, memberships] = await Promise.all([
    frameOf(trx, chart, input),
    repository.listMemberships(trx, chart),
  ])
  const facilitatorIds = await facilitatorsFor(trx, chart, authorId, input.facilitatorIds, meeting)
  const { record, carried } = recordFrom(input.record, meeting)
  const overrides = reasonsFor(record, memberships, input.overrides)
  const members = meeting
    ? membersAt(meeting, memberships, input.members ?? [])
    : requirePresences(input.members)
  const attendees = attendeesOf(members, memberships)
  const present = attendees.filter(({ given }) => given.presence !== 'absent')
  const charts = await openIndividualOf(
    trx,
    present.map(({ clientId }) => clientId),
    clinical('write'),
  )
  const notes = notesFor(present, charts)
  await requireNamed(trx, notes, attendees)
  const id = uuidv7()
  const drafts = await Promise.all(
    notes.map(async note => {
      const document = documentFor(note, id, record)
      return { note, document: input.carryForward ? await goOn(trx, note.chart, document) : document }
    }),
  )
  trx.audit({ resourceId: id, fields: Object.keys(input) })
  const inserted = await repository.insertSession(trx, chart, {
    id,
    author_id: authorId,
    session_date: times.sessionDate,
    started_at: times.startedAt,
    ended_at: times.endedAt,
    time_zone: timeZone,
    head_count: headCountOf(members),
  })
  const row = { ...inserted, meeting_id: meeting?.id ?? null }
  if (meeting) await tieRecord(trx, id, meeting.id)
  const content = contentOf(row, { facilitatorIds, record, carried, overrides })
  await addContent(trx, content)
  await insertNotes(trx, drafts, { ...times, authorId, timeZone })
  if (meeting && notes.length > 0)
    tieNotes(
      trx,
      notes.map(({ noteId }) => noteId),
      meeting.id,
    )
  const attendance = attendanceOf(attendees, notes)
  repository.insertAttendance(trx, row, attendance)
  emitAll(trx, [
    { type: 'group-session.created', resourceId: id, resourceVersion: 1, chartId },
    ...notes.map(note => ({
      type: 'session-note.created' as const,
      resourceId: note.noteId,
      resourceVersion: 1,
      chartId: note.chart.id,
    })),
  ])
  const withNote = new Set(notes.map(({ given }) => given.memberId))
  return {
    session: {
      ...toSummary(row),
      ...said(content),
      attendance: attendance.map(toAttendance),
      signatures: [],
      enteredInError: null,
    },
    notes: notes.map(({ given, noteId }) => ({ memberId: given.memberId, noteId, version: 1 })),
    notPermitted: present.map(({ given }) => given.memberId).filter(memberId => !withNote.has(memberId)),
  }
}

/** When it was: by the meeting, or as it is given. */
async function frameOf(trx: PracticeTransaction, chart: OpenChart, input: NewGroupSession) {
  if (input.groupMeetingId !== undefined) {
    const meeting = await requireMeeting(trx, chart, input.groupMeetingId)
    requireNothingOfMeeting(input)
    return { meeting, timeZone: meeting.timeZone, times: timesOf(meeting) }
  }
  const practice = await findPractice(trx)
  if (!practice) throw notFound()
  return {
    meeting: undefined,
    timeZone: practice.time_zone,
    times: sessionTimes(input, practice.time_zone, {}),
  }
}

/** Who led it with the author: as given, or those of the meeting who are on the group's care team. */
async function facilitatorsFor(
  trx: PracticeTransaction,
  chart: OpenChart,
  authorId: string,
  given: readonly string[] | undefined,
  meeting: HeldMeeting | undefined,
): Promise<string[]> {
  if (given || !meeting) {
    const facilitatorIds = inOneCase(given ?? [])
    await requireFacilitators(trx, chart, authorId, facilitatorIds)
    return facilitatorIds
  }
  const others = meeting.facilitatorIds.filter(id => id !== authorId)
  const team = await repository.teamAmong(trx, chart, others)
  return others.filter(id => team.has(id))
}

/** @throws Problem `invalid-request` without a theme, where the meeting has none either */
function recordFrom({ theme, ...record }: NewGroupSession['record'], meeting: HeldMeeting | undefined) {
  if (theme !== undefined) return { record: { theme, ...record }, carried: [] }
  if (!meeting?.topic) throw invalidField('/record/theme', 'required', 'Say what the session was about.')
  return { record: { theme: meeting.topic, ...record }, carried: ['/record/theme'] }
}

/** As the database writes them. */
const inOneCase = (ids: readonly string[]) => [...new Set(ids.map(id => id.toLowerCase()))]

/** @throws Problem `unknown-reference` for who is not on the group's care team, `invalid-request` for the author */
async function requireFacilitators(
  trx: PracticeTransaction,
  chart: OpenChart,
  authorId: string,
  facilitatorIds: readonly string[],
): Promise<void> {
  const team = await repository.teamAmong(trx, chart, facilitatorIds)
  for (const [at, id] of facilitatorIds.entries()) {
    if (id === authorId)
      throw invalidField(`/facilitatorIds/${at}`, 'author', 'Who writes the record is not named again.')
    if (!team.has(id)) throw unknownReference(`/facilitatorIds/${at}`)
  }
}

/** @throws Problem `unknown-reference` for an objective of no plan of the member's own chart, or an unlisted code */
async function requireNamed(
  trx: PracticeTransaction,
  notes: readonly MemberNote[],
  attendees: readonly Attendee[],
): Promise<void> {
  const headerOf = (clientId: string) =>
    `/members/${attendees.findIndex(one => one.clientId === clientId)}/note/header`
  const named = notes.flatMap(({ given, clientId, chart }) =>
    (given.note?.header?.objectives ?? []).map((objective, at) => ({
      ...objective,
      chart,
      pointer: `${headerOf(clientId)}/objectives/${at}`,
    })),
  )
  const coded = notes.flatMap(({ given, clientId }) =>
    (given.note?.header?.diagnoses ?? []).map((diagnosis, at) => ({
      ...diagnosis,
      pointer: `${headerOf(clientId)}/diagnoses/${at}/code`,
    })),
  )
  const errors = await unlistedAmong(trx, coded)
  if (errors.length > 0) throw new Problem('unknown-reference', { errors })
  const known = await knownObjectivesIn(trx, named)
  const unknown = named.find((_objective, at) => !known.has(at))
  if (unknown) throw unknownReference(unknown.pointer)
}

/** @throws Problem `invalid-state` for names in the record that no reason is given for, `invalid-request` */
function reasonsFor(
  record: ProcessRecord,
  memberships: readonly repository.Membership[],
  given: readonly WarningReason[] = [],
): WarningReason[] {
  const names = memberships.flatMap(({ names }) => names)
  const warnings = namesIn(textsOfRecord(record), names, {
    code: 'names_a_member',
    detail: 'A word here is the name of somebody in the group, and this record names nobody.',
  })
  return requireReasons(warnings, given)
}

/** What a revision says, from the head as it stands. */
function contentOf(
  row: repository.SessionRow,
  written: Pick<GroupSessionContent, 'facilitatorIds' | 'record' | 'carried' | 'overrides'>,
): GroupSessionContent {
  const { id, groupMeetingId, ...head } = toSummary(row)
  const { chartId, authorId, sessionDate, startedAt, endedAt, timeZone, headCount, revision } = head
  return {
    format: 1,
    groupSessionId: id,
    revision,
    chartId,
    authorId,
    sessionDate,
    startedAt,
    endedAt,
    timeZone,
    headCount,
    ...(groupMeetingId === null ? {} : { groupMeetingId }),
    ...written,
  }
}

async function addContent(trx: PracticeTransaction, content: GroupSessionContent): Promise<void> {
  const { groupSessionId, revision } = content
  const sealed = await trx.seal(sealedDocument(groupSessionId, revision), canonicalText(content))
  repository.insertContent(trx, groupSessionId, revision, sealed)
}

const attendanceOf = (
  attendees: readonly Attendee[],
  notes: readonly MemberNote[],
): (repository.NewAttendance & repository.AttendanceRow)[] =>
  attendees.map(({ given, clientId }) => ({
    member_id: given.memberId,
    client_id: clientId,
    presence: given.presence,
    minutes: given.minutes ?? null,
    note_id: notes.find(note => note.clientId === clientId)?.noteId ?? null,
  }))

/**
 * Corrects a record before it is signed: what it said stays as the revision before.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`, `unknown-reference`, `invalid-request`
 */
export async function correctSession(
  trx: PracticeTransaction,
  path: SessionPath,
  version: number,
  change: GroupSessionChange,
): Promise<GroupSession> {
  const { record, overrides: given, ...times } = change
  const facilitatorIds = change.facilitatorIds && inOneCase(change.facilitatorIds)
  const session = await openForStep(trx, path, version, 'correct')
  const { chart, row } = session
  if (row.meeting_id) requireNothingOfMeeting(change)
  const meeting = row.meeting_id === null ? undefined : await requireMeeting(trx, chart, row.meeting_id)
  const [before, memberships, attendance] = await Promise.all([
    openContent(trx, session),
    repository.listMemberships(trx, chart),
    repository.listAttendance(trx, session),
    requireFacilitators(trx, chart, row.author_id, facilitatorIds ?? []),
  ])
  const written = {
    facilitatorIds: facilitatorIds ?? before.facilitatorIds,
    record: record ?? before.record,
    carried: record && record.theme !== before.record.theme ? [] : (before.carried ?? []),
    overrides: reasonsFor(record ?? before.record, memberships, given ?? (record ? [] : before.overrides)),
  }
  const known = { sessionDate: row.session_date, startedAt: row.started_at, endedAt: row.ended_at }
  const { sessionDate, startedAt, endedAt } = meeting
    ? timesOf(meeting)
    : sessionTimes(times, row.time_zone, known)
  const present = meeting && attendeesOf(membersAt(meeting, memberships, []), memberships)
  const corrected = present ? changedPresences(attendance, present) : inOneCaseEach(change.attendance ?? [])
  const added = attendanceOf((present ?? []).filter(isNew(attendance)), [])
  const after = [...correctedAttendance(attendance, corrected), ...added]
  const next = await changeAtVersion(trx, 'group_sessions', row, {
    session_date: sessionDate,
    started_at: startedAt,
    ended_at: endedAt,
    head_count: headCountOf(after),
    revision: row.revision + 1,
  })
  const now = { chart, row: { ...row, ...next, status: row.status } }
  const content = contentOf(now.row, written)
  await addContent(trx, content)
  repository.carryAttendance(trx, session, corrected)
  if (added.length > 0) repository.insertAttendance(trx, now.row, added)
  trx.audit({ fields: Object.keys(change) })
  return {
    ...toSummary(now.row),
    ...said(content),
    attendance: after.map(toAttendance),
    signatures: [],
    enteredInError: null,
  }
}

const inOneCaseEach = (changes: NonNullable<GroupSessionChange['attendance']>) =>
  changes.map(one => ({ ...one, memberId: one.memberId.toLowerCase() }))

const isNew =
  (recorded: readonly repository.AttendanceRow[]) =>
  ({ given }: Attendee) =>
    recorded.every(({ member_id }) => member_id !== given.memberId)

/** Where the meeting says otherwise by now than what was recorded. Minutes stay as they are: the meeting has none. */
export const changedPresences = (
  recorded: readonly repository.AttendanceRow[],
  present: readonly Attendee[],
): NonNullable<GroupSessionChange['attendance']> =>
  recorded.flatMap(({ member_id, presence, minutes }) => {
    const now = present.find(({ given }) => given.memberId === member_id)
    if (!now || now.given.presence === presence) return []
    return [{ memberId: member_id, presence: now.given.presence, ...(minutes === null ? {} : { minutes }) }]
  })

/** @throws Problem `unknown-reference` for who was not recorded, `invalid-request` for a person named twice */
function correctedAttendance(
  recorded: readonly repository.AttendanceRow[],
  corrected: NonNullable<GroupSessionChange['attendance']>,
): repository.AttendanceRow[] {
  const unknown = corrected.findIndex(({ memberId }) =>
    recorded.every(({ member_id }) => member_id !== memberId),
  )
  if (unknown >= 0) throw unknownReference(`/attendance/${unknown}/memberId`)
  if (new Set(corrected.map(({ memberId }) => memberId)).size < corrected.length)
    throw invalidField('/attendance', 'unique', 'Each person is recorded once.')
  return recorded.map(row => {
    const now = corrected.find(({ memberId }) => memberId === row.member_id)
    return now ? { ...row, presence: now.presence, minutes: now.minutes ?? null } : row
  })
}
