import { type Insertable, type RawBuilder, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { PsychotherapyNoteAdditions, PsychotherapyNotes } from '../../lib/database/schema.ts'
import { Problem } from '../../lib/problems.ts'
import { isChartWithin, isCurrent } from '../charts/index.ts'
import type { NoteKind, NoteStatus } from './notes.rules.ts'

// The database shows these rows to their author and to whoever opened them in this transaction, and to nobody else.

type Head = Omit<Selectable<PsychotherapyNotes>, 'kind' | 'status'> & { kind: NoteKind; status: NoteStatus }

/** A note's head. `version` and `updated_at` are the draft's while there is one. */
export interface NoteRow extends Head {
  /** Whether its author is on the chart's care team today. */
  author_on_team: boolean
  /** Whether a live authorization names the actor. */
  granted: boolean
}

export interface NoteWithDraft extends NoteRow {
  /** The sealed draft; null once the note is completed. */
  draft: Buffer | null
  client_ids: string[]
}

export type AdditionRow = Selectable<PsychotherapyNoteAdditions>

/**
 * Opens to this transaction what its actor may read besides their own: as the supervisor who trains the author, or by a
 * live authorization. Send it before the query that reads, without waiting for it.
 */
const opened = (trx: PracticeTransaction) => sql`select app.open_psychotherapy_notes()`.execute(trx)

const isAuthorOnTeam = (trx: PracticeTransaction): RawBuilder<boolean> =>
  sql<boolean>`exists (select from care_team_members t where t.practice_id = n.practice_id
    and t.chart_id = n.chart_id and t.staff_id = n.author_id and ${isCurrent(trx)})`

const isGranted = sql<boolean>`app.holds_psychotherapy_grant(n.author_id, n.chart_id, n.kind)`

const heads = (trx: PracticeTransaction) =>
  trx
    .selectFrom('psychotherapy_notes as n')
    .leftJoin('psychotherapy_note_drafts as d', join =>
      join.onRef('d.practice_id', '=', 'n.practice_id').onRef('d.note_id', '=', 'n.id'),
    )
    .selectAll('n')
    .select(eb => [
      eb.ref('n.kind').$castTo<NoteKind>().as('kind'),
      eb.ref('n.status').$castTo<NoteStatus>().as('status'),
      eb.fn.coalesce('d.version', 'n.version').as('version'),
      eb.fn.coalesce('d.updated_at', 'n.updated_at').as('updated_at'),
      isAuthorOnTeam(trx).as('author_on_team'),
      isGranted.as('granted'),
    ])
    .where('n.practice_id', '=', trx.practiceId)

/** A note this actor may read as its author, as who trains them, or by an authorization; undefined for everybody else. */
export async function findNote(trx: PracticeTransaction, id: string): Promise<NoteWithDraft | undefined> {
  const members = sql<string[]>`array(select m.client_id from chart_members m
    where m.practice_id = n.practice_id and m.chart_id = n.chart_id and m.left_at is null)`
  const [, row] = await Promise.all([
    opened(trx),
    heads(trx)
      .select(['d.text_sealed as draft', members.as('client_ids')])
      .where('n.id', '=', id)
      .executeTakeFirst(),
  ])
  return row
}

export interface NoteFilter {
  chartId: string | undefined
  kind: NoteKind | undefined
  status: NoteStatus | undefined
}

/** Notes this actor may read, the newest first. One row more than asked for. */
export async function listNotes(
  trx: PracticeTransaction,
  { chartId, kind, status }: NoteFilter,
  { limit, after }: { limit: number; after: string | undefined },
): Promise<NoteRow[]> {
  const { staffId } = trx.scope.actor
  const inCare = isChartWithin(trx, 'n.chart_id', {
    dataClass: 'psychotherapy',
    permission: 'psychotherapy:read',
  })
  let query = heads(trx).where(
    sql<boolean>`(n.author_id = ${staffId} and ${inCare}
      or n.author_id <> ${staffId} and (${isGranted} or ${isAuthorOnTeam(trx)}))`,
  )
  if (chartId) query = query.where('n.chart_id', '=', chartId)
  if (kind) query = query.where('n.kind', '=', kind)
  if (status) query = query.where('n.status', '=', status)
  if (after) query = query.where('n.id', '<', after)
  const page = query.orderBy('n.id', 'desc').limit(limit + 1)
  const [, rows] = await Promise.all([opened(trx), page.execute()])
  return rows
}

export async function insertNote(
  trx: PracticeTransaction,
  values: Omit<Insertable<PsychotherapyNotes>, 'practice_id' | 'kind'> & { kind: NoteKind },
): Promise<Head> {
  const row = await trx
    .insertInto('psychotherapy_notes')
    .values({ ...values, practice_id: trx.practiceId })
    .returningAll()
    .executeTakeFirstOrThrow()
  return { ...row, kind: values.kind, status: 'draft' }
}

/** What every row of a note says of it: the database compares it with the note's own. */
export const belongingTo = ({ id, author_user_id, author_id, chart_id, kind }: Head) => ({
  note_id: id,
  author_user_id,
  author_id,
  chart_id,
  kind,
})

/** Stores the draft of a note that has none. */
export function insertDraft(trx: PracticeTransaction, note: Head, version: number, sealed: Buffer): void {
  const values = { ...belongingTo(note), practice_id: trx.practiceId, version, text_sealed: sealed }
  trx.later(trx.insertInto('psychotherapy_note_drafts').values(values))
}

/** Stores the next text of a draft that still has this version. Answers when. @throws Problem `stale-version` */
export async function saveDraft(
  trx: PracticeTransaction,
  note: Head,
  version: number,
  sealed: Buffer,
): Promise<Date> {
  const saved = await trx
    .updateTable('psychotherapy_note_drafts')
    .set({ text_sealed: sealed, version: version + 1, updated_at: sql<Date>`now()` })
    .where('practice_id', '=', trx.practiceId)
    .where('note_id', '=', note.id)
    .where('version', '=', version)
    .returning('updated_at')
    .executeTakeFirst()
  if (!saved) throw new Problem('stale-version')
  return saved.updated_at
}

/**
 * Takes the draft away to complete the note, if it still has this version. Its lock decides between two who complete it
 * and between that and an autosave: whoever comes second finds nothing. Answers the instant.
 *
 * @throws Problem `stale-version`
 */
export async function takeDraft(trx: PracticeTransaction, note: Head, version: number): Promise<Date> {
  const taken = await trx
    .deleteFrom('psychotherapy_note_drafts')
    .where('practice_id', '=', trx.practiceId)
    .where('note_id', '=', note.id)
    .where('version', '=', version)
    .returning(sql<Date>`now()`.as('at'))
    .executeTakeFirst()
  if (!taken) throw new Problem('stale-version')
  return taken.at
}

/** Changes the head of a note whose draft this transaction holds. */
export function updateHead(
  trx: PracticeTransaction,
  note: Head,
  changes: Partial<Pick<Head, 'conversation_on' | 'status' | 'revision' | 'completed_at' | 'version'>>,
): void {
  trx.later(
    trx
      .updateTable('psychotherapy_notes')
      .set({ ...changes, updated_at: sql<Date>`now()` })
      .where('practice_id', '=', trx.practiceId)
      .where('id', '=', note.id),
  )
}

/** Moves on a completed note that still has this version. Answers when. @throws Problem `stale-version` */
export async function moveOn(
  trx: PracticeTransaction,
  note: Head,
  version: number,
  status: NoteStatus,
): Promise<Date> {
  const moved = await trx
    .updateTable('psychotherapy_notes')
    .set({ status, version: version + 1, updated_at: sql<Date>`now()` })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', note.id)
    .where('version', '=', version)
    .where('status', '=', 'completed')
    .returning('updated_at')
    .executeTakeFirst()
  if (!moved) throw new Problem('stale-version')
  return moved.updated_at
}

/** Counts an addendum as a change of a note that is still completed. Undefined when it is not. */
export async function touch(trx: PracticeTransaction, note: Head): Promise<Date | undefined> {
  const touched = await trx
    .updateTable('psychotherapy_notes')
    .set(eb => ({ version: eb('version', '+', 1), updated_at: sql<Date>`now()` }))
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', note.id)
    .where('status', '=', 'completed')
    .returning('updated_at')
    .executeTakeFirst()
  return touched?.updated_at
}

/** Keeps a text that was completed. */
export function insertText(
  trx: PracticeTransaction,
  note: Head,
  { revision, completedAt, sealed }: { revision: number; completedAt: Date; sealed: Buffer },
): void {
  const values = {
    ...belongingTo(note),
    practice_id: trx.practiceId,
    revision,
    text_sealed: sealed,
    completed_at: completedAt,
  }
  trx.later(trx.insertInto('psychotherapy_note_texts').values(values))
}

/** One of a note's completed texts, still sealed. */
export const findText = (trx: PracticeTransaction, noteId: string, revision: number) =>
  trx
    .selectFrom('psychotherapy_note_texts')
    .select(['text_sealed', 'completed_at'])
    .where('practice_id', '=', trx.practiceId)
    .where('note_id', '=', noteId)
    .where('revision', '=', revision)
    .executeTakeFirst()

/** Addenda and the mark "entered in error", oldest first. */
export const listAdditions = (trx: PracticeTransaction, noteId: string): Promise<AdditionRow[]> =>
  trx
    .selectFrom('psychotherapy_note_additions')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('note_id', '=', noteId)
    .orderBy('id')
    .execute()

export function insertAddition(
  trx: PracticeTransaction,
  note: Head,
  values: { id: string; addition: 'addendum' | 'entered_in_error'; text_sealed: Buffer; added_at: Date },
): void {
  const row = { ...belongingTo(note), practice_id: trx.practiceId, ...values }
  trx.later(trx.insertInto('psychotherapy_note_additions').values(row))
}
