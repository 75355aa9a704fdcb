import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { findInstrument } from './library.ts'

/** The scales of those of these instruments that are published, or were, by the instrument's key. */
export async function knownScales(
  trx: PracticeTransaction,
  instrumentKeys: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const found = await Promise.all(instrumentKeys.map(key => findInstrument(trx, key)))
  return new Map(
    found.flatMap(one =>
      one && one.status !== 'draft'
        ? [[one.key, new Set(one.definition.scales.map(({ key }) => key))] as const]
        : [],
    ),
  )
}
