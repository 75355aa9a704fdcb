import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { notFound, Problem } from '../../lib/problems.ts'
import { recorder } from '../../lib/recorder.ts'
import type { InstrumentText, NewInstrumentText } from './instruments.schemas.ts'
import { findInstrument } from './library.ts'
import { textsOf } from './questionnaire.rules.ts'
import { insertText, withdrawText } from './texts.repository.ts'
import { toText } from './texts.view.ts'

/**
 * Brings in the wording of the edition in use, in place of what there was in that language.
 *
 * @throws Problem `not-found`, `invalid-request`, `invalid-state` for a draft
 */
export async function importText(
  trx: PracticeTransaction,
  key: string,
  { questionnaire, itemKeys, right }: NewInstrumentText,
): Promise<InstrumentText> {
  const id = uuidv7()
  trx.audit({ resourceType: 'instrument-text', resourceId: id, fields: ['texts', 'right'] })
  const instrument = await findInstrument(trx, key)
  if (!instrument) throw notFound()
  if (instrument.status !== 'published')
    throw new Problem('invalid-state', { detail: 'Wording belongs to an edition that is published.' })
  const texts = textsOf(instrument.definition, questionnaire.item, itemKeys)
  const language = questionnaire.language ?? 'en'
  const { edition } = instrument
  await withdrawText(trx, { key, edition, language })
  const row = await insertText(trx, {
    id,
    instrument_key: key,
    edition,
    language,
    texts,
    right_basis: right.basis,
    right_statement: right.statement,
    imported_by: recorder(trx),
  })
  emit(trx, { type: 'instrument-text.imported', resourceId: id })
  return toText(row)
}

/** Takes wording out of use. What was answered under it keeps its reference. @throws Problem `not-found` */
export async function removeText(trx: PracticeTransaction, key: string, id: string): Promise<void> {
  trx.audit({ resourceType: 'instrument-text', resourceId: id, fields: ['withdrawnAt'] })
  if (!(await withdrawText(trx, { key, id }))) throw notFound()
  emit(trx, { type: 'instrument-text.withdrawn', resourceId: id })
}
