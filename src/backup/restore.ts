import { randomBytes, randomUUID } from 'node:crypto'
import { chown, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Binaries, prepareBinaries } from '../embedded/binaries.ts'
import { isThere } from '../embedded/files.ts'
import { lockFolder } from '../embedded/folder-lock.ts'
import {
  choosePlacement,
  logFile,
  type Placement,
  passwordFile,
  pointerFile,
  systemFolder,
  writePointer,
} from '../embedded/placement.ts'
import { findPostmaster, stopPostmaster } from '../embedded/postmaster.ts'
import { syncFolder, writeDurably } from '../lib/durable-files.ts'
import { forEach } from '../lib/for-each.ts'
import { archivedSegments, type BaseBackup, listBaseBackups, readSegment } from './backup-folder.ts'
import { BackupError } from './errors.ts'
import { copyDurably } from './files.ts'
import { LogEndsEarlier, type Recovered, recover, setPassword, startRestored } from './recovery.ts'
import { endsHere, offsetOf, segmentAfter, segmentAt } from './wal.ts'

export interface RestoreOptions {
  /** A folder of `npm run backup`. */
  from: string
  /** As `parseInstant` gives it; undefined: as late as the archive reaches. */
  until: string | undefined
  /** The data folder to be. Nothing may be in it but a keyring. */
  into: string
  /** What is to happen in the restored database before anybody uses it. Gets the superuser's URL. */
  beforeUse: (url: string) => Promise<void>
  onProgress: (line: string) => void
  /** Leaves off: the data folder is then as it was. */
  interrupted?: AbortSignal | undefined
}

export interface Restored {
  base: BaseBackup
  /** Of the last transaction that is in; undefined when none came after the base backup. */
  lastTransactionAt: string | undefined
}

const draftPrefix = 'postgres.restoring-'
/** What may lie in a data folder that is restored into: the keyring, put there first. */
const allowedBeside = /^(keyring\.json.*|lost\+found)$/

/** The finished backup to begin with. @throws BackupError when none reaches back that far */
export async function chooseBase(from: string, until: string | undefined): Promise<BaseBackup> {
  const backups = await listBaseBackups(from)
  const [first] = backups
  if (!first) throw new BackupError(`${from} holds no finished backup.`)
  const usable = backups.filter(({ manifest }) => until === undefined || manifest.finishedAt <= until)
  const chosen = usable.at(-1)
  if (chosen) return chosen
  throw new BackupError(
    `The oldest backup in ${from} was finished at ${first.manifest.finishedAt}: ` +
      'an earlier instant cannot be restored from it.',
  )
}

/**
 * Makes a data folder that holds the database as it was at an instant. The folder gets its database only when
 * everything is done, so a restore that is broken off leaves nothing that looks like one.
 *
 * @throws BackupError with what is wrong or missing; the data folder is then as it was
 */
export async function restore(base: BaseBackup, options: RestoreOptions): Promise<Restored> {
  await refuseUsedFolder(options.into)
  const log = await findLog(options.from, base)
  const placement = await choosePlacement(options.into)
  if (await isThere(placement.cluster)) {
    throw new BackupError(
      `A database lies in ${placement.cluster} already. Move it away, or choose another folder.`,
    )
  }
  const unlock = await lockFolder(placement.home, placement.dataDir)
  const draft = { ...placement, cluster: path.join(placement.home, `${draftPrefix}${randomUUID()}`) }
  const { interrupted } = options
  interrupted?.addEventListener('abort', () => void endServer(draft))
  try {
    const binaries = await prepareBinaries(placement.account, systemFolder, options.onProgress)
    options.onProgress(`Copying the backup of ${base.manifest.finishedAt} and checking every file of it`)
    await copyBack(base, draft, interrupted)
    await layLog(options, base, draft, log)
    interrupted?.throwIfAborted()
    options.onProgress(`Replaying the log (${log.segments.length} segments)`)
    const recovered = await replay(draft, binaries, base, log, options)
    interrupted?.throwIfAborted()
    const password = await finish(draft, binaries, options.beforeUse)
    interrupted?.throwIfAborted()
    await takeIntoUse(draft, placement, password)
    return { base, lastTransactionAt: recovered.lastTransactionAt }
  } catch (error) {
    await clearAway(draft)
    throw error
  } finally {
    await unlock()
  }
}

async function refuseUsedFolder(into: string): Promise<void> {
  const names = (await isThere(into)) ? await readdir(into) : []
  const other = names.find(name => !allowedBeside.test(name))
  if (other === undefined) return
  throw new BackupError(
    `${into} is in use: it holds "${other}". Stop Cairn and move that folder away, or name another one with --into; ` +
      'only a keyring may lie there.',
  )
}

async function copyBack(
  base: BaseBackup,
  { cluster, account }: Placement,
  interrupted: AbortSignal | undefined,
): Promise<void> {
  const { folders, files } = base.manifest
  const own = async (file: string) => {
    if (account) await chown(file, account.uid, account.gid)
  }
  for (const folder of ['', ...folders]) {
    await mkdir(path.join(cluster, folder), { recursive: true, mode: 0o700 })
    await own(path.join(cluster, folder))
  }
  await forEach(Object.entries(files), async ([file, { bytes, sha256 }]) => {
    interrupted?.throwIfAborted()
    const target = path.join(cluster, file)
    const copied = await copyDurably(path.join(base.folder, 'data', file), target).catch(() => undefined)
    if (copied?.bytes !== bytes || copied.sha256 !== sha256) {
      throw new BackupError(
        `The backup ${base.folder} is damaged: ${file} is not as it was written. Use an earlier one.`,
      )
    }
    await own(target)
  })
  const label = path.join(cluster, 'backup_label')
  await copyDurably(path.join(base.folder, 'backup_label'), label)
  await own(label)
}

interface ArchivedLog {
  /** In order and without a gap, from the one that the base backup begins with. */
  segments: string[]
  /** Why it stops before the archive does. */
  brokenBy: string | undefined
}

/** @throws BackupError when what the base backup itself needs is not there */
async function findLog(from: string, { manifest }: BaseBackup): Promise<ArchivedLog> {
  const { firstSegment, lastSegment, segmentBytes } = manifest
  const archived = new Set(await archivedSegments(from))
  const segments: string[] = []
  let next = firstSegment
  for (; archived.has(next); next = segmentAfter(next, segmentBytes)) segments.push(next)
  const isGap = [...archived].some(name => name > next)
  const log = { segments, brokenBy: isGap ? `The archived WAL segment ${next} is missing.` : undefined }
  if (!segments.includes(lastSegment)) throw useless(`The archived WAL segment ${next} is missing.`)
  return log
}

const useless = (why: string) =>
  new BackupError(`${why} The base backup itself needs it: use an earlier one.`)

/** Puts the segments where the server looks for them, as far as they are whole. */
async function layLog(
  { from, interrupted }: RestoreOptions,
  { manifest }: BaseBackup,
  { cluster, account }: Placement,
  log: ArchivedLog,
): Promise<void> {
  for (const [index, name] of log.segments.entries()) {
    interrupted?.throwIfAborted()
    const bytes = await readSegment(from, name, manifest.segmentBytes)
    if (bytes === undefined) {
      log.brokenBy = `The archived WAL segment ${name} is damaged.`
      if (name <= manifest.lastSegment) throw useless(log.brokenBy)
      log.segments.splice(index)
      return
    }
    const file = path.join(cluster, 'pg_wal', name)
    await writeDurably(file, bytes)
    if (account) await chown(file, account.uid, account.gid)
  }
}

async function replay(
  draft: Placement,
  binaries: Binaries,
  base: BaseBackup,
  log: ArchivedLog,
  { from, until }: RestoreOptions,
): Promise<Recovered> {
  const { timeline, segmentBytes, finishedAt } = base.manifest
  // PostgreSQL says itself when an instant was not reached. Without one, the end it found is checked here.
  if (until === undefined && log.brokenBy) throw new BackupError(`${log.brokenBy} ${damagedAdvice}`)
  try {
    const recovered = await recover(draft, binaries, { timeline, until })
    if (until === undefined)
      await checkEnd(from, recovered, { timeline, segmentBytes, last: log.segments.at(-1) })
    return recovered
  } catch (error) {
    if (!(error instanceof LogEndsEarlier)) throw error
    const reached = error.lastTransactionAt ?? finishedAt
    const stoppedIn = error.lastLsn && segmentAt(timeline, error.lastLsn, segmentBytes)
    const damaged =
      log.brokenBy ??
      (stoppedIn === log.segments.at(-1)
        ? undefined
        : `The archived WAL cannot be read beyond segment ${stoppedIn ?? base.manifest.firstSegment}: it is damaged there.`)
    throw new BackupError(
      damaged
        ? `${damaged} The log reaches to ${reached}, not to ${until}. Restore to an instant up to that, ` +
            'or find another copy of the segment.'
        : `The archive ends before ${until}: its last transaction is of ${reached}. ` +
            'Restore to an instant before that, or to "latest".',
    )
  }
}

const damagedAdvice =
  '"latest" would end there in silence. Restore to an instant instead, or find another copy of the segment.'

async function checkEnd(
  from: string,
  { endLsn }: Recovered,
  { timeline, segmentBytes, last }: { timeline: number; segmentBytes: number; last: string | undefined },
): Promise<void> {
  const end = segmentAt(timeline, endLsn, segmentBytes)
  if (last === undefined || end > last) return
  const bytes = await readSegment(from, last, segmentBytes)
  if (end === last && bytes && endsHere(bytes, offsetOf(endLsn, segmentBytes))) return
  throw new BackupError(`The archived WAL segment ${end} is damaged. ${damagedAdvice}`)
}

/** @returns the superuser's new password */
async function finish(
  draft: Placement,
  binaries: Binaries,
  beforeUse: RestoreOptions['beforeUse'],
): Promise<string> {
  const password = randomBytes(24).toString('base64url')
  await setPassword(draft, binaries, password)
  const server = await startRestored(draft, binaries)
  try {
    await beforeUse(`postgres://postgres:${password}@127.0.0.1:${server.port}/postgres`)
  } finally {
    await stopPostmaster(server, draft.cluster, 'fast')
  }
  return password
}

async function takeIntoUse(draft: Placement, placement: Placement, password: string): Promise<void> {
  await writeFile(passwordFile(placement), `${password}\n`, { mode: 0o600, flush: true })
  if (placement.home !== placement.dataDir) await writePointer(placement)
  await rename(draft.cluster, placement.cluster)
  await syncFolder(placement.home)
}

async function endServer({ cluster }: Placement): Promise<void> {
  const running = await findPostmaster(cluster)
  if (running) await stopPostmaster(running, cluster, 'immediate')
}

async function clearAway(draft: Placement): Promise<void> {
  await endServer(draft)
  await rm(draft.cluster, { recursive: true, force: true, maxRetries: 5 })
  const made = [logFile(draft), passwordFile(draft), pointerFile(draft.dataDir)]
  for (const file of made) await rm(file, { force: true })
}
