/** What texts are sealed with: psychotherapy notes with a key of their own (45 CFR 164.501: kept separate). */
export const sealPurposes = ['data', 'psychotherapy'] as const
export type SealPurpose = (typeof sealPurposes)[number]

export type KeyPurpose = SealPurpose | 'index'

/** A practice's key as the database holds it. */
export type WrappedKey = {
  readonly practiceId: string
  readonly purpose: KeyPurpose
  readonly version: number
  readonly kekVersion: number
  readonly wrapped: Buffer
  readonly state: 'current' | 'retired' | 'destroyed'
}

/** Where wrapped keys are kept, bound to one transaction of one practice. */
export interface PracticeKeyStore {
  /** All keys of the practice, destroyed ones too. */
  load(practiceId: string): Promise<WrappedKey[]>
  /** @returns false when another inserted this practice, purpose and version first (ON CONFLICT DO NOTHING) */
  insert(key: WrappedKey): Promise<boolean>
}

/** What rotation needs besides. Each is one conditional UPDATE and answers whether it found its row. */
export interface KeyRotationStore extends PracticeKeyStore {
  /** Marks a key retired where it is current. */
  retire(key: WrappedKey): Promise<boolean>
  /** Stores `key`'s wrapping and KEK version where the KEK version is still `previousKekVersion`. */
  replaceWrapping(key: WrappedKey, previousKekVersion: number): Promise<boolean>
}
