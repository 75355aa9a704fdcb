import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { errorCode } from './files.ts'

const execute = promisify(execFile)

/**
 * One process, told apart from a later one that got the same pid.
 * `startedAt` is an opaque word of `[0-9a-f-]`, empty where the system does not say.
 */
export interface ProcessIdentity {
  pid: number
  startedAt: string
}

/** The identity of a running process, or undefined when no such process runs. */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | undefined> {
  if (!answersSignals(pid)) return undefined
  if (process.platform !== 'linux') return { pid, startedAt: await startTimeFromPs(pid) }

  const fields = await processStatFields(pid)
  // Hidden by a hidepid mount: the process runs, but nothing more is known of it.
  if (fields === undefined) return { pid, startedAt: '' }
  // A zombie waits for a parent that may never collect it (no init in a container): it is dead.
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined
  return { pid, startedAt: `${await bootId()}-${fields[19]}` }
}

/** Whether that very process still runs. In doubt it does: a wrong "dead" would cost data, a wrong "alive" a message. */
export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  const current = await identifyProcess(identity.pid)
  if (current === undefined) return false
  return current.startedAt === '' || identity.startedAt === '' || current.startedAt === identity.startedAt
}

/** The words of a running process's command line; empty when it is gone. (Without /proc: one joined word.) */
export async function commandLine(pid: number): Promise<string[]> {
  try {
    if (process.platform !== 'linux') return [await ps(pid, 'command=')]
    // Not /proc/<pid>/cwd or exe: root in a container often lacks the capability to read those of another account.
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0')
  } catch {
    return []
  }
}

function answersSignals(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}

/** The fields of /proc/<pid>/stat from the third on: the second is the command's name and may hold anything. */
async function processStatFields(pid: number): Promise<string[] | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}

/** Start times count from boot, so they only mean something together with the boot. */
async function bootId(): Promise<string> {
  try {
    return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).slice(0, 8)
  } catch {
    return ''
  }
}

async function startTimeFromPs(pid: number): Promise<string> {
  try {
    return createHash('sha256')
      .update(await ps(pid, 'lstart='))
      .digest('hex')
      .slice(0, 16)
  } catch {
    return ''
  }
}

async function ps(pid: number, column: string): Promise<string> {
  const { stdout } = await execute('ps', ['-ww', '-o', column, '-p', String(pid)], {
    // One locale and zone for everybody: start times are compared as text.
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
  })
  return stdout.trim()
}
