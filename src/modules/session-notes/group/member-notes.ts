import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { DraftContent } from '../note-document.ts'
import { kindsOf } from '../parts/parts.rules.ts'
import { sealDraft } from '../sealing.ts'
import type { SessionTimes } from '../session-notes.rules.ts'
import { type MemberNote, memberTemplate } from './members.rules.ts'

/** Begins the notes of all members as their author's drafts, in two statements, however many. */
export async function insertNotes(
  trx: PracticeTransaction,
  notes: readonly { note: MemberNote; document: DraftContent }[],
  head: SessionTimes & { authorId: string; timeZone: string },
): Promise<void> {
  if (notes.length === 0) return
  const ids = notes.map(({ note }) => note.noteId)
  const chartIds = notes.map(({ note }) => note.chart.id)
  const documents = await Promise.all(
    notes.map(({ note, document }) => sealDraft(trx, note.noteId, 1, document)),
  )
  const kinds = kindsOf(notes.flatMap(({ document }) => document.parts))
  const insertHeads = sql`
    insert into session_notes (practice_id, id, chart_id, author_id, template_key, template_version, session_date,
      started_at, ended_at, time_zone, part_kinds)
    select ${trx.practiceId}, n.id, n.chart_id, ${head.authorId}, ${memberTemplate.key}, ${memberTemplate.version}::int,
      ${head.sessionDate}::date, ${head.startedAt}::timestamptz, ${head.endedAt}::timestamptz, ${head.timeZone},
      ${kinds}::text[]
    from unnest(${ids}::uuid[], ${chartIds}::uuid[]) as n (id, chart_id)`
  const insertDrafts = sql`
    insert into session_note_drafts (practice_id, note_id, version, document)
    select ${trx.practiceId}, d.note_id, 1, d.document
    from unnest(${ids}::uuid[], ${documents}::bytea[]) as d (note_id, document)`
  for (const query of [insertHeads, insertDrafts]) trx.later(query.compile(trx))
}
