import { type ChildProcess, spawn } from 'node:child_process'
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { childIdentity, serverEnvironment } from './account.ts'
import type { Binaries } from './binaries.ts'
import { EmbeddedDatabaseError } from './errors.ts'
import { isThere, readIfThere } from './files.ts'
import { logFile, type Placement } from './placement.ts'
import { commandLine } from './processes.ts'

/** A running server process. */
export interface Postmaster {
  pid: number
  port: number
}

/** How to end a server: `fast` writes everything out first, `immediate` leaves that to the next start's recovery. */
export type ShutdownMode = 'fast' | 'immediate'

/** Why a server did not come up, as far as a second try can help. */
export type StartFailure = 'port taken' | 'former server still ending'

/** Recovery after a crash comes before the server is ready. */
const startTimeoutMs = 120_000
const fastShutdownMs = 15_000
const immediateShutdownMs = 5_000
const largestLogBytes = 10 * 1024 * 1024

/** The server that runs on this cluster, whoever started it, or undefined. */
export async function findPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const recorded = await readPidFile(cluster)
  if (recorded === undefined || !(await serves(recorded.pid, cluster))) return undefined
  return { pid: recorded.pid, port: recorded.port }
}

/**
 * Starts a server in a session of its own: neither Ctrl-C nor the end of this process ends it.
 * The cluster has to be locked, and no server may run on it.
 *
 * @returns the server, ready for connections, or why it is worth another try
 * @throws EmbeddedDatabaseError with the end of the server's log
 */
export async function startPostmaster(
  placement: Placement,
  binaries: Binaries,
  timeoutMs = startTimeoutMs,
): Promise<Postmaster | StartFailure> {
  await removeStalePidFile(placement.cluster)
  await rotateLog(logFile(placement))
  const log = await open(logFile(placement), 'a+', 0o600)
  try {
    const { size } = await log.stat()
    const child = spawnServer(placement, binaries, log)
    const postmaster = await untilReady(placement.cluster, child, timeoutMs)
    if (postmaster !== undefined) return postmaster
    return whyNotStarted(await readFrom(log, size), logFile(placement))
  } finally {
    await log.close()
  }
}

/** Ends a server and waits for that; each step that takes too long is followed by a harder one. */
export async function stopPostmaster(
  postmaster: Postmaster,
  cluster: string,
  mode: ShutdownMode,
): Promise<void> {
  if (mode === 'fast' && (await endsAfter('SIGINT', postmaster, cluster, fastShutdownMs))) return
  if (await endsAfter('SIGQUIT', postmaster, cluster, immediateShutdownMs)) return
  if (await endsAfter('SIGKILL', postmaster, cluster, immediateShutdownMs)) return
  throw new EmbeddedDatabaseError(`PostgreSQL (process ${postmaster.pid}) on ${cluster} does not end.`)
}

async function endsAfter(
  signal: NodeJS.Signals,
  postmaster: Postmaster,
  cluster: string,
  patienceMs: number,
): Promise<boolean> {
  if (!(await serves(postmaster.pid, cluster))) return true
  process.kill(postmaster.pid, signal)
  const deadline = Date.now() + patienceMs
  while (Date.now() < deadline) {
    if (!(await serves(postmaster.pid, cluster))) return true
    await sleep(20)
  }
  return false
}

/**
 * Whether this pid is a server on this cluster. postmaster.pid alone does not say: after a crash its pid may run
 * again as a stranger, which we must not end. The path has to be ours too: in a copied folder the file names the
 * live server of the original.
 */
async function serves(pid: number, cluster: string): Promise<boolean> {
  const words = await commandLine(pid)
  const command = words.join(' ')
  return /(^|\/)postgres /.test(command) && (words.includes(cluster) || command.endsWith(` ${cluster}`))
}

interface PidFile extends Postmaster {
  status: string
}

/** postmaster.pid, line by line: pid, data directory, start time, port, socket folder, address, shared memory, status. */
async function readPidFile(cluster: string): Promise<PidFile | undefined> {
  const lines = (await readIfThere(path.join(cluster, 'postmaster.pid')))?.split('\n')
  const pid = Number(lines?.[0])
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined
  return { pid, port: Number(lines?.[3]), status: lines?.[7]?.trim() ?? '' }
}

/**
 * A stale postmaster.pid blocks the start when its pid runs again as something else, or is a zombie. Removing it is
 * safe: PostgreSQL finds survivors of the former server by the shared memory of the data directory as well, and a
 * server that we failed to recognize ends itself within a minute when this file is gone.
 */
async function removeStalePidFile(cluster: string): Promise<void> {
  await rm(path.join(cluster, 'postmaster.pid'), { force: true })
}

async function rotateLog(file: string): Promise<void> {
  if (!(await isThere(file))) return
  const { size } = await stat(file)
  if (size > largestLogBytes) await rename(file, `${file}.old`)
}

function spawnServer(placement: Placement, binaries: Binaries, log: FileHandle): ChildProcess {
  const child = spawn(binaries.postgres, ['-D', placement.cluster], {
    cwd: '/',
    env: serverEnvironment,
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    ...childIdentity(placement.account),
  })
  child.unref()
  return child
}

/** Waits until the server is ready; undefined when it ended instead. */
async function untilReady(
  cluster: string,
  child: ChildProcess,
  timeoutMs: number,
): Promise<Postmaster | undefined> {
  let failure: Error | undefined
  child.once('error', error => {
    failure = error
  })
  const deadline = Date.now() + timeoutMs
  while (child.exitCode === null && child.signalCode === null) {
    if (failure !== undefined) throw failure
    if (Date.now() > deadline) {
      child.kill('SIGQUIT')
      throw new EmbeddedDatabaseError(
        `PostgreSQL on ${cluster} is not ready after ${timeoutMs / 1000} seconds.`,
      )
    }
    const recorded = await readPidFile(cluster)
    if (recorded?.pid === child.pid && recorded?.status === 'ready')
      return { pid: recorded.pid, port: recorded.port }
    await sleep(15)
  }
  return undefined
}

async function readFrom(log: FileHandle, position: number): Promise<string> {
  const { size } = await log.stat()
  const { buffer } = await log.read({ buffer: Buffer.alloc(size - position), position })
  return buffer.toString('utf8')
}

function whyNotStarted(output: string, file: string): StartFailure {
  if (/could not bind|could not create any TCP\/IP sockets/.test(output)) return 'port taken'
  if (/pre-existing shared memory block/.test(output)) return 'former server still ending'
  const reason = output.trim().split('\n').slice(-5).join('\n')
  throw new EmbeddedDatabaseError(`PostgreSQL did not start. The end of ${file}:\n${reason}`)
}
