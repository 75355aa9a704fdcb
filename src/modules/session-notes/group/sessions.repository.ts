import { type Insertable, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type {
  GroupSessionAttendance,
  GroupSessionErrors,
  GroupSessionSignatures,
  GroupSessions,
} from '../../../lib/database/schema.ts'
import { isChartReached, isOnCareTeam, type OpenChart } from '../../charts/index.ts'
import { finalStatuses, unsignedStatuses } from '../session-notes.rules.ts'
import type { GroupSessionStatus } from './sessions.rules.ts'

export type SessionRow = Selectable<GroupSessions> & { status: GroupSessionStatus; meeting_id: string | null }
export type SignatureRow = Selectable<GroupSessionSignatures>
export type ErrorRow = Selectable<GroupSessionErrors>

/** A group session whose chart's door this actor passed. */
export interface OpenSession {
  chart: OpenChart
  row: SessionRow
}

const heads = (trx: PracticeTransaction, chart: OpenChart) =>
  trx
    .selectFrom('group_sessions as s')
    .leftJoin('group_session_meetings as t', join =>
      join.onRef('t.practice_id', '=', 's.practice_id').onRef('t.group_session_id', '=', 's.id'),
    )
    .selectAll('s')
    .select('t.meeting_id')
    .select(eb => eb.ref('s.status').$castTo<GroupSessionStatus>().as('status'))
    .where('s.practice_id', '=', trx.practiceId)
    .where('s.chart_id', '=', chart.id)

export function findSession(
  trx: PracticeTransaction,
  chart: OpenChart,
  id: string,
): Promise<SessionRow | undefined> {
  return heads(trx, chart).where('s.id', '=', id).executeTakeFirst()
}

/** Without drafts of others. The newest session first, one row more than asked for. */
export function listSessions(
  trx: PracticeTransaction,
  chart: OpenChart,
  { limit, after }: { limit: number; after: readonly [sessionDate: string, id: string] | undefined },
): Promise<SessionRow[]> {
  const { staffId } = trx.scope.actor
  let query = heads(trx, chart).where(eb =>
    staffId === null
      ? eb('s.status', '<>', 'draft')
      : eb.or([eb('s.status', '<>', 'draft'), eb('s.author_id', '=', staffId)]),
  )
  if (after)
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('s.session_date', 's.id'), '<', tuple(after[0], after[1])),
    )
  return query
    .orderBy('s.session_date', 'desc')
    .orderBy('s.id', 'desc')
    .limit(limit + 1)
    .execute()
}

export async function insertSession(
  trx: PracticeTransaction,
  chart: OpenChart,
  values: Omit<Insertable<GroupSessions>, 'practice_id' | 'chart_id'>,
): Promise<SessionRow> {
  const row = await trx
    .insertInto('group_sessions')
    .values({ ...values, practice_id: trx.practiceId, chart_id: chart.id })
    .returningAll()
    .executeTakeFirstOrThrow()
  return { ...row, status: 'draft', meeting_id: null }
}

export function insertContent(
  trx: PracticeTransaction,
  id: string,
  revision: number,
  document_sealed: Buffer,
): void {
  trx.later(
    trx
      .insertInto('group_session_contents')
      .values({ practice_id: trx.practiceId, group_session_id: id, revision, document_sealed }),
  )
}

export async function findContent(trx: PracticeTransaction, { row }: OpenSession): Promise<Buffer> {
  const { document_sealed } = await trx
    .selectFrom('group_session_contents')
    .select('document_sealed')
    .where('practice_id', '=', trx.practiceId)
    .where('group_session_id', '=', row.id)
    .where('revision', '=', row.revision)
    .executeTakeFirstOrThrow()
  return document_sealed
}

/** A membership of the group, present or past, with each of the person's names. */
export interface Membership {
  id: string
  client_id: string
  names: string[]
}

export async function listMemberships(trx: PracticeTransaction, chart: OpenChart): Promise<Membership[]> {
  const { rows } = await sql<Membership>`
    select m.id, m.client_id, ${namesOfPerson} as names
    from chart_members m join clients k on k.practice_id = m.practice_id and k.id = m.client_id
    where m.practice_id = ${trx.practiceId} and m.chart_id = ${chart.id} order by m.joined_at, m.id`.execute(
    trx,
  )
  return rows
}

const namesOfPerson = sql<string[]>`array_remove(
  array[k.legal_given_name, k.preferred_name, k.legal_family_name], null)`

/** Which of these are on the care team of this chart today. */
export async function teamAmong(
  trx: PracticeTransaction,
  chart: OpenChart,
  staffIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (staffIds.length === 0) return new Set()
  const rows = await trx
    .selectFrom('staff_members as s')
    .select('s.id')
    .where('s.practice_id', '=', trx.practiceId)
    .where('s.id', '=', sql<string>`any(${[...staffIds]}::uuid[])`)
    .where(isOnCareTeam(trx, chart, 's.id', { orSupervises: false }))
    .execute()
  return new Set(rows.map(({ id }) => id))
}

export type NewAttendance = Omit<
  Selectable<GroupSessionAttendance>,
  'practice_id' | 'group_session_id' | 'revision'
>

/** Stores who was there by a revision, in one statement. */
export function insertAttendance(
  trx: PracticeTransaction,
  { id, revision }: Pick<SessionRow, 'id' | 'revision'>,
  rows: readonly NewAttendance[],
): void {
  const each = <K extends keyof NewAttendance>(name: K) => rows.map(row => row[name])
  trx.later(
    sql`
    insert into group_session_attendance (practice_id, group_session_id, revision, member_id, client_id, presence,
      minutes, note_id)
    select ${trx.practiceId}, ${id}::uuid, ${revision}::int, a.*
    from unnest(${each('member_id')}::uuid[], ${each('client_id')}::uuid[], ${each('presence')}::text[],
      ${each('minutes')}::int[], ${each('note_id')}::uuid[]) as a`.compile(trx),
  )
}

/** Takes attendance over from one revision to the next, with what was corrected. */
export function carryAttendance(
  trx: PracticeTransaction,
  { row }: OpenSession,
  corrected: readonly { memberId: string; presence: string; minutes?: number }[],
): void {
  trx.later(
    sql`
    insert into group_session_attendance (practice_id, group_session_id, revision, member_id, client_id, presence,
      minutes, note_id)
    select a.practice_id, a.group_session_id, a.revision + 1, a.member_id, a.client_id,
      coalesce(c.presence, a.presence), case when c.member_id is null then a.minutes else c.minutes end, a.note_id
    from group_session_attendance a
    left join unnest(${corrected.map(({ memberId }) => memberId)}::uuid[],
      ${corrected.map(({ presence }) => presence)}::text[],
      ${corrected.map(({ minutes }) => minutes ?? null)}::int[]) as c (member_id, presence, minutes)
      on c.member_id = a.member_id
    where a.practice_id = ${trx.practiceId} and a.group_session_id = ${row.id} and a.revision = ${row.revision}`.compile(
      trx,
    ),
  )
}

export interface AttendanceRow {
  member_id: string
  presence: 'present' | 'late' | 'absent'
  minutes: number | null
  note_id: string | null
}

/** Who was there, with the notes that this actor may see: not by emergency access, which is for one chart. */
export async function listAttendance(
  trx: PracticeTransaction,
  { row }: OpenSession,
): Promise<AttendanceRow[]> {
  const { kind, staffId } = trx.scope.actor
  const isReached = isChartReached(trx, 'n.chart_id', {
    dataClass: 'clinical',
    permission: 'notes:read',
    write: true,
  })
  const isShown =
    kind === 'user'
      ? sql`(n.status <> all(${[...unsignedStatuses]}::text[]) or n.author_id = ${staffId})`
      : sql`n.status = any(${[...finalStatuses]}::text[])`
  const { rows } = await sql<AttendanceRow>`
    select a.member_id, a.presence, a.minutes, case when ${isShown} and ${isReached} then a.note_id end as note_id
    from group_session_attendance a
    left join session_notes n on n.practice_id = a.practice_id and n.id = a.note_id
    where a.practice_id = ${trx.practiceId} and a.group_session_id = ${row.id} and a.revision = ${row.revision}
    order by a.member_id`.execute(trx)
  return rows
}

export function listSignatures(trx: PracticeTransaction, { row }: OpenSession): Promise<SignatureRow[]> {
  return trx
    .selectFrom('group_session_signatures')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('group_session_id', '=', row.id)
    .orderBy('signed_at')
    .orderBy('signer_id')
    .execute()
}

export function insertSignature(
  trx: PracticeTransaction,
  { row }: OpenSession,
  values: Omit<Insertable<GroupSessionSignatures>, 'practice_id' | 'group_session_id'>,
): void {
  trx.later(
    trx
      .insertInto('group_session_signatures')
      .values({ ...values, practice_id: trx.practiceId, group_session_id: row.id }),
  )
}

export function findError(trx: PracticeTransaction, { row }: OpenSession): Promise<ErrorRow | undefined> {
  return trx
    .selectFrom('group_session_errors')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('group_session_id', '=', row.id)
    .executeTakeFirst()
}

export function insertError(
  trx: PracticeTransaction,
  { row }: OpenSession,
  values: { staff_id: string; reason_sealed: Buffer },
): void {
  trx.later(
    trx
      .insertInto('group_session_errors')
      .values({ ...values, practice_id: trx.practiceId, group_session_id: row.id }),
  )
}

/** Which of these group sessions a client of this chart was at. */
export async function sessionsAttended(
  trx: PracticeTransaction,
  chart: OpenChart,
  groupSessionIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`
    select s.id from group_sessions s
    join group_session_attendance a on a.practice_id = s.practice_id and a.group_session_id = s.id
      and a.revision = s.revision and a.presence <> 'absent'
    where s.practice_id = ${trx.practiceId} and s.id = any(${[...groupSessionIds]}::uuid[])
      and s.status <> 'entered_in_error' and a.client_id = any(${[...chart.clientIds]}::uuid[])`.execute(trx)
  return new Set(rows.map(({ id }) => id))
}

/** Names of the others in the groups of these sessions, where the group's chart is open to this actor. */
export async function namesBeside(
  trx: PracticeTransaction,
  chart: OpenChart,
  groupSessionIds: readonly string[],
): Promise<string[]> {
  const isReached = isChartReached(trx, 's.chart_id', {
    dataClass: 'clinical',
    permission: 'notes:write',
    write: true,
  })
  const { rows } = await sql<{ names: string[] }>`
    select ${namesOfPerson} as names
    from group_sessions s
    join chart_members m on m.practice_id = s.practice_id and m.chart_id = s.chart_id
    join clients k on k.practice_id = m.practice_id and k.id = m.client_id
    where s.practice_id = ${trx.practiceId} and s.id = any(${[...groupSessionIds]}::uuid[])
      and m.client_id <> all(${[...chart.clientIds]}::uuid[]) and ${isReached}`.execute(trx)
  return rows.flatMap(({ names }) => names)
}
