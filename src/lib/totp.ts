import { createHash, randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { sameSecret } from './opaque-tokens.ts'

const secretBytes = 20
const periodSeconds = 30
const digits = 6

/** A new seed, 160 bits (RFC 4226 §4). Store it wrapped by the key provider. */
export const newTotpSecret = (): Buffer => randomBytes(secretBytes)

/** The seed for typing into an authenticator app. */
export const totpSecretText = (secret: Uint8Array): string => toSecret(secret).base32

/** The `otpauth://` URI of the QR code. SHA-1, 6 digits, 30 s: all that every app understands. */
export function totpUri(
  secret: Uint8Array,
  { issuer, account }: { issuer: string; account: string },
): string {
  return new TOTP({ ...settings(secret), issuer, label: account }).toString()
}

/**
 * Checks a code of now or of the step before or after (RFC 6238 §5.2).
 *
 * A code is good once. Store the returned counter in the same transaction, on the condition that the stored
 * one is still lower: of two requests with one code, the second then finds no row.
 *
 * @param lastCounter the counter returned for the last accepted code, or null before the first
 * @returns the code's time step, or undefined for a wrong, old or used code
 */
export function matchTotp(
  secret: Uint8Array,
  code: string,
  { now, lastCounter }: { now: Date; lastCounter: number | null },
): number | undefined {
  const token = code.replace(/\s/g, '')
  if (!/^\d{6}$/.test(token)) return undefined
  const timestamp = now.getTime()
  const delta = TOTP.validate({ ...settings(secret), token, timestamp, window: 1 })
  if (delta === null) return undefined
  const counter = TOTP.counter({ period: periodSeconds, timestamp }) + delta
  return lastCounter !== null && counter <= lastCounter ? undefined : counter
}

const settings = (secret: Uint8Array) => ({
  secret: toSecret(secret),
  algorithm: 'SHA1',
  digits,
  period: periodSeconds,
})

/** A copy: a Buffer is a window on a pool that holds other data too. */
const toSecret = (secret: Uint8Array) => new Secret({ buffer: new Uint8Array(secret).buffer })

const recoveryCodeCount = 10
const recoveryCodeLength = 24
/** Crockford's base32: no i, l, o, u. 256 is a multiple of 32, so each character is equally likely. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/**
 * Ten codes for whoever lost the authenticator, each good once: the caller deletes the matched hash.
 *
 * 24 characters are 120 bits. From 112 bits on a plain hash may be stored (OWASP ASVS 5.0, 6.5.2).
 */
export function newRecoveryCodes(): { codes: string[]; hashes: Buffer[] } {
  const codes = Array.from({ length: recoveryCodeCount }, newRecoveryCode)
  return { codes, hashes: codes.map(hashRecoveryCode) }
}

/** Case, spaces, dashes and the look-alikes o, i, l do not matter. */
export function hashRecoveryCode(code: string): Buffer {
  const plain = code
    .toLowerCase()
    .replace(/[^0-9a-z]/g, '')
    .replaceAll('o', '0')
    .replace(/[il]/g, '1')
  return createHash('sha256').update(plain).digest()
}

/** @returns the place of the code's hash in the list, or undefined */
export function matchRecoveryCode(code: string, hashes: readonly Uint8Array[]): number | undefined {
  const hash = hashRecoveryCode(code)
  const matches = hashes.map(stored => sameSecret(stored, hash))
  const index = matches.indexOf(true)
  return index === -1 ? undefined : index
}

function newRecoveryCode(): string {
  const characters = [...randomBytes(recoveryCodeLength)].map(byte => alphabet[byte % alphabet.length])
  return characters.join('').replace(/(.{4})(?=.)/g, '$1-')
}
