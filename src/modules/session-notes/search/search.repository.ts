import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { OpenChart } from '../../charts/index.ts'
import type { NoteRow } from '../session-notes.repository.ts'
import { isUnsigned } from '../session-notes.rules.ts'
import type { AddendumRow, ContentRow } from '../signed-notes.repository.ts'

export interface Texts {
  /** Each of the note's version. */
  drafts: { note_id: string; document: Buffer }[]
  contents: ContentRow[]
  /** Each with what a supervisor decided about it. */
  addenda: (AddendumRow & { decision: string | null })[]
}

/** The sealed texts of notes that were listed for this actor, in three statements sent together. */
export async function findTexts(
  trx: PracticeTransaction,
  chart: OpenChart,
  listed: readonly NoteRow[],
): Promise<Texts> {
  const ofChart = listed.filter(row => row.chart_id === chart.id)
  const unsigned = ofChart.filter(({ status }) => isUnsigned(status)).map(({ id }) => id)
  const signed = ofChart.filter(({ status }) => !isUnsigned(status)).map(({ id }) => id)
  const [drafts, contents, addenda] = await Promise.all([
    sql<Texts['drafts'][number]>`
      select d.note_id, d.document from session_note_drafts d
      where d.practice_id = ${trx.practiceId} and d.note_id = any(${unsigned}::uuid[])`.execute(trx),
    sql<ContentRow>`
      select c.* from session_notes n
      join session_note_contents c on c.practice_id = n.practice_id and c.note_id = n.id and c.revision = n.revision
      where n.practice_id = ${trx.practiceId} and n.id = any(${signed}::uuid[])`.execute(trx),
    sql<Texts['addenda'][number]>`
      select a.*, r.decision from session_note_addenda a
      left join session_note_addendum_reviews r on r.practice_id = a.practice_id and r.addendum_id = a.id
      where a.practice_id = ${trx.practiceId} and a.note_id = any(${signed}::uuid[]) order by a.id`.execute(
      trx,
    ),
  ])
  return { drafts: drafts.rows, contents: contents.rows, addenda: addenda.rows }
}
