import { spawn } from 'node:child_process'
import { chown, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { childIdentity, serverEnvironment } from '../embedded/account.ts'
import type { Binaries } from '../embedded/binaries.ts'
import { writeConfiguration } from '../embedded/cluster.ts'
import { EmbeddedDatabaseError } from '../embedded/errors.ts'
import { readIfThere } from '../embedded/files.ts'
import { logFile, type Placement } from '../embedded/placement.ts'
import { freePort } from '../embedded/port.ts'
import { type Postmaster, startPostmaster, stopPostmaster } from '../embedded/postmaster.ts'
import { configurationFile } from '../embedded/settings.ts'
import { BackupError } from './errors.ts'

/** Replaying a day's log takes minutes; a year is not waited for. */
const recoveryPatienceMs = 6 * 3_600_000

export interface Recovered {
  /** Of the last transaction that is in; undefined when none came after the base backup. */
  lastTransactionAt: string | undefined
  /** Where the log was left: the new timeline begins here. */
  endLsn: string
}

/** Recovery did not come to the instant that was asked for. */
export class LogEndsEarlier extends BackupError {
  /** Where the last record was found; undefined when there was none. */
  readonly lastLsn: string | undefined
  readonly lastTransactionAt: string | undefined

  constructor(lastLsn: string | undefined, lastTransactionAt: string | undefined) {
    super('The archived log ends before that instant.')
    this.lastLsn = lastLsn
    this.lastTransactionAt = lastTransactionAt
  }
}

/**
 * Lets a server replay the log that lies in `pg_wal`, up to the instant or to the log's end, and end itself
 * in good order afterwards. Nobody can connect before it is done.
 *
 * @throws LogEndsEarlier; EmbeddedDatabaseError with the end of the server's log
 */
export async function recover(
  placement: Placement,
  binaries: Binaries,
  { timeline, until }: { timeline: number; until: string | undefined },
): Promise<Recovered> {
  await writeSignal(placement)
  await configure(placement, {
    // The segments are in place; a recovery insists on being told how to fetch more.
    restore_command: 'exit 1',
    recovery_target_timeline: 'current',
    recovery_target_action: 'promote',
    ...(until === undefined ? {} : { recovery_target_time: settingOf(until) }),
    hot_standby: 'off',
    archive_mode: 'off',
  })
  try {
    const server = await start(placement, binaries)
    await stopPostmaster(server, placement.cluster, 'fast')
  } catch (error) {
    throw (await explained(placement)) ?? error
  }
  return { lastTransactionAt: await lastTransaction(placement), endLsn: await endOf(placement, timeline) }
}

/** The configuration is read before PostgreSQL knows the names of zones, Z among them. */
const settingOf = (instant: string) => instant.replace('T', ' ').replace('Z', '+00')

/** A server as it will run later, on a free port; end it with `stopPostmaster`. */
export async function startRestored(placement: Placement, binaries: Binaries): Promise<Postmaster> {
  await configure(placement, { archive_mode: 'off' })
  return start(placement, binaries)
}

/** Gives the superuser a new password: the former one is no part of a backup. The server must not run. */
export async function setPassword(placement: Placement, binaries: Binaries, password: string): Promise<void> {
  const child = spawn(binaries.postgres, ['--single', '-D', placement.cluster, 'postgres'], {
    cwd: '/',
    env: serverEnvironment,
    stdio: ['pipe', 'ignore', 'pipe'],
    ...childIdentity(placement.account),
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', text => {
    said += text
  })
  child.stdin.end(`alter role postgres password '${password}'\n`)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code === 0 && !said.includes('ERROR:')) return
  throw new EmbeddedDatabaseError(`The restored database could not be given a password (exit code ${code}).`)
}

const start = async (placement: Placement, binaries: Binaries): Promise<Postmaster> => {
  const server = await startPostmaster(placement, binaries, recoveryPatienceMs)
  if (typeof server === 'object') return server
  throw new EmbeddedDatabaseError(`PostgreSQL did not start: ${server}.`)
}

async function configure(placement: Placement, extra: Record<string, string>): Promise<void> {
  await writeConfiguration(placement, configurationFile({ durable: true, port: await freePort(), extra }))
}

async function writeSignal(placement: Placement): Promise<void> {
  const signal = path.join(placement.cluster, 'recovery.signal')
  // Settings of the former server's own: its archive is not this one's.
  const own = path.join(placement.cluster, 'postgresql.auto.conf')
  await rm(own, { force: true })
  for (const file of [signal, own]) {
    await writeFile(file, '', { mode: 0o600 })
    if (placement.account) await chown(file, placement.account.uid, placement.account.gid)
  }
}

async function explained(placement: Placement): Promise<BackupError | undefined> {
  const log = (await readIfThere(logFile(placement))) ?? ''
  const ended = /recovery ended before configured recovery target|WAL ends before end of online backup/
  if (!ended.test(log) && !/could not locate required checkpoint record/.test(log)) return undefined
  return new LogEndsEarlier(
    /redo done at ([0-9A-F]+\/[0-9A-F]+)/.exec(log)?.[1],
    await lastTransaction(placement),
  )
}

async function lastTransaction(placement: Placement): Promise<string | undefined> {
  const log = (await readIfThere(logFile(placement))) ?? ''
  const [, day, time] = /last completed transaction was at log time (\S+) (\S+)\+00/.exec(log) ?? []
  return day === undefined ? undefined : `${day}T${time}Z`
}

/** The history file of the new timeline says where it left the former one. */
async function endOf({ cluster }: Placement, timeline: number): Promise<string> {
  const name = `${(timeline + 1).toString(16).toUpperCase().padStart(8, '0')}.history`
  const history = await readFile(path.join(cluster, 'pg_wal', name), 'utf8')
  return /^\d+\t(\S+)/m.exec(history)?.[1] ?? '0/0'
}
