import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { extendSeries } from './extension.ts'
import { followZones } from './zones.ts'

/** What is done for series by the clock: first to where the zones' clocks now are, then on to a year from today. */
export async function keepSeries(trx: PracticeTransaction): Promise<void> {
  await followZones(trx)
  await extendSeries(trx)
}
