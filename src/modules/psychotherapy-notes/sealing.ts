import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { PlaceInPractice } from '../../lib/sealing/practice-keys.ts'

/** Where each text of this module belongs. All of them have a key of their own, which seals nothing else. */
export const places = {
  draft: (noteId: string, version: number) =>
    place('psychotherapy_note_drafts', 'text_sealed', noteId, version),
  text: (noteId: string, revision: number) =>
    place('psychotherapy_note_texts', 'text_sealed', noteId, revision),
  addition: (additionId: string) => place('psychotherapy_note_additions', 'text_sealed', additionId, 1),
  terms: (authorizationId: string) =>
    place('psychotherapy_authorizations', 'terms_sealed', authorizationId, 1),
}

const place = (table: string, column: string, rowId: string, rowVersion: number): PlaceInPractice => ({
  table,
  column,
  rowId,
  rowVersion,
})

export const sealText = async (trx: PracticeTransaction, at: PlaceInPractice, text: string) =>
  (await trx.sealer('psychotherapy')).seal(at, text)

/** @throws SealBroken, KeyDestroyed */
export const openText = async (trx: PracticeTransaction, at: PlaceInPractice, sealed: Uint8Array) =>
  (await trx.sealer('psychotherapy')).openText(at, sealed)
