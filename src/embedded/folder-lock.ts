import { randomUUID } from 'node:crypto'
import { link, readdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { EmbeddedDatabaseError } from './errors.ts'
import { errorCode, readIfThere } from './files.ts'
import { identifyProcess, isRunning, type ProcessIdentity } from './processes.ts'

const prefix = 'cairn.lock.'

/**
 * Takes a folder for this process alone and returns the function that gives it back.
 * The lock of a process that died is taken over, also when its pid runs again as something else.
 *
 * A lock is a numbered file, and the highest number owns the folder. Taking over means creating the next number,
 * which the file system grants to one process only; removing the dead lock first would let two contenders
 * remove each other's fresh one.
 *
 * @param shownAs how the message names the folder
 * @throws EmbeddedDatabaseError when another running process holds the folder
 */
export async function lockFolder(folder: string, shownAs = folder): Promise<() => Promise<void>> {
  const owner = (await identifyProcess(process.pid)) ?? { pid: process.pid, startedAt: '' }
  for (;;) {
    const highest = Math.max(0, ...(await lockNumbers(folder)))
    await refuseWhenHeld(lockFile(folder, highest), shownAs)

    const mine = highest + 1
    if (!(await createLock(folder, mine, owner))) continue
    const numbers = await lockNumbers(folder)
    // Somebody took over and tidied up between our look and our lock: theirs is the higher one.
    if (numbers.some(number => number > mine)) {
      await rm(lockFile(folder, mine), { force: true })
      continue
    }
    for (const older of numbers.filter(number => number < mine)) {
      await rm(lockFile(folder, older), { force: true })
    }
    return () => rm(lockFile(folder, mine), { force: true })
  }
}

async function refuseWhenHeld(lock: string, shownAs: string): Promise<void> {
  const holder = await readOwner(lock)
  if (holder === undefined || !(await isRunning(holder))) return
  throw new EmbeddedDatabaseError(
    `Another Cairn (process ${holder.pid}) is using the data folder ${shownAs}. ` +
      'Stop it first, or set CAIRN_DATA_DIR to another folder.',
  )
}

async function lockNumbers(folder: string): Promise<number[]> {
  const names = await readdir(folder)
  return names
    .filter(name => name.startsWith(prefix))
    .map(name => Number(name.slice(prefix.length)))
    .filter(Number.isSafeInteger)
}

/** Written aside and then linked, so that nobody ever reads a lock without its owner. */
async function createLock(folder: string, number: number, owner: ProcessIdentity): Promise<boolean> {
  const draft = path.join(folder, `.lock-${randomUUID()}`)
  await writeFile(draft, JSON.stringify(owner), { flag: 'wx', mode: 0o600 })
  try {
    await link(draft, lockFile(folder, number))
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

/** The owner of a lock; undefined when there is none, or when a power cut left the file unreadable. */
async function readOwner(file: string): Promise<ProcessIdentity | undefined> {
  const text = await readIfThere(file)
  if (text === undefined) return undefined
  try {
    const { pid, startedAt } = JSON.parse(text)
    return Number.isSafeInteger(pid) && typeof startedAt === 'string' ? { pid, startedAt } : undefined
  } catch {
    return undefined
  }
}

function lockFile(folder: string, number: number): string {
  return path.join(folder, `${prefix}${number}`)
}
