import { setImmediate } from 'node:timers/promises'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { openChart } from '../../charts/index.ts'
import { addendumStatus, mayReadAddendum } from '../addenda.rules.ts'
import { openAddendum, openContent, openDraft } from '../sealing.ts'
import { listChartNotes, type NoteRow } from '../session-notes.repository.ts'
import { documentOf } from '../signed-content.ts'
import { textsIn, type WrittenText } from '../texts.ts'
import { findTexts, type Texts } from './search.repository.ts'
import { type Place, placesIn, type Term, termsOf } from './search.rules.ts'
import type { NoteSearch, NoteSearchPage } from './search.schemas.ts'

const usual = 50

/** Notes that are opened before other requests have their turn. */
const batch = 10

/**
 * Looks for words in the notes of one chart that the caller may read: what is signed, and their own drafts. Texts are
 * opened for it and forgotten; neither they nor the words are kept or written anywhere.
 *
 * @throws Problem `not-found`, `invalid-cursor`, `invalid-request`
 */
export async function searchNotes(
  trx: PracticeTransaction,
  chartId: string,
  { words, limit = usual, cursor }: NoteSearch,
): Promise<NoteSearchPage> {
  trx.audit({ resourceType: 'session-note' })
  const filter = { chartId, words }
  const key = trx.cursorKey(filter, cursor)
  const terms = termsOf(words)
  const chart = await openChart(trx, chartId, { dataClass: 'clinical', permission: 'notes:read' })
  const after = key && ([String(key[0]), String(key[1])] as const)
  const listed = await listChartNotes(trx, chart, { limit, after })
  const rows = listed.slice(0, limit)
  const last = rows.at(-1)
  return {
    data: await found(trx, rows, await findTexts(trx, chart, rows), terms),
    searched: rows.length,
    nextCursor: listed.length > limit && last ? trx.cursorAfter(filter, [last.session_date, last.id]) : null,
  }
}

async function found(
  trx: PracticeTransaction,
  rows: readonly NoteRow[],
  texts: Texts,
  terms: readonly Term[],
): Promise<NoteSearchPage['data']> {
  const hits: NoteSearchPage['data'] = []
  for (const [at, row] of rows.entries()) {
    if (at % batch === batch - 1) await setImmediate()
    const places: Place[] = placesIn(await textsOf(trx, row, texts), terms)
    if (places.length > 0)
      hits.push({ noteId: row.id, sessionDate: row.session_date, status: row.status, places })
  }
  return hits
}

async function textsOf(
  trx: PracticeTransaction,
  row: NoteRow,
  { drafts, contents, addenda }: Texts,
): Promise<WrittenText[]> {
  const draft = drafts.find(({ note_id }) => note_id === row.id)
  if (draft) return textsIn(await openDraft(trx, row, draft.document))
  const content = contents.find(({ note_id }) => note_id === row.id)
  if (!content) return []
  const added = addenda.filter(({ note_id }) => note_id === row.id)
  const addendumTexts = await Promise.all(
    added.map(async addendum => {
      const content = await openAddendum(trx, addendum)
      const { addendumId, reason, text } = content
      const isOwn = trx.scope.actor.staffId === addendum.author_id
      if (!mayReadAddendum(trx.scope.actor, addendumStatus(content, addendum.decision), isOwn)) return []
      return [
        { pointer: `/addenda/${addendumId}/reason`, text: reason },
        { pointer: `/addenda/${addendumId}/text`, text },
      ]
    }),
  )
  return [...textsIn(documentOf(await openContent(trx, content))), ...addendumTexts.flat()]
}
