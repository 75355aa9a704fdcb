import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'

/** The one spelling of an identifier that storage and search share: letters and digits, upper case. */
export const normalizeIdentifier = (value: string) =>
  value
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '')

/** Finds equal identifiers of one kind without opening any. */
export async function identifierIndex(
  trx: PracticeTransaction,
  kind: string,
  value: string,
): Promise<Buffer> {
  const sealer = await trx.sealer()
  return sealer.blindIndex('client_identifiers.value', `${kind}|${normalizeIdentifier(value)}`)
}

/** Where an identifier's value is sealed. It never changes, so neither does the version. */
export const placeOf = (id: string) => ({
  table: 'client_identifiers',
  column: 'value_sealed',
  rowId: id,
  rowVersion: 1,
})

/** The last four characters, and never more than half. */
export function lastFourOf(value: string): string {
  const plain = normalizeIdentifier(value)
  return plain.slice(-Math.min(4, Math.floor(plain.length / 2))) || ''
}
