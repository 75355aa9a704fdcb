import { SealBroken } from './errors.ts'

/**
 * What a wrapped key is for, bound to it as additional data: it unwraps only under the same context
 * (the "encryption context" of a cloud KMS, the "derivation context" of Vault's transit engine).
 * A `practiceId` in it ties the key to that practice's destruction.
 */
export type KeyContext = Readonly<Record<string, string>>

export type Wrapped = { readonly kekVersion: number; readonly wrapped: Buffer }

/**
 * Holds the key-encryption keys (KEK), which never leave it. Everything sealed hangs on keys that were
 * wrapped here, so losing the provider's keys loses the data. Also fit for small secrets outside a
 * practice, such as a person's MFA seed (up to 4,096 bytes, the limit of a cloud KMS).
 */
export interface KeyProvider {
  /** Encrypts under the current KEK. @throws KeyUnavailable, KeyDestroyed (the context's practice is shredded) */
  wrap(secret: Uint8Array, context: KeyContext): Promise<Wrapped>
  /** @throws KeyDestroyed, KeyUnavailable, SealBroken (altered, other context, other keyring) */
  unwrap(kekVersion: number, wrapped: Uint8Array, context: KeyContext): Promise<Buffer>
  currentKekVersion(): Promise<number>
}

/** Wraps again under the current KEK. @returns undefined when it is already */
export async function rewrap(
  provider: KeyProvider,
  { kekVersion, wrapped }: Wrapped,
  context: KeyContext,
): Promise<Wrapped | undefined> {
  if (kekVersion === (await provider.currentKekVersion())) return undefined
  const secret = await provider.unwrap(kekVersion, wrapped, context)
  try {
    return await provider.wrap(secret, context)
  } finally {
    secret.fill(0)
  }
}

const versionBytes = 4

/**
 * Wraps a small secret that belongs to no practice into one column.
 *
 * @param context names its place, for instance `{ purpose: 'totp', userId }`: it opens nowhere else
 * @returns KEK version (4 bytes, big-endian) | wrapped secret
 */
export async function sealSecret(
  provider: KeyProvider,
  secret: Uint8Array,
  context: KeyContext,
): Promise<Buffer> {
  return packed(await provider.wrap(secret, context))
}

/** @throws what `KeyProvider.unwrap` throws */
export async function openSecret(
  provider: KeyProvider,
  sealed: Uint8Array,
  context: KeyContext,
): Promise<Buffer> {
  const { kekVersion, wrapped } = unpacked(sealed)
  return provider.unwrap(kekVersion, wrapped, context)
}

/** After the KEK rotated. @returns the secret under the current KEK, or undefined when it is already */
export async function resealSecret(
  provider: KeyProvider,
  sealed: Uint8Array,
  context: KeyContext,
): Promise<Buffer | undefined> {
  const fresh = await rewrap(provider, unpacked(sealed), context)
  return fresh && packed(fresh)
}

function packed({ kekVersion, wrapped }: Wrapped): Buffer {
  const version = Buffer.alloc(versionBytes)
  version.writeUInt32BE(kekVersion)
  return Buffer.concat([version, wrapped])
}

function unpacked(sealed: Uint8Array): Wrapped {
  const bytes = Buffer.from(sealed)
  if (bytes.length <= versionBytes) throw new SealBroken('a value that is no sealed secret')
  return { kekVersion: bytes.readUInt32BE(), wrapped: bytes.subarray(versionBytes) }
}
