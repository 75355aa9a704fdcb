import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto'
import { limits } from '../limits.ts'
import { keyBytes } from './aes-gcm.ts'
import type { KeyringData, SigningKeyData } from './keyring-file.ts'

// Changes of a keyring value, for `updateKeyring`. None of them writes anything.

/** The keyring of a new installation. */
export function newKeyring(now: Date): KeyringData {
  const at = now.toISOString()
  return {
    format: 'cairn-keyring-1',
    revision: 1,
    keyEncryptionKeys: [{ version: 1, state: 'current', createdAt: at, key: randomKey() }],
    signingKeys: [{ ...newSigningKey(), state: 'current', publishedAt: at, activatedAt: at }],
    auditKey: randomKey(),
    cursorKey: randomKey(),
    rolePasswordMaster: randomKey(),
    destroyedPractices: [],
  }
}

/**
 * A new key-encryption key. Data keys under the older ones still unwrap: rewrap them afterwards
 * (`Sealer.rewrapAll` per practice), then the older version may be destroyed.
 */
export function rotateKek(data: KeyringData, now: Date): KeyringData {
  const retired = data.keyEncryptionKeys.map(key => ({ ...key, state: 'retired' as const }))
  const version = Math.max(...retired.map(key => key.version)) + 1
  const next = { version, state: 'current' as const, createdAt: now.toISOString(), key: randomKey() }
  return { ...data, keyEncryptionKeys: [...retired, next] }
}

/**
 * Deletes a retired key-encryption key for good. Whatever is still wrapped with it becomes unreadable, in
 * backups too: this is what ends the backups from before a practice was shredded, so wait until the other
 * practices no longer need theirs.
 *
 * @throws Error for the current version and for one that is not there
 */
export function destroyKekVersion(data: KeyringData, version: number): KeyringData {
  const key = data.keyEncryptionKeys.find(candidate => candidate.version === version)
  if (!key) throw new Error(`There is no key-encryption key of version ${version}`)
  if (key.state === 'current') throw new Error(`Version ${version} is the current one: rotate first`)
  return { ...data, keyEncryptionKeys: data.keyEncryptionKeys.filter(candidate => candidate !== key) }
}

/**
 * Refuses a practice's keys from now on, also those that a restored backup brings back: the keyring is not
 * part of the database's backups. Irreversible through the product.
 */
export function destroyPractice(data: KeyringData, practiceId: string): KeyringData {
  const id = practiceId.toLowerCase()
  if (data.destroyedPractices.includes(id)) return data
  return { ...data, destroyedPractices: [...data.destroyedPractices, id] }
}

export type SigningRotationStep = 'publish' | 'wait' | 'activate'

/** What `rotateSigningKey` would do now. `leadMs` 0 skips the wait: for a leaked key only. */
export function signingRotationStep(
  data: KeyringData,
  now: Date,
  leadMs: number = limits.sealing.signingKeyLeadMs,
): SigningRotationStep {
  const next = data.signingKeys.find(key => key.state === 'next')
  if (!next) return 'publish'
  return now.getTime() - Date.parse(next.publishedAt) < leadMs ? 'wait' : 'activate'
}

/**
 * One step of replacing the key that signs access tokens. First call: the next key is published, so that
 * every verifier knows it before the first token arrives. A call `leadMs` later: it signs, and the old one
 * only verifies, until its last token has expired. In between nothing happens.
 */
export function rotateSigningKey(
  data: KeyringData,
  now: Date,
  leadMs: number = limits.sealing.signingKeyLeadMs,
): KeyringData {
  const step = signingRotationStep(data, now, leadMs)
  const at = now.toISOString()
  if (step === 'wait') return data
  if (step === 'publish') {
    const next = { ...newSigningKey(), state: 'next' as const, publishedAt: at }
    return { ...data, signingKeys: [...data.signingKeys, next] }
  }
  const signingKeys = data.signingKeys.filter(key => canVerify(key, now)).map(key => advance(key, at))
  return { ...data, signingKeys }
}

/** Takes a retired signing key out before its time, because it leaked: its tokens stop working at once. */
export function revokeSigningKey(data: KeyringData, kid: string): KeyringData {
  const key = data.signingKeys.find(candidate => candidate.kid === kid)
  if (!key) throw new Error(`There is no signing key ${kid}`)
  if (key.state === 'current') throw new Error(`${kid} signs tokens: rotate first`)
  return { ...data, signingKeys: data.signingKeys.filter(candidate => candidate !== key) }
}

/** A process learns of a rotation some seconds late and signs with the old key until then. */
const lateSignerMs = 60_000

/** Whether tokens of this key may still be alive. */
export function canVerify(key: Pick<SigningKeyData, 'retiredAt'>, now: Date): boolean {
  if (key.retiredAt === undefined) return true
  const { accessSeconds, clockToleranceSeconds } = limits.tokens
  const windowMs = (accessSeconds + clockToleranceSeconds) * 1000 + lateSignerMs
  return now.getTime() < Date.parse(key.retiredAt) + windowMs
}

function advance(key: SigningKeyData, at: string): SigningKeyData {
  if (key.state === 'next') return { ...key, state: 'current', activatedAt: at }
  if (key.state === 'current') return { ...key, state: 'retired', retiredAt: at }
  return key
}

function newSigningKey(): Pick<SigningKeyData, 'kid' | 'privateJwk'> {
  const { x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  if (x === undefined || d === undefined) throw new Error('Node made an Ed25519 key without its coordinates')
  return { kid: thumbprint(x), privateJwk: { kty: 'OKP', crv: 'Ed25519', x, d } }
}

/** RFC 7638: the members a key of this kind requires, in this order, without spaces. */
const thumbprint = (x: string) =>
  createHash('sha256')
    .update(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }))
    .digest('base64url')

const randomKey = () => randomBytes(keyBytes).toString('base64url')
