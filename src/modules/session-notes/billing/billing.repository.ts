import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { isChartWithin, type OpenChart } from '../../charts/index.ts'
import { finalStatuses, type NoteStatus } from '../session-notes.rules.ts'
import type { SignedContentV2 } from '../signed-content.ts'
import type { FactsStatus } from './billing.rules.ts'
import type { FactsDocument } from './facts.ts'

/** Facts of the current revision of a final note, with the last decision about them. */
export interface FactsRow {
  note_id: string
  revision: number
  chart_id: string
  session_date: string
  document_sealed: Buffer
  created_at: Date
  note_status: NoteStatus
  /** How many decisions there were. */
  number: number
  decision_sealed: Buffer | null
  decided_by: string | null
  decided_at: Date | null
}

/** What was decided about a code. */
export interface DecisionDocument {
  format: 1
  code: string | null
  addOns: { code: string; units: number }[]
  modifiers: string[]
  placeOfService: string | null
  reason: string | null
}

const factsPlace = (noteId: string, revision: number) => ({
  table: 'note_billing_facts',
  column: 'document_sealed',
  rowId: noteId,
  rowVersion: revision,
})

const decisionPlace = ({ note_id, revision }: Pick<FactsRow, 'note_id' | 'revision'>, number: number) => ({
  table: 'note_billing_decisions',
  column: 'document_sealed',
  rowId: `${note_id}|${revision}`,
  rowVersion: number,
})

export async function insertFacts(
  trx: PracticeTransaction,
  chart: OpenChart,
  { noteId, revision, sessionDate }: SignedContentV2,
  facts: FactsDocument,
): Promise<void> {
  const document_sealed = await trx.seal(factsPlace(noteId, revision), JSON.stringify(facts))
  trx.later(
    trx.insertInto('note_billing_facts').values({
      practice_id: trx.practiceId,
      note_id: noteId,
      revision,
      chart_id: chart.id,
      session_date: sessionDate,
      document_sealed,
    }),
  )
}

/** Facts count once no co-signature is missing from the note, and those of its current revision only. */
const facts = (trx: PracticeTransaction) =>
  trx
    .selectFrom('note_billing_facts as f')
    .innerJoin('session_notes as n', join =>
      join
        .onRef('n.practice_id', '=', 'f.practice_id')
        .onRef('n.id', '=', 'f.note_id')
        .onRef('n.revision', '=', 'f.revision'),
    )
    .leftJoinLateral(
      eb =>
        eb
          .selectFrom('note_billing_decisions as last')
          .select(['last.number', 'last.document_sealed', 'last.decided_by', 'last.decided_at'])
          .where('last.practice_id', '=', trx.practiceId)
          .whereRef('last.note_id', '=', 'f.note_id')
          .whereRef('last.revision', '=', 'f.revision')
          .orderBy('last.number', 'desc')
          .limit(1)
          .as('d'),
      join => join.onTrue(),
    )
    .select(['f.note_id', 'f.revision', 'f.chart_id', 'f.session_date', 'f.document_sealed', 'f.created_at'])
    .select(eb => [
      eb.ref('n.status').$castTo<NoteStatus>().as('note_status'),
      eb.fn.coalesce('d.number', sql<number>`0`).as('number'),
      'd.document_sealed as decision_sealed',
      'd.decided_by',
      'd.decided_at',
    ])
    .where('f.practice_id', '=', trx.practiceId)
    .where('n.status', '=', sql<string>`any(${[...finalStatuses]}::text[])`)

/** Which chart the facts of a note are of, to pass that chart's door before anything of them is used. */
export const findFacts = (trx: PracticeTransaction, noteId: string): Promise<FactsRow | undefined> =>
  facts(trx).where('f.note_id', '=', noteId).executeTakeFirst()

const decided = sql<boolean>`d.number is not null`
const undecided = sql<boolean>`d.number is null`

export interface FactsFilter {
  status?: FactsStatus | undefined
  from?: string | undefined
  to?: string | undefined
}

/** Facts of charts whose billing data the actor may read, the newest session first. One row more than asked for. */
export function listFacts(
  trx: PracticeTransaction,
  { status, from, to }: FactsFilter,
  { limit, after }: { limit: number; after: readonly [string, string] | undefined },
): Promise<FactsRow[]> {
  let query = facts(trx).where(
    isChartWithin(trx, 'f.chart_id', { dataClass: 'billing', permission: 'billing-facts:read' }),
  )
  if (from) query = query.where('f.session_date', '>=', from)
  if (to) query = query.where('f.session_date', '<=', to)
  if (status === 'withdrawn') query = query.where('n.status', '=', 'entered_in_error')
  if (status === 'final') query = query.where('n.status', '=', 'locked').where(decided)
  if (status === 'confirmed')
    query = query.where('n.status', '=', sql<string>`any('{signed,cosigned}'::text[])`).where(decided)
  if (status === 'suggested')
    query = query
      .where('n.status', '=', sql<string>`any('{signed,cosigned,locked}'::text[])`)
      .where(undecided)
  if (after) {
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('f.session_date', 'f.note_id'), '<', tuple(after[0], after[1])),
    )
  }
  return query
    .orderBy('f.session_date', 'desc')
    .orderBy('f.note_id', 'desc')
    .limit(limit + 1)
    .execute()
}

/** Keeps the next decision; its number decides between two at once. */
export async function insertDecision(
  trx: PracticeTransaction,
  row: FactsRow,
  decision: DecisionDocument,
  staffId: string,
): Promise<void> {
  const number = row.number + 1
  await trx
    .insertInto('note_billing_decisions')
    .values({
      practice_id: trx.practiceId,
      note_id: row.note_id,
      revision: row.revision,
      number,
      document_sealed: await trx.seal(decisionPlace(row, number), JSON.stringify(decision)),
      decided_by: staffId,
    })
    .execute()
}

export async function openFacts(trx: PracticeTransaction, row: FactsRow): Promise<FactsDocument> {
  const opened = await trx.open(factsPlace(row.note_id, row.revision), row.document_sealed)
  return JSON.parse(opened.toString()) as FactsDocument
}

export async function openDecision(
  trx: PracticeTransaction,
  row: FactsRow,
): Promise<DecisionDocument | undefined> {
  if (!row.decision_sealed) return undefined
  const opened = await trx.open(decisionPlace(row, row.number), row.decision_sealed)
  return JSON.parse(opened.toString()) as DecisionDocument
}
