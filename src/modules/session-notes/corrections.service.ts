import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { notFound, Problem } from '../../lib/problems.ts'
import { credentialTextOf, needsCosign } from '../practice/index.ts'
import { addWaiting } from './addenda.repository.ts'
import { addendumOf } from './addenda.view.ts'
import { factsEvent } from './billing/announce.ts'
import { untieBlocks } from './blocks.ts'
import { afterWithdrawal } from './consequences.ts'
import { sealAddendum, sealOf } from './sealing.ts'
import * as repository from './session-notes.repository.ts'
import { requireStep } from './session-notes.rules.ts'
import type { SessionNote } from './session-notes.schemas.ts'
import { openForStep, openNote } from './session-notes.service.ts'
import { toNote } from './session-notes.view.ts'
import { type AddendumContent, contentHash } from './signed-content.ts'
import * as signed from './signed-notes.repository.ts'
import { actingStaff, addCorrection } from './signing.service.ts'
import type { NewAddendum, NoteAddendum } from './steps.schemas.ts'

/**
 * Adds to a signed note; every clinician of the chart may. The addendum names who signed it, and waits where they need a
 * co-signature. Addenda do not stand in each other's way, so there is no version to give.
 *
 * @param options.evenClosed for one that a client's request to amend results in
 * @throws Problem `not-found`, `invalid-state`
 */
export async function addAddendum(
  trx: PracticeTransaction,
  noteId: string,
  input: Pick<NewAddendum, 'reason' | 'text'>,
  options: { evenClosed?: boolean } = {},
): Promise<NoteAddendum> {
  const note = await openNote(trx, noteId, 'notes:write', options)
  requireStep(note.row.status, 'amend')
  const touched = await repository.touch(trx, note)
  if (!touched) throw new Problem('conflict')
  const { version, updated_at: signedAt } = touched
  const addendumId = uuidv7()
  const authorId = actingStaff(trx)
  const [credentials, cosign] = await Promise.all([
    credentialTextOf(trx, authorId),
    needsCosign(trx, authorId),
  ])
  const content: AddendumContent = {
    format: 1,
    addendumId,
    noteId,
    authorId,
    ...input,
    ...(cosign ? { cosignRequired: true } : {}),
  }
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
  if (cosign) addWaiting(trx, note, { addendumId, authorId })
  trx.audit({ fields: ['addenda'] })
  const { chart_id: chartId } = note.row
  emit(trx, { type: 'session-note.amended', resourceId: noteId, resourceVersion: version, chartId })
  return addendumOf(content, { ...row, decision: null }, null)
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
  await addCorrection(trx, note, 'entered_in_error', reason, markedAt)
  await afterWithdrawal(trx, note)
  untieBlocks(trx, note.row)
  trx.audit({ fields: ['enteredInError'] })
  const { chart_id: chartId } = note.row
  const resourceVersion = version + 1
  emit(trx, { type: 'session-note.entered-in-error', resourceId: noteId, resourceVersion, chartId })
  emit(trx, factsEvent('withdrawn', { id: noteId, chartId }))
  const changes = { status: 'entered_in_error' as const, version: resourceVersion, updated_at: markedAt }
  return toNote(trx, { ...note, row: { ...note.row, ...changes, block_ids: [] } })
}
