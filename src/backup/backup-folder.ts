import { chmod, chown, mkdir, readdir, readFile, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { zstdDecompress } from 'node:zlib'
import { canEnter, type ServerAccount } from '../embedded/account.ts'
import { errorCode, isThere, readIfThere } from '../embedded/files.ts'
import { syncFolder, writeDurably } from '../lib/durable-files.ts'
import { BackupError } from './errors.ts'
import { isFinished, type Manifest, readManifest } from './manifest.ts'
import { segmentPattern } from './wal.ts'

// A backup folder: `cairn-backups.json` says of which database, `base/<instant>/` are base backups (a manifest and
// PostgreSQL's files), `wal/` is the archived write-ahead log, segments as they are or compressed (`.zst`).

const decompress = promisify(zstdDecompress)

/** Which life of which database: after a restore the database goes on under a new timeline. */
export interface Lineage {
  systemIdentifier: string
  timeline: number
}

export interface BaseBackup {
  name: string
  folder: string
  manifest: Manifest
}

export const walFolder = (folder: string) => path.join(folder, 'wal')
export const baseFolder = (folder: string) => path.join(folder, 'base')
export const unfinishedPrefix = '.unfinished-'
const lineageFile = (folder: string) => path.join(folder, 'cairn-backups.json')

/**
 * Makes the folder, or takes it into use again for the same database. The server's account gets to write into
 * `wal/` and nowhere else.
 *
 * @returns its real path
 * @throws BackupError when it holds something else, or the account cannot enter it
 */
export async function prepareBackupFolder(
  folder: string,
  lineage: Lineage,
  account: ServerAccount | undefined,
): Promise<string> {
  await mkdir(folder, { recursive: true, mode: account ? 0o711 : 0o700 })
  const real = await realpath(folder)
  await claim(real, lineage)
  await mkdir(baseFolder(real), { recursive: true, mode: 0o700 })
  await mkdir(walFolder(real), { recursive: true, mode: 0o700 })
  if (account === undefined) return real
  await chown(walFolder(real), account.uid, account.gid)
  await chmod(walFolder(real), 0o700)
  if (await canEnter(account, walFolder(real))) return real
  throw new BackupError(
    `PostgreSQL's account "${account.name}" cannot enter ${walFolder(real)}. ` +
      'Choose a folder under one that everybody may enter, such as /srv/cairn-backups.',
  )
}

async function claim(folder: string, lineage: Lineage): Promise<void> {
  const known = await readLineage(folder)
  if (known === undefined) {
    if ((await readdir(folder)).some(name => name !== 'lost+found')) {
      throw new BackupError(`${folder} is not empty and holds no backups of Cairn. Choose another folder.`)
    }
    await writeDurably(lineageFile(folder), `${JSON.stringify(lineage)}\n`)
    await syncFolder(folder)
  } else if (
    known.systemIdentifier !== lineage.systemIdentifier ||
    Number(known.timeline) !== Number(lineage.timeline)
  ) {
    throw new BackupError(
      `${folder} holds backups of another database, or of this one before it was restored. Choose a new folder.`,
    )
  }
}

async function readLineage(folder: string): Promise<Lineage | undefined> {
  const text = await readIfThere(lineageFile(folder))
  return text === undefined ? undefined : (JSON.parse(text) as Lineage)
}

/** The finished base backups, oldest first. @throws BackupError when there is no such folder */
export async function listBaseBackups(folder: string): Promise<BaseBackup[]> {
  if (!(await isThere(lineageFile(folder)))) {
    throw new BackupError(`${folder} is no folder of \`npm run backup\`.`)
  }
  const found: BaseBackup[] = []
  for (const name of (await readdir(baseFolder(folder))).sort()) {
    const backup = path.join(baseFolder(folder), name)
    if (name.startsWith(unfinishedPrefix) || !(await isFinished(backup))) continue
    found.push({ name, folder: backup, manifest: await readManifest(backup) })
  }
  return found
}

/** Names of the archived segments, oldest first, compressed or not. */
export async function archivedSegments(folder: string): Promise<string[]> {
  const names = (await readdir(walFolder(folder))).map(name => name.replace(/\.zst$/, ''))
  return [...new Set(names.filter(name => segmentPattern.test(name)))].sort()
}

/** An archived segment's bytes; undefined when it is missing, cut, or its compressed form is damaged. */
export async function readSegment(
  folder: string,
  name: string,
  segmentBytes: number,
): Promise<Buffer | undefined> {
  const file = path.join(walFolder(folder), name)
  try {
    const bytes = (await isThere(file))
      ? await readFile(file)
      : await decompress(await readFile(`${file}.zst`))
    return bytes.length === segmentBytes ? bytes : undefined
  } catch (error) {
    // What is no failed system call comes from decompressing.
    const isDamaged = error instanceof Error && !('syscall' in error)
    if (isDamaged || errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Whether both lie on one disk, as far as the system tells. */
export async function onSameDisk(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([stat(one), stat(other)])
  return a.dev === b.dev
}
