import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { OpenChart } from '../../charts/index.ts'
import { countedStatuses } from '../counted.ts'
import type { Figure } from './trends.rules.ts'

interface FigureRow {
  note_id: string
  part_id: string
  session_date: string
  part_kind: string
  measure: string
  subject_id: string | null
  value: number
}

export interface FiguresWanted {
  from: string
  to: string
  partKind: string | null
  measure: string | null
  subjectId: string | null
  /** Most notes, the newest ones. */
  notes: number
  /** Most figures of these. */
  figures: number
}

/**
 * The numbers of the newest notes of a range that are signed and stand, in one statement. One note and one figure more
 * than asked for.
 *
 * @returns newest first
 */
export async function listFigures(
  trx: PracticeTransaction,
  chart: OpenChart,
  { from, to, partKind, measure, subjectId, notes, figures }: FiguresWanted,
): Promise<Figure[]> {
  const isWanted = sql<boolean>`(${partKind}::text is null or f.part_kind = ${partKind})
    and (${measure}::text is null or f.measure = ${measure})
    and (${subjectId}::uuid is null or f.subject_id = ${subjectId})`
  const { rows } = await sql<FigureRow>`
    with counted as materialized (
      select n.id, n.revision, n.session_date from session_notes n
      where n.practice_id = ${trx.practiceId} and n.chart_id = ${chart.id}
        and n.status = any(${[...countedStatuses]}::text[])
        and n.session_date between ${from}::date and ${to}::date
        and exists (select from session_note_figures f where f.practice_id = n.practice_id
          and f.note_id = n.id and f.revision = n.revision and ${isWanted})
      order by n.session_date desc, n.id desc
      limit ${notes + 1})
    select f.note_id, f.part_id, c.session_date, f.part_kind, f.measure, f.subject_id, f.value
    from counted c
    join session_note_figures f on f.practice_id = ${trx.practiceId} and f.note_id = c.id and f.revision = c.revision
    where ${isWanted}
    order by c.session_date desc, c.id desc, f.number desc
    limit ${figures + 1}`.execute(trx)
  return rows.map(row => ({
    noteId: row.note_id,
    partId: row.part_id,
    sessionDate: row.session_date,
    partKind: row.part_kind,
    measure: row.measure,
    subjectId: row.subject_id,
    value: row.value,
  }))
}
