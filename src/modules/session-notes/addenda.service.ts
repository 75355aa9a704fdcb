import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { invalidField, notFound, Problem } from '../../lib/problems.ts'
import { requireOpen } from '../charts/index.ts'
import { credentialTextOf, isSupervisorOf } from '../practice/index.ts'
import * as repository from './addenda.repository.ts'
import { addendumOf } from './addenda.view.ts'
import { openAddendum, places, sealOf } from './sealing.ts'
import * as notes from './session-notes.repository.ts'
import { openNote } from './session-notes.service.ts'
import { actingStaff } from './signing.service.ts'
import type { AddendumDecision, NoteAddendum } from './steps.schemas.ts'

/**
 * Co-signs an addendum as its author's supervisor, or returns it with remarks. Once: who wrote one that was returned
 * writes another.
 *
 * @throws Problem `not-found`, also for a supervisor of somebody else; `invalid-state`, `conflict`, `invalid-request`
 */
export async function reviewAddendum(
  trx: PracticeTransaction,
  { noteId, addendumId }: { noteId: string; addendumId: string },
  { decision, remarks }: AddendumDecision,
): Promise<NoteAddendum> {
  const note = await openNote(trx, noteId, 'notes:cosign', { evenClosed: true })
  const row = await repository.findAddendum(trx, note, addendumId)
  if (!row || !(await isSupervisorOf(trx, row.author_id))) throw notFound()
  if (!row.amends) requireOpen(note.chart)
  if ((decision === 'returned') === (remarks === undefined))
    throw invalidField('/remarks', 'remarks', 'A return needs remarks, and a co-signature has none.')
  const content = await openAddendum(trx, row)
  const id = row.id
  const reviewerId = actingStaff(trx)
  const [waited, credentials] = await Promise.all([
    repository.takeWaiting(trx, id),
    credentialTextOf(trx, reviewerId),
  ])
  if (!waited)
    throw new Problem('invalid-state', { detail: 'This addendum does not wait for a co-signature.' })
  const touched = await notes.touch(trx, note)
  if (!touched) throw new Problem('conflict')
  const { version, updated_at: decidedAt } = touched
  const contentHash = row.content_hash.toString('hex')
  const facts = {
    addendumId: id,
    noteId: note.row.id,
    decision,
    reviewerId,
    credentials,
    decidedAt,
    contentHash,
  }
  await repository.insertReview(trx, note, {
    addendum_id: id,
    decision,
    reviewer_id: reviewerId,
    credentials,
    decided_at: decidedAt,
    content_hash: row.content_hash,
    document: remarks === undefined ? null : await trx.seal(places.addendumReview(id), remarks),
    seal: await sealOf(trx, { addendumReview: facts }),
  })
  trx.audit({ fields: ['addenda'] })
  const { chart_id: chartId } = note.row
  emit(trx, { type: 'session-note.amended', resourceId: note.row.id, resourceVersion: version, chartId })
  const review = { reviewerId, credentials, decidedAt: decidedAt.toISOString(), remarks: remarks ?? null }
  return addendumOf(content, { ...row, decision }, review)
}
