import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { notFound, Problem } from '../../lib/problems.ts'
import { credentialTextOf } from '../practice/index.ts'
import { afterWithdrawal } from './consequences.ts'
import { sealAddendum, sealOf } from './sealing.ts'
import * as repository from './session-notes.repository.ts'
import { requireStep } from './session-notes.rules.ts'
import type { NewAddendum, NoteAddendum, SessionNote } from './session-notes.schemas.ts'
import { openForStep, openNote } from './session-notes.service.ts'
import { addendumOf, toNote } from './session-notes.view.ts'
import { contentHash } from './signed-content.ts'
import * as signed from './signed-notes.repository.ts'
import { actingStaff, addCorrection } from './signing.service.ts'

/**
 * Adds to a signed note, as any clinician of the chart; the addendum names who signed it. Addenda do not
 * stand in each other's way, so there is no version to give.
 *
 * @throws Problem `not-found`, `invalid-state`
 */
export async function addAddendum(
  trx: PracticeTransaction,
  noteId: string,
  input: NewAddendum,
): Promise<NoteAddendum> {
  const note = await openNote(trx, noteId, 'notes:write')
  requireStep(note.row.status, 'amend')
  const touched = await repository.touch(trx, note)
  if (!touched) throw new Problem('conflict')
  const { version, updated_at: signedAt } = touched
  const addendumId = uuidv7()
  const authorId = actingStaff(trx)
  const content = { format: 1, addendumId, noteId, authorId, ...input } as const
  const credentials = await credentialTextOf(trx, authorId)
  const hash = contentHash(content)
  const facts = { addendumId, noteId, authorId, credentials, signedAt, contentHash: hash }
  const row = { credentials, signed_at: signedAt, content_hash: Buffer.from(hash, 'hex') }
  await signed.insertAddendum(trx, note, {
    id: addendumId,
    author_id: authorId,
    document: await sealAddendum(trx, content),
    ...row,
    seal: await sealOf(trx, { addendum: facts }),
  })
  trx.audit({ fields: ['addenda'] })
  const { chart_id: chartId } = note.row
  emit(trx, { type: 'session-note.amended', resourceId: noteId, resourceVersion: version, chartId })
  return addendumOf(content, row)
}

/**
 * Marks a signed note as one that should not have been written. Its text stays, and stays readable.
 *
 * @throws Problem `not-found`, also for anybody but the author; `stale-version`, `invalid-state`
 */
export async function markAsError(
  trx: PracticeTransaction,
  noteId: string,
  version: number,
  reason: string,
): Promise<SessionNote> {
  const note = await openForStep(trx, noteId, version, 'markAsError')
  if (note.row.author_id !== trx.scope.actor.staffId) throw notFound()
  const markedAt = await repository.moveOn(trx, note, version, 'entered_in_error')
  if (!markedAt) throw new Problem('stale-version')
  await addCorrection(trx, note, 'entered_in_error', reason, markedAt)
  await afterWithdrawal(trx, note, 'entered_in_error')
  trx.audit({ fields: ['enteredInError'] })
  const { chart_id: chartId } = note.row
  const resourceVersion = version + 1
  emit(trx, { type: 'session-note.entered-in-error', resourceId: noteId, resourceVersion, chartId })
  const row = { ...note.row, status: 'entered_in_error' as const, version: version + 1, updated_at: markedAt }
  return toNote(trx, { ...note, row })
}
