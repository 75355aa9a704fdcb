import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Ajv } from 'ajv'
import Type, { type Static } from 'typebox'
import { syncFolder, writeDurably } from '../durable-files.ts'

const Key = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$', description: '32 bytes, base64url' })
const Instant = Type.String({ description: 'RFC 3339, UTC' })

const KeyEncryptionKey = Type.Object({
  version: Type.Integer({ minimum: 1 }),
  state: Type.Union([Type.Literal('current'), Type.Literal('retired')]),
  createdAt: Instant,
  key: Key,
})

const SigningKey = Type.Object({
  kid: Type.String({ minLength: 1 }),
  state: Type.Union([Type.Literal('next'), Type.Literal('current'), Type.Literal('retired')]),
  publishedAt: Instant,
  activatedAt: Type.Optional(Instant),
  retiredAt: Type.Optional(Instant),
  privateJwk: Type.Object({
    kty: Type.Literal('OKP'),
    crv: Type.Literal('Ed25519'),
    x: Type.String(),
    d: Type.String(),
  }),
})

const KeyringData = Type.Object({
  format: Type.Literal('cairn-keyring-1'),
  revision: Type.Integer({ minimum: 1 }),
  keyEncryptionKeys: Type.Array(KeyEncryptionKey, { minItems: 1 }),
  signingKeys: Type.Array(SigningKey, { minItems: 1 }),
  auditKey: Key,
  cursorKey: Key,
  rolePasswordMaster: Key,
  destroyedPractices: Type.Array(Type.String()),
})

// Our own schema: checking it first would be most of the work.
const isKeyring = new Ajv({ allErrors: true, meta: false, validateSchema: false }).compile<KeyringData>(
  KeyringData,
)

/** The keyring as it stands in its file. Holds secrets as text: only this folder and `commands/keys` see it. */
export type KeyringData = Static<typeof KeyringData>
export type SigningKeyData = Static<typeof SigningKey>

/** What is wrong with the keyring's file; the message says what to do and never what stands in the file. */
export class KeyringProblem extends Error {
  override readonly name = 'KeyringProblem'
}

const lockIsAbandonedAfterMs = 5_000
const lockWaitMs = 15_000

/** @throws KeyringProblem when the file is missing, readable by others, unreadable, or not a keyring */
export async function readKeyring(path: string): Promise<KeyringData> {
  const file = await open(path, 'r').catch(error => {
    throw isMissing(error) ? new KeyringProblem(missingText(path)) : unreadable(path, error)
  })
  try {
    const { mode, uid } = await file.stat()
    // A mounted secret belongs to somebody else and its mode is theirs to choose; our own file is ours to guard.
    if (uid === process.getuid?.() && (mode & 0o077) !== 0) {
      throw new KeyringProblem(`The keyring ${path} can be read by other users. Close it: chmod 600 ${path}`)
    }
    const text = await file.readFile('utf8').catch(error => {
      throw unreadable(path, error)
    })
    return parseKeyring(path, text)
  } finally {
    await file.close()
  }
}

/**
 * Writes a first keyring unless there is one; two processes that start at once agree on one.
 *
 * @throws KeyringProblem with what to do, also where nothing can be written
 */
export async function createKeyringFile(path: string, fresh: () => KeyringData): Promise<KeyringData> {
  try {
    if (await exists(path)) return await readKeyring(path)
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    return await withLock(path, async lock => {
      if (await exists(path)) return readKeyring(path)
      const data = fresh()
      await replaceFile(path, data, lock)
      return data
    })
  } catch (error) {
    throw error instanceof Error && 'syscall' in error ? notMade(path, error) : error
  }
}

/**
 * Changes the keyring under a lock, so that two commands at once lose neither's keys. Running services
 * pick the new file up within seconds.
 *
 * @param change returns the new keyring, or its argument when there is nothing to do
 */
export async function updateKeyring(
  path: string,
  change: (data: KeyringData) => KeyringData,
): Promise<KeyringData> {
  return withLock(path, async lock => {
    const before = await readKeyring(path)
    const changed = change(before)
    if (changed === before) return before
    const after = { ...changed, revision: before.revision + 1 }
    await replaceFile(path, after, lock)
    return after
  })
}

function parseKeyring(path: string, text: string): KeyringData {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    throw new KeyringProblem(`The keyring ${path} is not JSON. Restore it from its backup.`)
  }
  // The messages name places in the file, never what stands there.
  if (!isKeyring(data)) {
    const places = new Set(isKeyring.errors?.map(error => error.instancePath || '/'))
    throw new KeyringProblem(
      `The keyring ${path} is damaged at ${[...places].join(', ')}. Restore it from its backup.`,
    )
  }
  const currents = [data.keyEncryptionKeys, data.signingKeys].map(
    keys => keys.filter(key => key.state === 'current').length,
  )
  if (currents.some(count => count !== 1)) {
    throw new KeyringProblem(
      `The keyring ${path} must hold one current key of each kind. Restore it from its backup.`,
    )
  }
  return data
}

type Lock = { readonly path: string; readonly token: string }

async function withLock<T>(path: string, work: (lock: Lock) => Promise<T>): Promise<T> {
  const lock = { path: `${path}.lock`, token: randomUUID() }
  await acquire(lock)
  try {
    return await work(lock)
  } finally {
    if (await isHeld(lock)) await rm(lock.path, { force: true })
  }
}

async function acquire(lock: Lock): Promise<void> {
  const deadline = Date.now() + lockWaitMs
  while (!(await tryLock(lock))) {
    if (Date.now() > deadline)
      throw new KeyringProblem(`The keyring is busy: another command holds ${lock.path}`)
    await removeAbandoned(lock)
    await sleep(10 + Math.random() * 30)
  }
}

async function tryLock({ path, token }: Lock): Promise<boolean> {
  try {
    await writeFile(path, token, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  }
}

/** A holder works for milliseconds: an old lock was left by a process that was killed. */
async function removeAbandoned({ path, token }: Lock): Promise<void> {
  try {
    const { mtimeMs } = await stat(path)
    if (Date.now() - mtimeMs < lockIsAbandonedAfterMs) return
    const aside = `${path}.${token}`
    await rename(path, aside)
    await rm(aside)
  } catch (error) {
    if (!isMissing(error)) throw error
  }
}

const isHeld = async ({ path, token }: Lock) => (await readFile(path, 'utf8').catch(() => '')) === token

/** Readers see the old keyring or the new one, whatever happens in between; never a half. */
async function replaceFile(path: string, data: KeyringData, lock: Lock): Promise<void> {
  await removeLeftovers(path)
  const temporary = `${path}.${lock.token}.tmp`
  await writeDurably(temporary, `${JSON.stringify(data, null, 2)}\n`)
  // Whoever was stopped for longer than a lock lasts has lost it, and must not overwrite a newer keyring.
  if (!(await isHeld(lock))) {
    await rm(temporary, { force: true })
    throw new KeyringProblem('The keyring was changed by another command meanwhile. Run this one again.')
  }
  await rename(temporary, path)
  await syncFolder(dirname(path))
}

/** A process killed while writing leaves a copy of the keys behind. */
async function removeLeftovers(path: string): Promise<void> {
  const prefix = `${basename(path)}.`
  for (const name of await readdir(dirname(path))) {
    if (name.startsWith(prefix) && name.endsWith('.tmp')) await rm(join(dirname(path), name), { force: true })
  }
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    error => {
      if (isMissing(error)) return false
      throw error
    },
  )

const hasCode = (error: unknown, code: string) =>
  error instanceof Error && 'code' in error && error.code === code
const isMissing = (error: unknown) => hasCode(error, 'ENOENT')

const codeOf = (error: unknown) =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown'

const unreadable = (path: string, error: unknown) =>
  new KeyringProblem(
    `The keyring ${path} cannot be read (${codeOf(error)}). ` +
      'Give the file to the account that runs Cairn, or name another with CAIRN_KEYRING_FILE.',
    { cause: error },
  )

const notMade = (path: string, error: unknown) =>
  new KeyringProblem(
    `This account cannot write a keyring to ${dirname(path)} (${codeOf(error)}). Set CAIRN_DATA_DIR to a folder it may write to.`,
    { cause: error },
  )

const missingText = (path: string) =>
  `There is no keyring at ${path}. Restore it from its backup: without it nothing sealed can be read. ` +
  'Only a new installation starts with a new one.'
