import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { deriveKey, encodeFields, keyBytes } from './aes-gcm.ts'
import { type DataKey, dataKeyVersionOf, openSealed, type SealContext, sealWith } from './envelope.ts'
import { KeyDestroyed, SealBroken } from './errors.ts'
import { createKeyCache } from './key-cache.ts'
import { type KeyContext, type KeyProvider, rewrap } from './key-provider.ts'
import {
  type KeyPurpose,
  type KeyRotationStore,
  type PracticeKeyStore,
  type SealPurpose,
  sealPurposes,
  type WrappedKey,
} from './practice-key-store.ts'

export type PlaceInPractice = Omit<SealContext, 'practiceId'>

/** Seals and opens one practice's texts. Use it within the transaction it was asked for in. */
export type PracticeSealer = {
  /** Seals of a lower version wait to be sealed again (`dataKeyVersionOf`). */
  readonly dataKeyVersion: number
  seal(place: PlaceInPractice, text: string | Uint8Array): Buffer
  /** @throws SealBroken, KeyDestroyed */
  open(place: PlaceInPractice, sealed: Uint8Array): Promise<Buffer>
  openText(place: PlaceInPractice, sealed: Uint8Array): Promise<string>
  /**
   * Equal values of one column give equal bytes, so that a sealed value can be found by equality. It shows
   * which rows are equal: never use it where few values are possible (diagnosis, gender).
   *
   * @param column "table.column"
   * @param normalizedValue in the one spelling that search and storage share
   */
  blindIndex(column: string, normalizedValue: string): Buffer
}

/** A practice's sealers by purpose. */
export type PracticeSealers = ReadonlyMap<SealPurpose, PracticeSealer>

export type Sealer = {
  /**
   * The practice's keys of one purpose, from the cache or the store; makes the first ones when the practice has none.
   *
   * @throws KeyDestroyed, KeyUnavailable
   */
  forPractice(practiceId: string, store: PracticeKeyStore, purpose?: SealPurpose): Promise<PracticeSealer>
  /** The same for every purpose of which the practice has a key; those it never needed are not made. */
  forPurposes(practiceId: string, store: PracticeKeyStore): Promise<PracticeSealers>
  /**
   * Rotates the data keys of all purposes: texts are sealed with the new ones from now on (other processes follow
   * within the cache's five minutes) and older seals still open. The index key stays, or nothing would be found.
   * Needs a transaction.
   *
   * @returns the version of the common one afterwards: another's, when another rotated at the same moment
   */
  newDataKeyVersion(practiceId: string, store: KeyRotationStore): Promise<number>
  /** After the KEK rotated: wraps the practice's keys again. @returns how many */
  rewrapAll(practiceId: string, store: KeyRotationStore): Promise<number>
  /** Forgets unwrapped keys at once, for instance when the practice was shredded. */
  forget(practiceId: string): void
}

type PracticeKeys = {
  readonly current: DataKey
  readonly dataKeys: ReadonlyMap<number, KeyObject | 'destroyed'>
  readonly indexKeyOf: (column: string) => KeyObject
}

export function createSealer(deps: { keyProvider: KeyProvider; clock: Clock }): Sealer {
  const { keyProvider, clock } = deps
  const cache = createKeyCache<PracticeKeys>(clock)
  const uncommitted = createUncommittedKeys(clock)

  async function keysOf(
    practiceId: string,
    purpose: SealPurpose,
    store: PracticeKeyStore,
  ): Promise<PracticeKeys> {
    return cache.get(cacheKey(practiceId, purpose)) ?? loadKeys(practiceId, purpose, store)
  }

  async function loadKeys(
    practiceId: string,
    purpose: SealPurpose,
    store: PracticeKeyStore,
  ): Promise<PracticeKeys> {
    const found = await store.load(practiceId)
    const made = await createMissing(practiceId, purpose, found, store)
    const rows = made ? await store.load(practiceId) : found
    const keys = await unwrapAll(keyProvider, practiceId, purpose, rows)
    if (!uncommitted.has(practiceId)) cache.set(cacheKey(practiceId, purpose), keys)
    return keys
  }

  /** Whoever inserts first wins, and everybody reads the winner's key afterwards. */
  async function createMissing(
    practiceId: string,
    purpose: SealPurpose,
    rows: WrappedKey[],
    store: PracticeKeyStore,
  ) {
    const needed: readonly KeyPurpose[] = [purpose, 'index']
    const missing = needed.filter(one => !rows.some(row => row.purpose === one))
    for (const one of missing) await insertNew(practiceId, one, 1, store)
    return missing.length > 0
  }

  async function insertNew(
    practiceId: string,
    purpose: KeyPurpose,
    version: number,
    store: PracticeKeyStore,
  ) {
    const secret = randomBytes(keyBytes)
    const wrapped = await keyProvider.wrap(secret, contextOf({ practiceId, purpose, version }))
    secret.fill(0)
    uncommitted.add(practiceId)
    return store.insert({ practiceId, purpose, version, ...wrapped, state: 'current' })
  }

  /** Another process may have sealed with a key that is newer than our cache. */
  async function keysWith(
    version: number,
    keys: PracticeKeys,
    ...[practiceId, purpose, store]: Parameters<typeof loadKeys>
  ) {
    return keys.dataKeys.has(version) ? keys : loadKeys(practiceId, purpose, store)
  }

  function forget(practiceId: string): void {
    for (const purpose of sealPurposes) cache.delete(cacheKey(practiceId, purpose))
  }

  async function forPractice(
    id: string,
    store: PracticeKeyStore,
    purpose: SealPurpose = 'data',
  ): Promise<PracticeSealer> {
    const practiceId = id.toLowerCase()
    const keys = await keysOf(practiceId, purpose, store)

    async function open(place: PlaceInPractice, sealed: Uint8Array): Promise<Buffer> {
      const { dataKeys } = await keysWith(dataKeyVersionOf(sealed), keys, practiceId, purpose, store)
      return openSealed(version => dataKeyOf(dataKeys, version), { ...place, practiceId }, sealed)
    }

    return {
      dataKeyVersion: keys.current.version,
      seal: (place, text) => sealWith(keys.current, { ...place, practiceId }, text),
      open,
      openText: async (place, sealed) => (await open(place, sealed)).toString('utf8'),
      blindIndex: (column, normalizedValue) =>
        createHmac('sha256', keys.indexKeyOf(column)).update(normalizedValue).digest(),
    }
  }

  /** The row's lock decides between two rotations: the later one finds the key retired already. */
  async function rotate(practiceId: string, current: WrappedKey, store: KeyRotationStore): Promise<void> {
    if (await store.retire(current)) await insertNew(practiceId, current.purpose, current.version + 1, store)
  }

  return {
    forPractice,

    async forPurposes(practiceId, store) {
      const held = purposesHeld(await store.load(practiceId.toLowerCase()))
      const sealers = held.map(
        async purpose => [purpose, await forPractice(practiceId, store, purpose)] as const,
      )
      return new Map(await Promise.all(sealers))
    },

    async newDataKeyVersion(id, store) {
      const practiceId = id.toLowerCase()
      forget(practiceId)
      await loadKeys(practiceId, 'data', store)
      const rows = await store.load(practiceId)
      for (const purpose of purposesHeld(rows)) await rotate(practiceId, currentOf(rows, purpose), store)
      forget(practiceId)
      return currentOf(await store.load(practiceId), 'data').version
    },

    async rewrapAll(id, store) {
      const practiceId = id.toLowerCase()
      let count = 0
      for (const key of await store.load(practiceId)) {
        if (key.state === 'destroyed') continue
        const fresh = await rewrap(keyProvider, key, contextOf(key))
        if (fresh && (await store.replaceWrapping({ ...key, ...fresh }, key.kekVersion))) count += 1
      }
      return count
    },

    forget: id => forget(id.toLowerCase()),
  }
}

const cacheKey = (practiceId: string, purpose: SealPurpose) => `${practiceId} ${purpose}`

const purposesHeld = (rows: readonly WrappedKey[]) =>
  sealPurposes.filter(purpose => rows.some(row => row.purpose === purpose))

/** A wrapped key moved to another practice, purpose or version does not unwrap. */
function contextOf({ practiceId, purpose, version }: Pick<WrappedKey, 'practiceId' | 'purpose' | 'version'>) {
  return { practiceId: practiceId.toLowerCase(), purpose, version: String(version) } satisfies KeyContext
}

function currentOf(rows: readonly WrappedKey[], purpose: KeyPurpose): WrappedKey {
  const current = rows.find(row => row.purpose === purpose && row.state === 'current')
  if (!current) throw new KeyDestroyed(`The practice has no current ${purpose} key: it was destroyed`)
  return current
}

async function unwrapAll(
  provider: KeyProvider,
  practiceId: string,
  purpose: SealPurpose,
  rows: readonly WrappedKey[],
): Promise<PracticeKeys> {
  const current = currentOf(rows, purpose)
  const indexKey = await unwrapKey(provider, currentOf(rows, 'index'))
  const dataKeys = new Map<number, KeyObject | 'destroyed'>()
  for (const row of rows) {
    if (row.purpose === purpose) dataKeys.set(row.version, await unwrapUnlessDestroyed(provider, row))
  }
  return {
    current: { version: current.version, key: dataKeyOf(dataKeys, current.version) },
    dataKeys,
    indexKeyOf: perColumn(practiceId, indexKey),
  }
}

/** A destroyed old version must not keep the practice from its other texts. */
async function unwrapUnlessDestroyed(
  provider: KeyProvider,
  row: WrappedKey,
): Promise<KeyObject | 'destroyed'> {
  if (row.state === 'destroyed') return 'destroyed'
  try {
    return await unwrapKey(provider, row)
  } catch (error) {
    if (error instanceof KeyDestroyed) return 'destroyed'
    throw error
  }
}

async function unwrapKey(provider: KeyProvider, row: WrappedKey): Promise<KeyObject> {
  const secret = await provider.unwrap(row.kekVersion, row.wrapped, contextOf(row))
  const key = createSecretKey(secret)
  secret.fill(0)
  return key
}

function dataKeyOf(keys: PracticeKeys['dataKeys'], version: number): KeyObject {
  const key = keys.get(version)
  if (key === undefined) throw new SealBroken(`a text that names the unknown data key ${version}`)
  if (key === 'destroyed') throw new KeyDestroyed(`Data key ${version} of this practice was destroyed`)
  return key
}

/** Columns are few and named by code, so this stays small. */
function perColumn(practiceId: string, indexKey: KeyObject): (column: string) => KeyObject {
  const derived = new Map<string, KeyObject>()
  return column => {
    const key =
      derived.get(column) ?? deriveKey(indexKey, encodeFields('cairn index key 1', practiceId, column))
    derived.set(column, key)
    return key
  }
}

/** Longer than any transaction: 6 s for the service's, the rest for commands. */
const uncommittedMs = 30_000

/**
 * Practices for which this process just made a key. The transaction that made it may still roll back, and a
 * cached key that is in no database would seal texts that nobody can ever open.
 */
function createUncommittedKeys(clock: Clock) {
  const until = new Map<string, number>()
  return {
    add(practiceId: string): void {
      const now = clock.now().getTime()
      for (const [id, end] of until) if (end <= now) until.delete(id)
      until.set(practiceId, now + uncommittedMs)
    },
    has: (practiceId: string) => (until.get(practiceId) ?? 0) > clock.now().getTime(),
  }
}
