import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { Page } from '../../../lib/pages.ts'
import { invalidField, Problem } from '../../../lib/problems.ts'
import { recorder } from '../../../lib/recorder.ts'
import type { NeurofeedbackBand, NewBandRange } from './bands.schemas.ts'
import { type BandKey, type BandRange, bandKeys, usualBands, usualConfidence, usualSource } from './bands.ts'

/** Every band with the range this practice takes it for. */
export async function listBands(trx: PracticeTransaction): Promise<Page<NeurofeedbackBand>> {
  trx.audit({ resourceType: 'neurofeedback-band' })
  return { data: await bandsOf(trx), nextCursor: null }
}

/** The ranges of this practice, by band. */
export async function bandRanges(trx: PracticeTransaction): Promise<ReadonlyMap<BandKey, BandRange>> {
  return new Map((await bandsOf(trx)).map(({ band, lowHz, highHz }) => [band, { lowHz, highHz }]))
}

/**
 * Sets the range of a band for the practice. Protocols keep the ranges they were written with.
 *
 * @throws Problem `invalid-request`; `conflict` when somebody set it meanwhile
 */
export async function setBand(
  trx: PracticeTransaction,
  { band, lowHz, highHz, source, afterRevision }: NewBandRange,
): Promise<NeurofeedbackBand> {
  trx.audit({ resourceType: 'neurofeedback-band', fields: ['lowHz', 'highHz', 'source'] })
  requireRange('', { lowHz, highHz })
  const before = (await bandsOf(trx)).find(one => one.band === band)
  if (before?.revision !== afterRevision) throw new Problem('conflict')
  const revision = afterRevision + 1
  // Of two who set it at once the key lets one pass.
  await trx
    .insertInto('neurofeedback_bands')
    .values({
      practice_id: trx.practiceId,
      band,
      revision,
      low_hz: lowHz,
      high_hz: highHz,
      source,
      set_by: recorder(trx),
    })
    .execute()
  return { band, lowHz, highHz, source, confidence: 'practice', revision }
}

/** @throws Problem `invalid-request` for a range that has no width */
export function requireRange(pointer: string, { lowHz, highHz }: BandRange): void {
  if (lowHz < highHz) return
  throw invalidField(`${pointer}/highHz`, 'order', 'Must be more than `lowHz`.')
}

async function bandsOf(trx: PracticeTransaction): Promise<NeurofeedbackBand[]> {
  const rows = await trx
    .selectFrom('neurofeedback_bands')
    .distinctOn('band')
    .select(['band', 'revision', 'low_hz', 'high_hz', 'source'])
    .where('practice_id', '=', trx.practiceId)
    .orderBy('band')
    .orderBy('revision', 'desc')
    .execute()
  return bandKeys.map(band => {
    const own = rows.find(row => row.band === band)
    if (!own)
      return { band, ...usualBands[band], source: usualSource, confidence: usualConfidence, revision: 0 }
    const { low_hz: lowHz, high_hz: highHz, source, revision } = own
    return { band, lowHz, highHz, source, confidence: 'practice', revision }
  })
}
