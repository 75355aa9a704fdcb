import { createHash } from 'node:crypto'
import { chmod, chown, mkdir, realpath, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { accountForNewCluster, canEnter, isRoot, type ServerAccount } from './account.ts'
import { EmbeddedDatabaseError } from './errors.ts'
import { errorCode, isThere, readIfThere } from './files.ts'

/** Where the parts of an embedded server lie. All paths are absolute and free of symbolic links. */
export interface Placement {
  /** The folder the caller named: password and log are here, and the cluster unless it had to move. */
  dataDir: string
  /** The folder that holds the cluster and the lock: `dataDir`, or one that the server's account can enter. */
  home: string
  /** PostgreSQL's own data directory. It may not exist yet. */
  cluster: string
  /** The account that runs the server; undefined means ours. */
  account: ServerAccount | undefined
}

/** Where root keeps what the server's account must reach when the project's folder is closed to it. */
export const systemFolder = '/var/lib/cairn'

export function passwordFile(placement: Placement): string {
  return path.join(placement.dataDir, 'postgres.password')
}

export function logFile(placement: Placement): string {
  return path.join(placement.dataDir, 'postgres.log')
}

export function portFile(placement: Placement): string {
  return path.join(placement.dataDir, 'postgres.port')
}

/** Names the folder of a cluster that could not stay in the data folder. */
export function pointerFile(dataDir: string): string {
  return path.join(dataDir, 'postgres.location')
}

/** The placement of a cluster that an earlier start has made, or undefined when there is none. */
export async function findPlacement(dataDir: string): Promise<Placement | undefined> {
  if (!(await isThere(dataDir))) return undefined
  const folder = await realpath(dataDir)
  const home = (await readPointer(folder)) ?? folder
  const cluster = path.join(home, 'postgres')
  if (!(await isThere(cluster))) return undefined
  return { dataDir: folder, home, cluster, account: await ownerOf(cluster) }
}

/**
 * The placement to start from, with its folders made: that of the existing cluster, else a new one.
 *
 * @throws EmbeddedDatabaseError when the database of this data folder is gone or belongs to another account
 */
export async function choosePlacement(dataDir: string): Promise<Placement> {
  try {
    return await existingOrNewPlacement(dataDir)
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(errorCode(error) ?? '')) throw error
    throw new EmbeddedDatabaseError(
      `This account may not use the data folder ${dataDir} (${errorCode(error)}). ` +
        'Start Cairn as the account that made it, or set CAIRN_DATA_DIR to another folder.',
      { cause: error },
    )
  }
}

async function existingOrNewPlacement(dataDir: string): Promise<Placement> {
  const existing = await findPlacement(dataDir)
  if (existing !== undefined) return existing
  const account = await accountForNewCluster()
  const folder = await makeDataFolder(dataDir, account)
  await refuseLostHome(folder)

  const home = await reachableHome(folder, account)
  return { dataDir: folder, home, cluster: path.join(home, 'postgres'), account }
}

/** Records a cluster outside of the data folder there. */
export async function writePointer(placement: Placement): Promise<void> {
  await writeFile(pointerFile(placement.dataDir), `${placement.home}\n`, { mode: 0o600 })
}

async function ownerOf(cluster: string): Promise<ServerAccount | undefined> {
  const { uid, gid } = await stat(cluster)
  if (uid === process.getuid?.() && !isRoot()) return undefined
  if (isRoot() && uid !== 0) return { name: `uid ${uid}`, uid, gid }
  throw new EmbeddedDatabaseError(
    `The database in ${cluster} belongs to another account (uid ${uid}), which PostgreSQL does not allow. ` +
      'Start Cairn as the account that made it, give the folder back to that account with chown -R, ' +
      'or set CAIRN_DATA_DIR to another folder.',
  )
}

async function makeDataFolder(dataDir: string, account: ServerAccount | undefined): Promise<string> {
  await mkdir(path.dirname(path.resolve(dataDir)), { recursive: true })
  try {
    await mkdir(dataDir, { mode: 0o700 })
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
  }
  const folder = await realpath(dataDir)
  if (account !== undefined) await letThrough(folder, account)
  return folder
}

/** Lets the server's account pass a folder that is root's alone, so that it reaches its own folder inside. */
async function letThrough(folder: string, account: ServerAccount): Promise<void> {
  const { uid, mode } = await stat(folder)
  if (uid !== 0 || (mode & 0o077) !== 0) return
  await chown(folder, 0, account.gid)
  await chmod(folder, 0o710)
}

/** Followed into our own system folder only: what it names is started, and by removeEmbeddedPostgres deleted. */
async function readPointer(folder: string): Promise<string | undefined> {
  const pointer = (await readIfThere(pointerFile(folder)))?.trim()
  if (pointer === undefined || path.dirname(pointer) === systemFolder) return pointer
  throw new EmbeddedDatabaseError(`${pointerFile(folder)} does not name a folder in ${systemFolder}.`)
}

async function refuseLostHome(folder: string): Promise<void> {
  const pointer = await readPointer(folder)
  if (pointer === undefined || (await isThere(pointer))) return
  throw new EmbeddedDatabaseError(
    `The database of ${folder} was kept in ${pointer}, and that folder is gone. ` +
      `Restore it from a backup, or remove ${folder} to begin with an empty database.`,
  )
}

async function reachableHome(folder: string, account: ServerAccount | undefined): Promise<string> {
  if (account === undefined || (await canEnter(account, folder))) return folder
  const home = path.join(systemFolder, createHash('sha256').update(folder).digest('hex').slice(0, 16))
  await mkdir(path.dirname(home), { recursive: true, mode: 0o755 })
  await mkdir(home, { recursive: true, mode: 0o700 })
  await letThrough(home, account)
  if (await canEnter(account, home)) return home
  throw new EmbeddedDatabaseError(
    `PostgreSQL does not run as root, and the account "${account.name}" can enter neither the data folder nor ` +
      `${home}. Set CAIRN_DATA_DIR to a folder under one that everybody may enter, such as /srv/cairn.`,
  )
}
