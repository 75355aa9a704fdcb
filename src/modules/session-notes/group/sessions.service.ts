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
import { requireReasons, sessionTimes } from '../session-notes.rules.ts'
import { canonicalText, type WarningReason } from '../signed-content.ts'
import { actingStaff } from '../signing.service.ts'
import { unlistedAmong } from '../ties.ts'
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
import type {
  GroupSession,
  GroupSessionChange,
  GroupSessionQuery,
  GroupSessionStarted,
  GroupSessionSummary,
  NewGroupSession,
} from './sessions.schemas.ts'
import { openContent, said, toAttendance, toSession, toSummary } from './sessions.view.ts'

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
 * @throws Problem `not-found`, `unknown-reference`,
 *   `invalid-state` for texts with names and no reason, `invalid-request`
 */
export async function startSession(
  trx: PracticeTransaction,
  chartId: string,
  input: NewGroupSession,
): Promise<GroupSessionStarted> {
  const chart = await openGroup(trx, chartId, 'write')
  const authorId = actingStaff(trx)
  const { record } = input
  const facilitatorIds = inOneCase(input.facilitatorIds ?? [])
  const [practice, memberships] = await Promise.all([
    findPractice(trx),
    repository.listMemberships(trx, chart),
    requireFacilitators(trx, chart, authorId, facilitatorIds),
  ])
  if (!practice) throw notFound()
  const { time_zone: timeZone } = practice
  const times = sessionTimes(input, timeZone, {})
  const overrides = reasonsFor(record, memberships, input.overrides)
  const attendees = attendeesOf(input.members, memberships)
  const present = attendees.filter(({ given }) => given.presence !== 'absent')
  const charts = await openIndividualOf(
    trx,
    present.map(({ clientId }) => clientId),
    clinical('write'),
  )
  const notes = notesFor(present, charts)
  await requireNamed(trx, notes, attendees)
  const id = uuidv7()
  const drafts = notes.map(note => ({ note, document: documentFor(note, id, record) }))
  trx.audit({ resourceId: id, fields: Object.keys(input) })
  const row = await repository.insertSession(trx, chart, {
    id,
    author_id: authorId,
    session_date: times.sessionDate,
    started_at: times.startedAt,
    ended_at: times.endedAt,
    time_zone: timeZone,
    head_count: headCountOf(input.members),
  })
  const content = contentOf(row, { facilitatorIds, record, overrides })
  await addContent(trx, content)
  await insertNotes(trx, drafts, { ...times, authorId, timeZone })
  const attendance = attendanceOf(attendees, notes)
  repository.insertAttendance(trx, id, attendance)
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
  written: Pick<GroupSessionContent, 'facilitatorIds' | 'record' | 'overrides'>,
): GroupSessionContent {
  const { id, chartId, authorId, sessionDate, startedAt, endedAt, timeZone, headCount, revision } =
    toSummary(row)
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
  const corrected = (change.attendance ?? []).map(one => ({ ...one, memberId: one.memberId.toLowerCase() }))
  const session = await openForStep(trx, path, version, 'correct')
  const { chart, row } = session
  const [before, memberships, attendance] = await Promise.all([
    openContent(trx, session),
    repository.listMemberships(trx, chart),
    repository.listAttendance(trx, session),
    requireFacilitators(trx, chart, row.author_id, facilitatorIds ?? []),
  ])
  const written = {
    facilitatorIds: facilitatorIds ?? before.facilitatorIds,
    record: record ?? before.record,
    overrides: reasonsFor(record ?? before.record, memberships, given ?? (record ? [] : before.overrides)),
  }
  const known = { sessionDate: row.session_date, startedAt: row.started_at, endedAt: row.ended_at }
  const { sessionDate, startedAt, endedAt } = sessionTimes(times, row.time_zone, known)
  const after = correctedAttendance(attendance, corrected)
  const next = await changeAtVersion(trx, 'group_sessions', row, {
    session_date: sessionDate,
    started_at: startedAt,
    ended_at: endedAt,
    head_count: headCountOf(after),
    revision: row.revision + 1,
  })
  const now = { chart, row: { ...next, status: row.status } }
  const content = contentOf(now.row, written)
  await addContent(trx, content)
  repository.carryAttendance(trx, session, corrected)
  trx.audit({ fields: Object.keys(change) })
  return {
    ...toSummary(now.row),
    ...said(content),
    attendance: after.map(toAttendance),
    signatures: [],
    enteredInError: null,
  }
}

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
