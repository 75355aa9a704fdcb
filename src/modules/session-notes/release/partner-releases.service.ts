import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { invalidField, notFound, Problem, unknownReference } from '../../../lib/problems.ts'
import { recorder } from '../../../lib/recorder.ts'
import { membersEver } from '../../charts/index.ts'
import { today } from '../../practice/index.ts'
import { openNote } from '../session-notes.service.ts'
import * as repository from './partner-releases.repository.ts'
import { requireReleasable } from './release.rules.ts'
import type { NewPartnerRelease, NoteRelease } from './release.schemas.ts'
import { toRelease } from './release.service.ts'

/**
 * Releases a couple's note to one of the two, on the written agreement of the other: both are the patient, and neither
 * releases alone what was said together. Who left the couple is asked for the time they were in it.
 *
 * @throws Problem `not-found`, `unknown-reference`, `invalid-request`, `invalid-state`, `already-exists` while it is
 *   released to them
 */
export async function releaseToPartner(
  trx: PracticeTransaction,
  noteId: string,
  { clientId, agreedById, signedOn }: NewPartnerRelease,
): Promise<NoteRelease> {
  const note = await openNote(trx, noteId, 'notes:write')
  requireReleasable(note.row, note.chart, 'couple')
  const [partners, day] = await Promise.all([membersEver(trx, note.chart), today(trx)])
  if (!partners.includes(clientId)) throw unknownReference('/clientId')
  if (!partners.includes(agreedById)) throw unknownReference('/agreedById')
  if (agreedById === clientId)
    throw invalidField('/agreedById', 'other', 'The other partner agrees, not the one who is to read it.')
  if (partners.length > 2)
    throw new Problem('invalid-state', {
      detail: 'More than two were in this chart: one agreement is not all.',
    })
  if (signedOn > day) throw invalidField('/signedOn', 'range', 'Must not be after today.')
  trx.audit({ fields: ['partnerRelease'] })
  await repository.insertPartnerRelease(trx, note, {
    id: uuidv7(),
    client_id: clientId,
    agreed_by_id: agreedById,
    signed_on: signedOn,
    released_by: recorder(trx),
  })
  emit(trx, { type: 'session-note.released', resourceId: noteId, chartId: note.row.chart_id })
  return toRelease(trx, note)
}

/**
 * One of the two took the agreement back: from the next request on the note is not there. That is possible in a closed
 * chart too, as a couple's is closed when it ends.
 *
 * @throws Problem `not-found`, `invalid-state` when it was taken back already
 */
export async function revokePartnerRelease(
  trx: PracticeTransaction,
  noteId: string,
  id: string,
): Promise<NoteRelease> {
  const note = await openNote(trx, noteId, 'notes:write', { evenClosed: true })
  const releases = await repository.listPartnerReleases(trx, note)
  if (!releases.some(release => release.id === id)) throw notFound()
  if (!(await repository.revokePartnerRelease(trx, note, id, recorder(trx))))
    throw new Problem('invalid-state', { detail: 'This agreement was taken back already.' })
  trx.audit({ fields: ['partnerRelease'] })
  emit(trx, { type: 'session-note.release-revoked', resourceId: noteId, chartId: note.row.chart_id })
  return toRelease(trx, note)
}
