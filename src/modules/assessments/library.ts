import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { InstrumentDefinition } from './definitions.schemas.ts'
import { shippedInstruments } from './instruments/index.ts'
import { findOwn, findOwnPublished, type OwnInstrumentRow } from './instruments.repository.ts'

/** One edition of an instrument, whoever made it. */
export interface KnownInstrument {
  key: string
  edition: number
  origin: 'shipped' | 'own'
  /** Null for an instrument that the service brings. */
  id: string | null
  status: 'draft' | 'published' | 'retired'
  version: number
  definition: InstrumentDefinition
}

export const isShipped = (key: string) => shippedInstruments.some(one => one.key === key)

const newestOf = (key: string) => shippedInstruments.findLast(one => one.key === key)

/** The instruments the service brings; an edition that a newer one replaced is retired. */
export const shipped: readonly KnownInstrument[] = shippedInstruments.map(instrument => ({
  ...instrument,
  origin: 'shipped',
  id: null,
  status: newestOf(instrument.key) === instrument ? 'published' : 'retired',
  version: 1,
}))

export const ownInstrument = (row: OwnInstrumentRow): KnownInstrument => ({
  key: row.key,
  edition: row.edition,
  origin: 'own',
  id: row.id,
  status: row.status as KnownInstrument['status'],
  version: row.version,
  definition: row.definition,
})

/** What an assignment keeps of the edition it is made under. */
export const editionOf = ({ key, edition, id, definition }: KnownInstrument) => ({
  instrument_key: key,
  edition,
  instrument_id: id,
  data_class: definition.dataClass,
})

/** An instrument by its key; without an edition the one in use, else the newest. */
export async function findInstrument(
  trx: PracticeTransaction,
  key: string,
  edition?: number,
): Promise<KnownInstrument | undefined> {
  if (isShipped(key))
    return shipped.findLast(one => one.key === key && (edition === undefined || one.edition === edition))
  const row = await findOwn(trx, key, edition)
  return row && ownInstrument(row)
}

/** The edition of an instrument that is assigned now. */
export async function findAssignable(
  trx: PracticeTransaction,
  key: string,
): Promise<KnownInstrument | undefined> {
  if (isShipped(key)) return shipped.find(one => one.key === key && one.status === 'published')
  const row = await findOwnPublished(trx, key)
  return row && ownInstrument(row)
}
