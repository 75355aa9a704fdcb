import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { type Clock, systemClock } from '../clock.ts'
import { limits } from '../limits.ts'
import { decrypt, encodeFields, encrypt } from './aes-gcm.ts'
import { KeyDestroyed, KeyUnavailable, SealBroken } from './errors.ts'
import type { KeyContext, KeyProvider } from './key-provider.ts'
import { createKeyringFile, type KeyringData, readKeyring } from './keyring-file.ts'
import { fingerprintOf } from './keyring-fingerprint.ts'
import { canVerify, newKeyring } from './keyring-rotation.ts'

export type PublicJwk = {
  readonly kty: 'OKP'
  readonly crv: 'Ed25519'
  readonly x: string
  readonly kid: string
  readonly alg: 'EdDSA'
  readonly use: 'sig'
}

/** The keys of one installation, from a file. Keys are handed out as key objects, which do not print. */
export type LocalKeyring = KeyProvider & {
  /** Signs access tokens now. Ask for each token: it changes when keys rotate. */
  signingKey(): { readonly kid: string; readonly key: KeyObject }
  /** The public key of a token's `kid`, while tokens of it may be alive. */
  verificationKey(kid: string): Promise<KeyObject | undefined>
  /** What `/.well-known/jwks.json` answers: the keys that sign, will sign, or may still verify. */
  jwks(): { readonly keys: readonly PublicJwk[] }
  /** Names this keyring, through all its rotations, without telling anything of its keys. */
  readonly fingerprint: string
  /** HMAC key of audit rows. Never rotated: old rows could not be verified. */
  readonly auditKey: KeyObject
  /** HMAC key of list cursors. */
  readonly cursorKey: KeyObject
  /** Passwords of the database's runtime roles are derived from it by HKDF. */
  readonly rolePasswordMaster: KeyObject
  /** Reads the file again when it changed. Called by itself every few seconds and on an unknown version. */
  refresh(): Promise<void>
  close(): void
}

export type KeyringOptions = {
  readonly clock?: Clock
  readonly pollMs?: number
  /** Told when the changed file cannot be read; the keys read before stay in use. */
  readonly onProblem?: (error: unknown) => void
}

/** Opens the keyring of this installation, and makes one when there is none. */
export async function createLocalKeyring(path: string, options: KeyringOptions = {}): Promise<LocalKeyring> {
  await createKeyringFile(path, () => newKeyring((options.clock ?? systemClock).now()))
  return loadLocalKeyring(path, options)
}

/** Opens an existing keyring and follows its changes. @throws Error that says what to do */
export async function loadLocalKeyring(path: string, options: KeyringOptions = {}): Promise<LocalKeyring> {
  const clock = options.clock ?? systemClock
  const file = await followFile(path)

  const poll = () => file.refresh().catch(error => options.onProblem?.(error))
  const timer = setInterval(poll, options.pollMs ?? limits.sealing.keyringPollMs)
  timer.unref()

  /** Another process may have rotated a moment ago. */
  async function afterRefresh<T>(find: (keys: Keys) => T | undefined): Promise<T | undefined> {
    const found = find(file.keys())
    if (found !== undefined) return found
    await poll()
    return find(file.keys())
  }

  return {
    async wrap(secret, context) {
      refuseDestroyed(file.keys(), context)
      const { version, key } = file.keys().currentKek
      return { kekVersion: version, wrapped: encrypt(key, secret, boundTo(context, version)) }
    },

    async unwrap(kekVersion, wrapped, context) {
      refuseDestroyed(file.keys(), context)
      const key = await afterRefresh(keys => keys.keks.get(kekVersion))
      if (!key) throw missingKek(file.keys(), kekVersion)
      const secret = decrypt(key, wrapped, boundTo(context, kekVersion))
      if (!secret) throw new SealBroken('a wrapped key (is this the keyring it was wrapped with?)')
      return secret
    },

    currentKekVersion: async () => file.keys().currentKek.version,

    signingKey: () => file.keys().signing,

    async verificationKey(kid) {
      const found = await afterRefresh(keys => keys.verification.get(kid))
      return found && canVerify(found, clock.now()) ? found.key : undefined
    },

    jwks() {
      const alive = [...file.keys().verification.values()].filter(key => canVerify(key, clock.now()))
      return { keys: alive.map(key => key.jwk) }
    },

    get fingerprint() {
      return file.keys().fingerprint
    },
    get auditKey() {
      return file.keys().auditKey
    },
    get cursorKey() {
      return file.keys().cursorKey
    },
    get rolePasswordMaster() {
      return file.keys().rolePasswordMaster
    },

    refresh: file.refresh,
    close: () => clearInterval(timer),
  }
}

type VerificationKey = { readonly key: KeyObject; readonly jwk: PublicJwk; readonly retiredAt?: string }

type Keys = {
  readonly keks: ReadonlyMap<number, KeyObject>
  readonly currentKek: { readonly version: number; readonly key: KeyObject }
  readonly signing: { readonly kid: string; readonly key: KeyObject }
  readonly verification: ReadonlyMap<string, VerificationKey>
  readonly fingerprint: string
  readonly auditKey: KeyObject
  readonly cursorKey: KeyObject
  readonly rolePasswordMaster: KeyObject
  readonly destroyedPractices: ReadonlySet<string>
}

/** The file's keys, read again only when a stat shows another file; callers at once share one reading. */
async function followFile(path: string) {
  let seen = await fingerprint(path)
  let keys = toKeys(await readKeyring(path))
  let reading: Promise<void> | undefined

  async function readWhenChanged(): Promise<void> {
    const found = await fingerprint(path)
    if (found === seen) return
    keys = toKeys(await readKeyring(path))
    seen = found
  }

  function refresh(): Promise<void> {
    reading ??= readWhenChanged().finally(() => {
      reading = undefined
    })
    return reading
  }

  return { keys: () => keys, refresh }
}

/** A replaced file is another inode; a missing one is reported by the reading that follows. */
async function fingerprint(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(() => undefined)
  return found ? `${found.ino} ${found.mtimeNs} ${found.size}` : 'missing'
}

function toKeys(data: KeyringData): Keys {
  const kek = one(data.keyEncryptionKeys)
  const signing = one(data.signingKeys)
  return {
    keks: new Map(data.keyEncryptionKeys.map(({ version, key }) => [version, secretKey(key)])),
    currentKek: { version: kek.version, key: secretKey(kek.key) },
    signing: { kid: signing.kid, key: createPrivateKey({ key: signing.privateJwk, format: 'jwk' }) },
    verification: new Map(data.signingKeys.map(key => [key.kid, toVerificationKey(key)])),
    fingerprint: fingerprintOf(data),
    auditKey: secretKey(data.auditKey),
    cursorKey: secretKey(data.cursorKey),
    rolePasswordMaster: secretKey(data.rolePasswordMaster),
    destroyedPractices: new Set(data.destroyedPractices),
  }
}

function one<K extends { state: string }>(keys: readonly K[]): K {
  const current = keys.find(key => key.state === 'current')
  if (!current) throw new Error('The keyring holds no current key')
  return current
}

function toVerificationKey({
  kid,
  privateJwk,
  retiredAt,
}: KeyringData['signingKeys'][number]): VerificationKey {
  const publicPart = { kty: privateJwk.kty, crv: privateJwk.crv, x: privateJwk.x }
  return {
    key: createPublicKey({ key: publicPart, format: 'jwk' }),
    jwk: { ...publicPart, kid, alg: 'EdDSA', use: 'sig' },
    ...(retiredAt !== undefined && { retiredAt }),
  }
}

const secretKey = (text: string) => createSecretKey(Buffer.from(text, 'base64url'))

function boundTo(context: KeyContext, kekVersion: number): Buffer {
  const pairs = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))
  return encodeFields('cairn wrapped key 1', kekVersion, ...pairs.flat())
}

function refuseDestroyed(keys: Keys, { practiceId }: KeyContext): void {
  if (practiceId !== undefined && keys.destroyedPractices.has(practiceId.toLowerCase())) {
    throw new KeyDestroyed('The keys of this practice were destroyed')
  }
}

/** The current version is the highest and never destroyed, so a lower one that is gone was destroyed. */
function missingKek(keys: Keys, version: number): Error {
  return version < keys.currentKek.version
    ? new KeyDestroyed(`Key-encryption key ${version} was destroyed`)
    : new KeyUnavailable(
        `The keyring does not hold key-encryption key ${version}: is it older than the database?`,
      )
}
