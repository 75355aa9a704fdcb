import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { type DomainEvent, emitAll } from '../../../lib/events.ts'

interface NoteOfFacts {
  id: string
  chartId: string
  revision: number
}

/** What became of facts with their note: who bills hears of it, and reads no note. */
export const factsEvent = (
  step: 'recorded' | 'finalized' | 'withdrawn',
  { id, chartId }: Pick<NoteOfFacts, 'id' | 'chartId'>,
): DomainEvent => ({ type: `note-billing-facts.${step}`, resourceId: id, chartId })

/** Locked notes: what was confirmed of them is final. Of those that nobody confirmed nothing is, yet. */
export async function tellFinalFacts(trx: PracticeTransaction, notes: readonly NoteOfFacts[]): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select n.id from unnest(${notes.map(({ id }) => id)}::uuid[], ${notes.map(({ revision }) => revision)}::int[])
      as n (id, revision)
    where exists (select from note_billing_decisions d
      where d.practice_id = ${trx.practiceId} and d.note_id = n.id and d.revision = n.revision)`.execute(trx)
  const decided = new Set(rows.map(({ id }) => id))
  emitAll(
    trx,
    notes.filter(({ id }) => decided.has(id)).map(note => factsEvent('finalized', note)),
  )
}
