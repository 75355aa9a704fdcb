import { type Insertable, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { NoteAmendmentPapers, NoteAmendmentRequests } from '../../../lib/database/schema.ts'
import { isChartWithin } from '../../charts/index.ts'
import type { AmendmentStatus } from './amendments.rules.ts'

export interface RequestRow extends Selectable<NoteAmendmentRequests> {
  status: AmendmentStatus
  addendum_status: AddendumStanding | null
}

/** Whether what a request resulted in holds: one that was returned is awaited anew. */
export type AddendumStanding = 'awaiting_cosignature' | 'effective'
export type PaperRow = Selectable<NoteAmendmentPapers>

const standing = sql<AddendumStanding | null>`case
  when q.addendum_id is null then null
  when exists (select from session_note_addenda_waiting w where w.practice_id = q.practice_id
      and w.addendum_id = q.addendum_id)
    or exists (select from session_note_addendum_reviews r where r.practice_id = q.practice_id
      and r.addendum_id = q.addendum_id and r.decision = 'returned') then 'awaiting_cosignature'
  else 'effective' end`

const requests = (trx: PracticeTransaction) =>
  trx
    .selectFrom('note_amendment_requests as q')
    .selectAll('q')
    .select(eb => eb.ref('q.status').$castTo<AmendmentStatus>().as('status'))
    .select(standing.as('addendum_status'))
    .where('q.practice_id', '=', trx.practiceId)

/** Which note a request is about, to pass its door before anything of the request is used. */
export const findRequest = (trx: PracticeTransaction, id: string): Promise<RequestRow | undefined> =>
  requests(trx).where('q.id', '=', id).executeTakeFirst()

/** Oldest first. */
export const listOfNote = (trx: PracticeTransaction, noteId: string): Promise<RequestRow[]> =>
  requests(trx).where('q.note_id', '=', noteId).orderBy('q.id').execute()

export interface RequestPage {
  limit: number
  status: AmendmentStatus | undefined
  dueBefore: string | undefined
  /** The sort key of the last row before this page: the day it is due and its id. */
  after: readonly [dueOn: string, id: string] | undefined
}

/** Requests about notes of charts the actor may read, what is due first. One row more than asked for. */
export function listRequests(
  trx: PracticeTransaction,
  { limit, status, dueBefore, after }: RequestPage,
): Promise<(RequestRow & { chart_id: string })[]> {
  let query = requests(trx)
    .innerJoin('session_notes as n', join =>
      join.onRef('n.practice_id', '=', 'q.practice_id').onRef('n.id', '=', 'q.note_id'),
    )
    .select('n.chart_id')
    .where(isChartWithin(trx, 'n.chart_id', { dataClass: 'clinical', permission: 'notes:read' }))
  if (status) query = query.where('q.status', '=', status)
  if (dueBefore) query = query.where('q.due_on', '<', dueBefore)
  if (after) {
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('q.due_on', 'q.id'), '>', tuple(after[0], after[1])),
    )
  }
  return query
    .orderBy('q.due_on')
    .orderBy('q.id')
    .limit(limit + 1)
    .execute()
}

export async function insertRequest(
  trx: PracticeTransaction,
  values: Omit<Insertable<NoteAmendmentRequests>, 'practice_id'>,
): Promise<RequestRow> {
  const row = await trx
    .insertInto('note_amendment_requests')
    .values({ ...values, practice_id: trx.practiceId })
    .returningAll()
    .executeTakeFirstOrThrow()
  return { ...row, status: 'received', addendum_status: null }
}

/** Puts an addendum in the place of one that was returned. False when somebody did so first. */
export async function replaceAddendum(
  trx: PracticeTransaction,
  { id, addendum_id }: RequestRow,
  addendumId: string,
): Promise<boolean> {
  const replaced = await trx
    .updateTable('note_amendment_requests')
    .set(eb => ({ addendum_id: addendumId, version: eb('version', '+', 1), updated_at: sql<Date>`now()` }))
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .where('addendum_id', '=', addendum_id)
    .returning('id')
    .executeTakeFirst()
  return replaced !== undefined
}

/** What was said about these requests, in the order in which it came. */
export function listPapers(trx: PracticeTransaction, requestIds: readonly string[]): Promise<PaperRow[]> {
  return trx
    .selectFrom('note_amendment_papers')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('request_id', '=', sql<string>`any(${requestIds}::uuid[])`)
    .orderBy('id')
    .execute()
}

export async function insertPaper(
  trx: PracticeTransaction,
  values: Omit<Insertable<NoteAmendmentPapers>, 'practice_id'>,
): Promise<void> {
  await trx
    .insertInto('note_amendment_papers')
    .values({ ...values, practice_id: trx.practiceId })
    .execute()
}
