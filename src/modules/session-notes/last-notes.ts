import { sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { OpenChart } from '../charts/index.ts'
import type { NoteDocument } from './note-document.ts'
import { openContent } from './sealing.ts'
import { documentOf } from './signed-content.ts'

/** What the actor's next note in a chart goes on from. */
interface LastNotes {
  /** Their last signed note under the same template, or their last one at all. */
  last: NoteDocument | undefined
  /** The last one with a part of a kind, by that kind. */
  ofKind: ReadonlyMap<string, NoteDocument>
}

interface LastRow {
  purpose: string
  note_id: string
  revision: number
  document: Buffer
}

/** Found in one statement however many kinds are asked for; each note is opened once. */
export async function lastOwnNotes(
  trx: PracticeTransaction,
  chart: OpenChart,
  templateKey: string,
  kinds: readonly string[],
): Promise<LastNotes> {
  const rows = await findLast(trx, chart, templateKey, kinds)
  const opened = new Map<string, Promise<NoteDocument>>()
  for (const row of rows)
    if (!opened.has(row.note_id)) opened.set(row.note_id, openContent(trx, row).then(documentOf))
  const documents = await Promise.all(
    rows.map(async ({ purpose, note_id }) => [purpose, await opened.get(note_id)] as const),
  )
  const byPurpose = new Map(documents.flatMap(([purpose, one]) => (one ? [[purpose, one] as const] : [])))
  return { last: byPurpose.get('template') ?? byPurpose.get('any'), ofKind: byKind(byPurpose) }
}

const prefix = 'kind:'

const byKind = (byPurpose: ReadonlyMap<string, NoteDocument>) =>
  new Map(
    [...byPurpose]
      .filter(([purpose]) => purpose.startsWith(prefix))
      .map(([purpose, document]) => [purpose.slice(prefix.length), document]),
  )

async function findLast(
  trx: PracticeTransaction,
  chart: OpenChart,
  templateKey: string,
  kinds: readonly string[],
): Promise<LastRow[]> {
  const wanted = [
    { purpose: 'template', template: templateKey, kind: null },
    { purpose: 'any', template: null, kind: null },
    ...kinds.map(kind => ({ purpose: `${prefix}${kind}`, template: null, kind })),
  ]
  const { rows } = await sql<LastRow>`
    select w.purpose, c.note_id, c.revision, c.document
    from unnest(${wanted.map(({ purpose }) => purpose)}::text[], ${wanted.map(({ template }) => template)}::text[],
      ${wanted.map(({ kind }) => kind)}::text[]) as w (purpose, template, kind)
    cross join lateral (
      select n.id, n.revision from session_notes n
      where n.practice_id = ${trx.practiceId} and n.chart_id = ${chart.id}
        and n.author_id = ${trx.scope.actor.staffId} and n.status in ('signed', 'pending_cosign', 'cosigned', 'locked')
        and (w.template is null or n.template_key = w.template) and (w.kind is null or w.kind = any(n.part_kinds))
      order by n.session_date desc, n.id desc limit 1) as n
    join session_note_contents c on c.practice_id = ${trx.practiceId} and c.note_id = n.id and c.revision = n.revision`.execute(
    trx,
  )
  return rows
}
