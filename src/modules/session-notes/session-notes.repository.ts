import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { SessionNotes } from '../../lib/database/schema.ts'
import { Problem } from '../../lib/problems.ts'
import { isChartWithin, type OpenChart } from '../charts/index.ts'
import { superviseeIds } from '../practice/index.ts'
import { finalStatuses, type NoteStatus, unsignedStatuses } from './session-notes.rules.ts'
import type { ChartNotesQuery } from './session-notes.schemas.ts'

type NoteHead = Selectable<SessionNotes>

/** A note's head. `version` and `updated_at` are the draft's while there is one. */
export interface NoteRow extends NoteHead {
  status: NoteStatus
}

export interface NoteWithDraft extends NoteRow {
  /** The sealed draft; null once the note is signed. */
  draft: Buffer | null
  /** The blocks of an intensive that it documents, sorted. */
  block_ids: string[]
}

const heads = (trx: PracticeTransaction) =>
  trx
    .selectFrom('session_notes as n')
    .leftJoin('session_note_drafts as d', join =>
      join.onRef('d.practice_id', '=', 'n.practice_id').onRef('d.note_id', '=', 'n.id'),
    )
    .selectAll('n')
    .select(eb => [
      eb.ref('n.status').$castTo<NoteStatus>().as('status'),
      eb.fn.coalesce('d.version', 'n.version').as('version'),
      eb.fn.coalesce('d.updated_at', 'n.updated_at').as('updated_at'),
    ])
    .where('n.practice_id', '=', trx.practiceId)

/** A note whose chart's door this actor passed. What reads or writes its text asks for one, not for an id. */
export interface OpenNote {
  chart: OpenChart
  row: NoteWithDraft
}

/** Which chart a note is in, to pass that chart's door before anything of the note is used. */
export function findNote(trx: PracticeTransaction, id: string): Promise<NoteWithDraft | undefined> {
  return heads(trx)
    .select('d.document as draft')
    .select(
      sql<string[]>`array(select t.block_id from session_note_blocks t
        where t.practice_id = n.practice_id and t.note_id = n.id order by t.block_id)`.as('block_ids'),
    )
    .where('n.id', '=', id)
    .executeTakeFirst()
}

export interface NotePage {
  limit: number
  /** The sort key of the last row before this page: session date and id. */
  after: readonly [sessionDate: string, id: string] | undefined
}

export type NoteFilter = Omit<ChartNotesQuery, 'cursor' | 'limit'>

const unsigned = sql<boolean>`n.status = any(${[...unsignedStatuses]}::text[])`

/** The notes of a chart that this actor may see, the newest session first. One row more than asked for. */
export function listChartNotes(
  trx: PracticeTransaction,
  chart: OpenChart,
  { status, authorId, partKind, planId, objectiveKey, ...page }: NotePage & NoteFilter,
): Promise<NoteRow[]> {
  const { kind, staffId } = trx.scope.actor
  let query = heads(trx).where('n.chart_id', '=', chart.id)
  if (status) query = query.where('n.status', '=', status)
  if (authorId) query = query.where('n.author_id', '=', authorId)
  if (partKind) query = query.where(sql<boolean>`${partKind} = any(n.part_kinds)`)
  if (planId) query = query.where('n.id', 'in', workedOn(trx, planId, objectiveKey))
  query =
    kind === 'user'
      ? query.where(eb => eb.or([eb.not(unsigned), eb('n.author_id', '=', staffId)]))
      : query.where('n.status', '=', eb => eb.fn.any(eb.val([...finalStatuses])))
  return pageOf(query, page)
}

/** Notes whose present revision says that it worked on a plan, or on one objective of it. */
function workedOn(trx: PracticeTransaction, planId: string, objectiveKey: string | undefined) {
  const query = trx
    .selectFrom('session_note_objectives as o')
    .select('o.note_id')
    .where('o.practice_id', '=', trx.practiceId)
    .where('o.plan_id', '=', planId)
    .whereRef('o.revision', '=', 'n.revision' as never)
  return objectiveKey ? query.where('o.objective_key', '=', objectiveKey) : query
}

/** Which of the actor's own notes: all, those to sign, or those to sign whose session ended so many hours ago. */
export type OwnNotes = 'all' | 'unsigned' | { unsignedForHours: number }

/** The actor's own notes, in charts still open to them. One row more than asked for. */
export function listOwnNotes(
  trx: PracticeTransaction,
  staffId: string,
  { which, ...page }: NotePage & { which: OwnNotes },
): Promise<NoteRow[]> {
  let query = heads(trx)
    .where('n.author_id', '=', staffId)
    .where(isChartWithin(trx, 'n.chart_id', { dataClass: 'clinical', permission: 'notes:read' }))
  if (which !== 'all') query = query.where(unsigned)
  if (typeof which === 'object') {
    const ended = sql<Date>`coalesce(n.ended_at, (n.session_date + 1)::timestamp at time zone n.time_zone)`
    query = query.where(
      sql<boolean>`${ended} < now() - make_interval(hours => ${which.unsignedForHours}::int)`,
    )
  }
  return pageOf(query, page)
}

/** Notes of the actor's supervisees that wait for a co-signature, or have an addendum of theirs that does. One row more than asked for. */
export function listAwaitingCosign(
  trx: PracticeTransaction,
  staffId: string,
  page: NotePage,
): Promise<NoteRow[]> {
  const query = heads(trx)
    .where(eb =>
      eb.or([
        eb.and([eb('n.author_id', 'in', superviseeIds(trx, staffId)), eb('n.status', '=', 'pending_cosign')]),
        eb('n.id', 'in', withWaitingAddendum(trx, staffId)),
      ]),
    )
    .where(isChartWithin(trx, 'n.chart_id', { dataClass: 'clinical', permission: 'notes:cosign' }))
  return pageOf(query, page)
}

const withWaitingAddendum = (trx: PracticeTransaction, supervisorId: string) =>
  trx
    .selectFrom('session_note_addenda_waiting as w')
    .select('w.note_id')
    .where('w.practice_id', '=', trx.practiceId)
    .where('w.author_id', 'in', superviseeIds(trx, supervisorId))

function pageOf(query: ReturnType<typeof heads>, { limit, after }: NotePage): Promise<NoteRow[]> {
  const rest = after
    ? query.where(({ eb, refTuple, tuple }) =>
        eb(refTuple('n.session_date', 'n.id'), '<', tuple(after[0], after[1])),
      )
    : query
  return rest
    .orderBy('n.session_date', 'desc')
    .orderBy('n.id', 'desc')
    .limit(limit + 1)
    .execute()
}

export type NewHead = Omit<Insertable<SessionNotes>, 'practice_id' | 'chart_id'>

/** The head of a note that starts in this chart. */
export async function insertNote(
  trx: PracticeTransaction,
  chart: OpenChart,
  values: NewHead,
): Promise<NoteRow> {
  const row = await trx
    .insertInto('session_notes')
    .values({ ...values, practice_id: trx.practiceId, chart_id: chart.id })
    .returningAll()
    .executeTakeFirstOrThrow()
  return { ...row, status: 'draft' }
}

/** Stores the draft of a note that has none. */
export function insertDraft(
  trx: PracticeTransaction,
  noteId: string,
  version: number,
  document: Buffer,
): void {
  trx.later(
    trx
      .insertInto('session_note_drafts')
      .values({ practice_id: trx.practiceId, note_id: noteId, version, document }),
  )
}

/** Stores the next text of a draft that still has this version. Answers when. @throws Problem `stale-version` */
export async function saveDraft(
  trx: PracticeTransaction,
  { row }: OpenNote,
  version: number,
  document: Buffer,
): Promise<Date> {
  const saved = await trx
    .updateTable('session_note_drafts')
    .set({ document, version: version + 1, updated_at: sql<Date>`now()` })
    .where('practice_id', '=', trx.practiceId)
    .where('note_id', '=', row.id)
    .where('version', '=', version)
    .returning('updated_at')
    .executeTakeFirst()
  if (!saved) throw new Problem('stale-version')
  return saved.updated_at
}

/**
 * Takes the draft away to sign it, if it still has this version. Its lock decides between two signatures
 * and between a signature and an autosave: whoever comes second finds nothing. Answers the instant.
 *
 * @throws Problem `stale-version`
 */
export async function takeDraft(trx: PracticeTransaction, { row }: OpenNote, version: number): Promise<Date> {
  const taken = await trx
    .deleteFrom('session_note_drafts')
    .where('practice_id', '=', trx.practiceId)
    .where('note_id', '=', row.id)
    .where('version', '=', version)
    .returning(sql<Date>`now()`.as('at'))
    .executeTakeFirst()
  if (!taken) throw new Problem('stale-version')
  return taken.at
}

/** Changes the head of a note whose draft this transaction changed: its lock covers the head. */
export function updateHead(
  trx: PracticeTransaction,
  { row }: OpenNote,
  changes: Updateable<SessionNotes>,
): void {
  trx.later(
    trx
      .updateTable('session_notes')
      .set(changes)
      .where('practice_id', '=', trx.practiceId)
      .where('id', '=', row.id),
  )
}

/** Moves on a signed note that still has this version. Answers the instant. @throws Problem `stale-version` */
export async function moveOn(
  trx: PracticeTransaction,
  { row }: OpenNote,
  version: number,
  status: NoteStatus,
): Promise<Date> {
  const moved = await trx
    .updateTable('session_notes')
    .set({ status, version: version + 1, updated_at: sql<Date>`now()` })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', row.id)
    .where('version', '=', version)
    .where('status', '<>', eb => eb.fn('all', [eb.val([...unsignedStatuses])]))
    .returning('updated_at')
    .executeTakeFirst()
  if (!moved) throw new Problem('stale-version')
  return moved.updated_at
}

/** Adds one to the version of a note that still has this status. Undefined when it has not. */
export function touch(
  trx: PracticeTransaction,
  { row }: OpenNote,
): Promise<{ version: number; updated_at: Date } | undefined> {
  return trx
    .updateTable('session_notes')
    .set(eb => ({ version: eb('version', '+', 1), updated_at: sql<Date>`now()` }))
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', row.id)
    .where('status', '=', row.status)
    .returning(['version', 'updated_at'])
    .executeTakeFirst()
}
