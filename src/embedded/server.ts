import { rename, rm, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Binaries, prepareBinaries } from './binaries.ts'
import { createCluster, readPassword, writeConfiguration } from './cluster.ts'
import { EmbeddedDatabaseError } from './errors.ts'
import { isThere, readIfThere } from './files.ts'
import { lockFolder } from './folder-lock.ts'
import {
  choosePlacement,
  findPlacement,
  logFile,
  type Placement,
  pointerFile,
  portFile,
  systemFolder,
  writePointer,
} from './placement.ts'
import { freePort } from './port.ts'
import { findPostmaster, type Postmaster, startPostmaster, stopPostmaster } from './postmaster.ts'
import { configurationFile, type ServerSettings } from './settings.ts'

export interface EmbeddedServerOptions {
  /** The folder for everything that belongs to the server; made when missing. One running Cairn per folder. */
  dataDir: string
  /** false for test runs only: faster, and a crash loses the data. */
  durable: boolean
  /** A fixed TCP port; else the one of the last start when it is free, else any free one. */
  port?: number
  /** PostgreSQL settings on top of ours. */
  settings?: ServerSettings
  /** Gets a line for people whenever something takes long or is worth knowing. */
  onProgress?: (line: string) => void
}

/** An embedded PostgreSQL server that is ready for connections. */
export interface EmbeddedServer {
  /** The superuser's URL of the database `postgres`, with its password: not for logs. */
  url: string
  port: number
  /** Whether this start made the database. */
  firstStart: boolean
  /** Ends the server and gives the data folder back. Takes seconds at most; may be called twice. */
  stop(): Promise<void>
  /** Gives the data folder back but leaves the server running: for a server that outlives this process. */
  detach(): Promise<void>
}

/** How long processes of a killed server may take to notice; PostgreSQL looks once a minute. */
const formerServerPatienceMs = 75_000
const portAttempts = 5
const watchMs = 1_000

/**
 * Starts PostgreSQL 18 from node_modules on the data folder, as root or not, also after a crash of Cairn or of the
 * server. A server left over from a killed Cairn is ended first.
 *
 * @throws EmbeddedDatabaseError with what to do: the folder is in use, not ours, or PostgreSQL cannot run here
 */
export async function startEmbeddedPostgres(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  refuseWindows()
  const placement = await choosePlacement(options.dataDir)
  const unlock = await lockFolder(placement.home, placement.dataDir)
  try {
    return await startLocked(placement, options, unlock)
  } catch (error) {
    await unlock()
    throw error
  }
}

/** The server that a running Cairn has on this data folder: for commands that work beside it. */
export async function findEmbeddedPostgres(
  dataDir: string,
): Promise<{ url: string; port: number } | undefined> {
  const placement = await findPlacement(dataDir)
  const postmaster = placement && (await findPostmaster(placement.cluster))
  if (placement === undefined || postmaster === undefined) return undefined
  const url = superuserUrl(await readPassword(placement), postmaster.port)
  return { url, port: postmaster.port }
}

/**
 * Ends the server of a data folder, if one runs, and deletes the folder with all its data.
 * @throws EmbeddedDatabaseError when a running Cairn uses it
 */
export async function removeEmbeddedPostgres(dataDir: string): Promise<void> {
  const placement = await findPlacement(dataDir)
  if (placement !== undefined) {
    await lockFolder(placement.home, placement.dataDir)
    await endServer(placement.cluster, 'immediate')
    await rm(placement.home, { recursive: true, force: true })
  }
  await rm(dataDir, { recursive: true, force: true })
}

async function startLocked(
  placement: Placement,
  options: EmbeddedServerOptions,
  unlock: () => Promise<void>,
): Promise<EmbeddedServer> {
  const onProgress = options.onProgress ?? (() => {})
  const binaries = await prepareBinaries(placement.account, systemFolder, onProgress)
  if (placement.home !== placement.dataDir) await settleElsewhere(placement, onProgress)
  await endServer(placement.cluster, 'fast')

  const firstStart = !(await isThere(placement.cluster))
  if (firstStart) {
    onProgress('Making an empty PostgreSQL database (a few seconds, only once)')
    await createCluster(placement, binaries, options.durable)
  }
  const password = await readPassword(placement)
  const postmaster = await startOnFreePort(placement, binaries, options)
  const watch = watchFor(postmaster, placement)
  const stop = onlyOnce(async () => {
    clearInterval(watch)
    await stopPostmaster(postmaster, placement.cluster, 'fast')
    await unlock()
  })
  const detach = async () => {
    clearInterval(watch)
    await unlock()
  }
  const url = superuserUrl(password, postmaster.port)
  return { url, port: postmaster.port, firstStart, stop, detach }
}

/** Without its server the process would refuse everything until somebody looks: it ends and says why instead. */
function watchFor({ pid }: Postmaster, placement: Placement): NodeJS.Timeout {
  let missed = 0
  const look = async () => {
    missed = (await findPostmaster(placement.cluster))?.pid === pid ? 0 : missed + 1
    // Twice: a process that is out of file descriptors sees nothing for a moment either.
    if (missed < 2) return
    clearInterval(watch)
    throw new EmbeddedDatabaseError(
      `The embedded PostgreSQL (process ${pid}) has ended. The reason may be in ${logFile(placement)}. ` +
        'Start Cairn again: committed data is kept.',
    )
  }
  // A rejection that nobody handles ends the process, in good order.
  const watch = setInterval(() => void look(), watchMs)
  return watch.unref()
}

/** Accounts, signals and links are those of Unix here. */
function refuseWindows(): void {
  if (process.platform !== 'win32') return
  throw new EmbeddedDatabaseError(
    'The embedded PostgreSQL is for Linux and macOS. On Windows use WSL, or set DATABASE_URL to a server of yours.',
  )
}

/** Takes the folder outside of the data folder into use, without touching what an earlier data folder left in it. */
async function settleElsewhere(placement: Placement, onProgress: (line: string) => void): Promise<void> {
  if (await isThere(pointerFile(placement.dataDir))) return
  if (await isThere(placement.cluster)) {
    await endServer(placement.cluster, 'fast')
    const aside = `${placement.cluster}.replaced-${Date.now()}`
    await rename(placement.cluster, aside)
    onProgress(`The database of an earlier data folder at this place was moved to ${aside}`)
  }
  await writePointer(placement)
  onProgress(
    `PostgreSQL's account "${placement.account?.name}" cannot enter ${placement.dataDir}: ` +
      `the database is kept in ${placement.home}`,
  )
}

async function endServer(cluster: string, mode: 'fast' | 'immediate'): Promise<void> {
  const running = await findPostmaster(cluster)
  if (running !== undefined) await stopPostmaster(running, cluster, mode)
}

/** Whoever asks for a free port may lose it before the server has it, hence the repetitions. */
async function startOnFreePort(
  placement: Placement,
  binaries: Binaries,
  options: EmbeddedServerOptions,
): Promise<Postmaster> {
  const lastPort = Number(await readIfThere(portFile(placement))) || undefined
  let port = options.port ?? (await freePort(lastPort))
  for (let attempt = 1; attempt <= portAttempts; attempt += 1) {
    const text = configurationFile({ durable: options.durable, port, extra: options.settings ?? {} })
    await writeConfiguration(placement, text)
    const postmaster = await startAfterFormerServer(placement, binaries, options)
    if (postmaster !== 'port taken') {
      await writeFile(portFile(placement), `${port}\n`)
      return postmaster
    }
    if (options.port !== undefined) break
    port = await freePort()
  }
  throw new EmbeddedDatabaseError(`The TCP port ${port} of 127.0.0.1, meant for PostgreSQL, is in use.`)
}

async function startAfterFormerServer(
  placement: Placement,
  binaries: Binaries,
  options: EmbeddedServerOptions,
): Promise<Postmaster | 'port taken'> {
  const deadline = Date.now() + formerServerPatienceMs
  for (let announced = false; Date.now() < deadline; announced = true) {
    const result = await startPostmaster(placement, binaries)
    if (result !== 'former server still ending') return result
    if (!announced)
      options.onProgress?.('Waiting for a PostgreSQL server that was killed to end (a minute at most)')
    await sleep(250)
  }
  throw new EmbeddedDatabaseError(
    `Processes of a PostgreSQL server that was killed still work on ${placement.cluster}. ` +
      'Wait for them or end them (they are named "postgres"), then start again.',
  )
}

function superuserUrl(password: string, port: number): string {
  return `postgres://postgres:${password}@127.0.0.1:${port}/postgres`
}

/** Callers that come twice, such as two signals, wait for the same end. */
function onlyOnce(action: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  return () => {
    running ??= action()
    return running
  }
}
