import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { uuidShape } from './uuid.ts'

const secretBytes = 32
const uuidBytes = 16

/** 256 random bits, which is why a plain SHA-256 of it may be stored. */
export const newSecret = (): Buffer => randomBytes(secretBytes)

/** What the database keeps of a secret. */
export const hashSecret = (secret: Uint8Array): Buffer => createHash('sha256').update(secret).digest()

/**
 * A credential that says where to look it up, since row security lets nobody search across practices.
 * The ids are no secret and prove nothing: only the secret's hash, compared by `sameSecret`, does.
 *
 * @param prefix such as `cairn_rt`, by which secret scanners recognize a leaked one
 * @param ids UUIDs, for instance practice and session
 * @returns `<prefix>_<base64url of the ids and the secret>`
 */
export function encodeToken(prefix: string, ids: readonly string[], secret: Uint8Array): string {
  if (secret.length !== secretBytes) throw new TypeError(`A token's secret has ${secretBytes} bytes`)
  return `${prefix}_${Buffer.concat([...ids.map(uuidToBytes), secret]).toString('base64url')}`
}

/** @returns undefined for anything that `encodeToken` with this prefix and number of ids does not write */
export function decodeToken(
  prefix: string,
  idsCount: number,
  text: string,
): { ids: string[]; secretHash: Buffer } | undefined {
  if (!text.startsWith(`${prefix}_`)) return undefined
  const encoded = text.slice(prefix.length + 1)
  const idsEnd = idsCount * uuidBytes
  const bytes = Buffer.from(encoded, 'base64url')
  // Node's decoder skips what it does not know; one token must have one spelling.
  if (bytes.length !== idsEnd + secretBytes || bytes.toString('base64url') !== encoded) return undefined
  const ids = Array.from({ length: idsCount }, (_, index) => uuidFromBytes(bytes, index * uuidBytes))
  return { ids, secretHash: hashSecret(bytes.subarray(idsEnd)) }
}

/** Compares hashes or MACs in constant time. Other lengths are unequal, not an error. */
export function sameSecret(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}

function uuidToBytes(id: string): Buffer {
  if (!uuidShape.test(id)) throw new TypeError('A token holds UUIDs only')
  return Buffer.from(id.replaceAll('-', ''), 'hex')
}

function uuidFromBytes(bytes: Buffer, offset: number): string {
  const hex = bytes.toString('hex', offset, offset + uuidBytes)
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
