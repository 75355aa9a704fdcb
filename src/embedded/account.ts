import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { EmbeddedDatabaseError } from './errors.ts'

const execute = promisify(execFile)

/** An operating-system account that PostgreSQL runs under because it refuses to run as root. */
export interface ServerAccount {
  name: string
  uid: number
  gid: number
}

/** All that PostgreSQL sees of our environment: PG* and LC_* variables of a person's shell must not steer it. */
export const serverEnvironment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

/** Whether this process is root (never on systems without user ids). */
export function isRoot(): boolean {
  return process.getuid?.() === 0
}

/**
 * The account for a new cluster: undefined (our own) for a normal user; for root an existing account, because a
 * program that is tried out must not add users to somebody's machine.
 */
export async function accountForNewCluster(): Promise<ServerAccount | undefined> {
  if (!isRoot()) return undefined
  const account = (await findAccount('postgres')) ?? (await findAccount('nobody'))
  if (account !== undefined) return account
  throw new EmbeddedDatabaseError(
    'PostgreSQL does not run as root, and this machine has neither an account "postgres" nor "nobody" for it. ' +
      'Start Cairn as a normal user, or set DATABASE_URL to a PostgreSQL server of yours.',
  )
}

/** What to add to the options of a child process that runs under the account. */
export function childIdentity(account: ServerAccount | undefined): { uid?: number; gid?: number } {
  return account === undefined ? {} : { uid: account.uid, gid: account.gid }
}

/** Runs a program under the account and returns what it printed. */
export async function runAs(
  account: ServerAccount | undefined,
  file: string,
  args: string[],
): Promise<string> {
  // cwd: the account may not be allowed into ours.
  const options = { cwd: '/', env: serverEnvironment, ...childIdentity(account) }
  const { stdout } = await execute(file, args, options)
  return stdout
}

/** Whether the account may enter a folder: asked of the system itself, which also knows ACLs and mounts. */
export async function canEnter(account: ServerAccount | undefined, folder: string): Promise<boolean> {
  try {
    await runAs(account, '/bin/sh', ['-c', 'cd "$1"', 'sh', folder])
    return true
  } catch {
    return false
  }
}

async function findAccount(name: string): Promise<ServerAccount | undefined> {
  try {
    const [uid, gid] = await Promise.all([numberFromId('-u', name), numberFromId('-g', name)])
    return uid === 0 ? undefined : { name, uid, gid }
  } catch {
    return undefined
  }
}

async function numberFromId(flag: string, name: string): Promise<number> {
  const { stdout } = await execute('id', [flag, name])
  // | 0: macOS prints nobody (-2) as 4294967294, and child processes take a signed number.
  return Number(stdout) | 0
}
