import type { KeyObject } from 'node:crypto'
import { decrypt, deriveKey, encodeFields, encrypt, overheadBytes } from './aes-gcm.ts'
import { SealBroken } from './errors.ts'

/**
 * Where a sealed text belongs. It opens there and nowhere else. Ids are UUIDs, compared without case as
 * PostgreSQL does; `rowVersion` is the row's version in the same statement that stores the text.
 */
export type SealContext = {
  readonly practiceId: string
  readonly table: string
  readonly column: string
  readonly rowId: string
  readonly rowVersion: number
}

export type DataKey = { readonly version: number; readonly key: KeyObject }

/** @throws KeyDestroyed for a key that was shredded, SealBroken for one that never was */
export type DataKeyLookup = (version: number) => KeyObject

const format = 1
const headerBytes = 5

/**
 * Seals a text for one place.
 *
 * Each row has its own key, derived from the data key: a random nonce could only repeat within one row, so
 * no data key ever nears the 2^32 uses that AES-GCM allows (OWASP ASVS 5.0, 11.3.4).
 *
 * @returns format (1 byte) | data key version (4, big-endian) | nonce (12) | ciphertext | tag (16)
 */
export function sealWith(dataKey: DataKey, context: SealContext, plaintext: string | Uint8Array): Buffer {
  const header = Buffer.alloc(headerBytes)
  header.writeUInt8(format, 0)
  header.writeUInt32BE(dataKey.version, 1)
  const bytes = typeof plaintext === 'string' ? Buffer.from(plaintext) : plaintext
  const encrypted = encrypt(recordKey(dataKey.key, context), bytes, boundTo(context, dataKey.version))
  return Buffer.concat([header, encrypted])
}

/** @throws SealBroken when the bytes were altered or sealed for another place; whatever `dataKeys` throws */
export function openSealed(dataKeys: DataKeyLookup, context: SealContext, sealed: Uint8Array): Buffer {
  const version = dataKeyVersionOf(sealed)
  const key = recordKey(dataKeys(version), context)
  const plaintext = decrypt(key, sealed.subarray(headerBytes), boundTo(context, version))
  if (!plaintext) throw new SealBroken(`${context.table}.${context.column}`)
  return plaintext
}

/** The data key a sealed text needs; rotation looks for those below the current one. @throws SealBroken */
export function dataKeyVersionOf(sealed: Uint8Array): number {
  if (sealed.length < headerBytes + overheadBytes || sealed[0] !== format) {
    throw new SealBroken('a value that is no sealed text')
  }
  return new DataView(sealed.buffer, sealed.byteOffset).getUint32(1)
}

const recordKey = (dataKey: KeyObject, { practiceId, table, column, rowId }: SealContext) =>
  deriveKey(
    dataKey,
    encodeFields('cairn record key 1', practiceId.toLowerCase(), table, column, rowId.toLowerCase()),
  )

const boundTo = ({ practiceId, table, column, rowId, rowVersion }: SealContext, keyVersion: number) =>
  encodeFields(
    'cairn seal 1',
    practiceId.toLowerCase(),
    table,
    column,
    rowId.toLowerCase(),
    rowVersion,
    keyVersion,
  )
