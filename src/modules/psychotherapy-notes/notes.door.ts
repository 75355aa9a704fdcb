import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { notFound } from '../../lib/problems.ts'
import { knockInVain, openChart } from '../charts/index.ts'
import * as repository from './notes.repository.ts'

/**
 * The door to one note. Its author passes through the chart, as with any other note of theirs. To others the database
 * shows the row only where they train the author, or a live authorization names them for it; the first holds while the
 * author is on the chart's care team. Emergency access, roles and scopes open nothing here.
 *
 * @param need only its author ever changes a note
 * @throws Problem `not-found`; `invalid-state` to write in a closed chart
 */
export async function openNote(
  trx: PracticeTransaction,
  noteId: string,
  need: 'read' | 'write',
): Promise<repository.NoteWithDraft> {
  trx.audit({ resourceType: 'psychotherapy-note', resourceId: noteId })
  const row = await repository.findNote(trx, noteId)
  if (!row) return knockInVain(trx)
  if (row.author_id === trx.scope.actor.staffId) {
    const permission = need === 'write' ? 'psychotherapy:write' : 'psychotherapy:read'
    await openChart(trx, row.chart_id, {
      dataClass: 'psychotherapy',
      permission,
      ...(need === 'write' ? { write: true } : {}),
    })
  } else {
    if (need === 'write' || !(row.granted || row.author_on_team)) throw notFound()
    const fields = [row.granted ? 'byAuthorization' : 'forTraining']
    trx.audit({ chartId: row.chart_id, clientIds: row.client_ids, fields })
  }
  trx.passDoor({ door: 'psychotherapy-note', id: noteId, need: 'read' })
  return row
}
