import { readdir, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { constants, zstdCompress } from 'node:zlib'
import { errorCode } from '../embedded/files.ts'
import { syncFolder, writeDurably } from '../lib/durable-files.ts'
import { baseFolder, listBaseBackups, unfinishedPrefix, walFolder } from './backup-folder.ts'
import { segmentPattern } from './wal.ts'

const compress = promisify(zstdCompress)
const withChecksum = { params: { [constants.ZSTD_c_checksumFlag]: 1 } }

/**
 * Removes the oldest base backups beyond `keep`, and the log that only they needed.
 *
 * @returns how many base backups went
 */
export async function prune(folder: string, keep: number): Promise<number> {
  const backups = await listBaseBackups(folder)
  const kept = backups.slice(-keep)
  const gone = backups.slice(0, -keep)
  for (const backup of gone) {
    // Unfinished from here on: a removal that is broken off leaves no half of a backup that looks whole.
    const aside = path.join(baseFolder(folder), `${unfinishedPrefix}${backup.name}`)
    await rename(backup.folder, aside)
    await rm(aside, { recursive: true, force: true })
  }
  const needed = kept.map(backup => backup.manifest.firstSegment).sort()[0]
  if (needed !== undefined) await removeSegmentsBefore(folder, needed)
  return gone.length
}

async function removeSegmentsBefore(folder: string, needed: string): Promise<void> {
  for (const name of await readdir(walFolder(folder))) {
    const segment = /^[0-9A-F]{24}/.exec(name)?.[0]
    if (segment !== undefined && segment < needed)
      await rm(path.join(walFolder(folder), name), { force: true })
  }
}

/** Compresses the archived segments: most of a segment that was closed for its age is empty. */
export async function compressSegments(folder: string): Promise<void> {
  for (const name of await readdir(walFolder(folder))) {
    if (segmentPattern.test(name)) await compressSegment(path.join(walFolder(folder), name))
  }
}

async function compressSegment(file: string): Promise<void> {
  const draft = `${file}.zst.new`
  try {
    await rm(draft, { force: true })
    await writeDurably(draft, await compress(await readFile(file), withChecksum))
    await rename(draft, `${file}.zst`)
    await syncFolder(path.dirname(file))
    await rm(file)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
  }
}
