import { randomBytes, randomUUID } from 'node:crypto'
import { appendFile, chown, mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { runAs, type ServerAccount } from './account.ts'
import type { Binaries } from './binaries.ts'
import { EmbeddedDatabaseError } from './errors.ts'
import { readIfThere } from './files.ts'
import { type Placement, passwordFile } from './placement.ts'

const configurationName = 'cairn.conf'

/** Each draft has a name of its own: the initdb of a killed Cairn may still be writing into another one. */
const draftPrefix = 'postgres.new-'

/**
 * Locales that say which characters are letters, best first: pg_trgm asks the operating system, and with the last
 * one it sees no letters beyond ASCII (a search for José finds little). Debian has the first, macOS the second.
 */
const characterLocales = ['C.UTF-8', 'en_US.UTF-8', 'C']

/**
 * Makes PostgreSQL's data directory. It gets its final name only when it is whole, so that a start that was broken
 * off leaves nothing that looks like a database.
 */
export async function createCluster(
  placement: Placement,
  binaries: Binaries,
  durable: boolean,
): Promise<void> {
  await removeDrafts(placement)
  const draft = path.join(placement.home, `${draftPrefix}${randomUUID()}`)
  const passwordForInitdb = path.join(placement.home, `.password-${randomUUID()}`)
  try {
    await writeFileFor(placement.account, passwordForInitdb, `${await firstPassword(placement)}\n`)
    await initialize(placement, binaries, draft, passwordForInitdb, durable)
  } finally {
    await rm(passwordForInitdb, { force: true })
  }
  await appendFile(path.join(draft, 'postgresql.conf'), `\ninclude = '${configurationName}'\n`)
  await rename(draft, placement.cluster)
}

/** Replaces the settings that the next start reads. */
export async function writeConfiguration(placement: Placement, text: string): Promise<void> {
  const draft = path.join(placement.home, `.configuration-${randomUUID()}`)
  await writeFileFor(placement.account, draft, text)
  await rename(draft, path.join(placement.cluster, configurationName))
}

/**
 * The superuser's password of an existing cluster.
 * @throws EmbeddedDatabaseError when its file is gone
 */
export async function readPassword(placement: Placement): Promise<string> {
  const password = (await readIfThere(passwordFile(placement)))?.trim()
  if (password) return password
  throw new EmbeddedDatabaseError(
    `The database in ${placement.cluster} is there, but the file with its password is not: ` +
      `${passwordFile(placement)}. Restore it from a backup, or move the database away to begin with an empty one.`,
  )
}

/** Kept from a first start that was broken off, else made: no database exists before its password is stored. */
async function firstPassword(placement: Placement): Promise<string> {
  const kept = (await readIfThere(passwordFile(placement)))?.trim()
  if (kept) return kept
  const password = randomBytes(24).toString('base64url')
  await rm(passwordFile(placement), { force: true })
  await writeFile(passwordFile(placement), `${password}\n`, { flag: 'wx', mode: 0o600, flush: true })
  return password
}

async function removeDrafts(placement: Placement): Promise<void> {
  for (const name of await readdir(placement.home)) {
    if (!name.startsWith(draftPrefix)) continue
    await rm(path.join(placement.home, name), { recursive: true, force: true, maxRetries: 5 })
  }
}

async function initialize(
  placement: Placement,
  binaries: Binaries,
  folder: string,
  passwordForInitdb: string,
  durable: boolean,
): Promise<void> {
  for (const characterLocale of characterLocales) {
    await makeFolderFor(placement.account, folder)
    try {
      await runAs(placement.account, binaries.initdb, [
        `--pgdata=${folder}`,
        `--pwfile=${passwordForInitdb}`,
        '--username=postgres',
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        // PostgreSQL's own locale: the same order on every machine, and no system update can change it.
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--locale=C',
        `--lc-ctype=${characterLocale}`,
        '--no-instructions',
        ...(durable ? [] : ['--no-sync']),
      ])
      return
    } catch (error) {
      if (!isUnknownLocale(error)) throw explained(error)
    }
  }
}

function isUnknownLocale(error: unknown): boolean {
  return error instanceof Error && error.message.includes('invalid locale name')
}

function explained(error: unknown): EmbeddedDatabaseError {
  const reason = error instanceof Error ? error.message : String(error)
  return new EmbeddedDatabaseError(`The database could not be made. ${reason.trim()}`, { cause: error })
}

async function makeFolderFor(account: ServerAccount | undefined, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { mode: 0o700 })
  if (account !== undefined) await chown(folder, account.uid, account.gid)
}

/** `wx` and the handle's own chown: never through a link that somebody else has put there. */
async function writeFileFor(account: ServerAccount | undefined, file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600)
  try {
    await handle.writeFile(text)
    if (account !== undefined) await handle.chown(account.uid, account.gid)
  } finally {
    await handle.close()
  }
}
