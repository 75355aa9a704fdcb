import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'

const algorithm = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

export const keyBytes = 32
/** What encryption adds to a text. */
export const overheadBytes = nonceBytes + tagBytes

/** AES-256-GCM under a fresh random nonce. @returns nonce | ciphertext | tag */
export function encrypt(key: KeyObject, plaintext: Uint8Array, aad: Uint8Array): Buffer {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes }).setAAD(aad)
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
}

/** @returns the plaintext, or undefined when bytes, key or additional data are not those of `encrypt` */
export function decrypt(key: KeyObject, encrypted: Uint8Array, aad: Uint8Array): Buffer | undefined {
  if (encrypted.length < overheadBytes) return undefined
  const nonce = encrypted.subarray(0, nonceBytes)
  const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes })
  decipher.setAAD(aad).setAuthTag(encrypted.subarray(-tagBytes))
  const plaintext = decipher.update(encrypted.subarray(nonceBytes, -tagBytes))
  try {
    decipher.final()
  } catch {
    return undefined
  }
  return plaintext
}

/** HKDF-SHA256. `info` names the use: two uses never share a derived key. */
export function deriveKey(key: KeyObject, info: Uint8Array): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', key, '', info, keyBytes)))
}

/** Bytes that no other list of fields gives: a JSON array keeps the borders between them. */
export function encodeFields(...fields: readonly (string | number)[]): Buffer {
  return Buffer.from(JSON.stringify(fields))
}
