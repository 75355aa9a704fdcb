import { randomBytes } from 'node:crypto'
import { lstat, mkdir, readdir, statfs } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { identifyProcess, isRunning, type ProcessIdentity } from '../../src/embedded/processes.ts'
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../../src/embedded/server.ts'
import { disposableSettings } from '../../src/embedded/settings.ts'

/** What another process needs to end a test server: plain JSON. */
export type TestServerState =
  | { kind: 'embedded'; adminUrl: string; dataDir: string }
  | { kind: 'container'; adminUrl: string; containerId: string }
  | { kind: 'yours'; adminUrl: string }

export interface TestServer {
  /** A superuser's URL of the database `postgres`. */
  adminUrl: string
  state: TestServerState
  stop(): Promise<void>
}

export interface TestServerOptions {
  /**
   * The process that the server serves: when it is dead, the next run removes the server. A script that only
   * starts the server and ends names its parent here.
   */
  ownerPid?: number
  environment?: NodeJS.ProcessEnv
}

const folderPrefix = 'cairn-test-'
const ownerLabel = 'cairn.test.owner'
const sharedMemory = '/dev/shm'
const leastSharedMemoryBytes = 1024 ** 3

/**
 * Starts a PostgreSQL server for a test run, which goes on running when this process ends: `TEST_DATABASE_URL` names
 * a server of yours (an administrator's URL), `TEST_DATABASE=containers` takes Docker, else it is the embedded one.
 * Servers of runs that were killed are removed first.
 */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const environment = options.environment ?? process.env
  const state = await startByEnvironment(environment, await ownerOf(options.ownerPid ?? process.pid))
  return { adminUrl: state.adminUrl, state, stop: () => stopTestServer(state) }
}

/** Ends a test server with all its data, from any process. A server of yours is left alone. */
export async function stopTestServer(state: TestServerState): Promise<void> {
  if (state.kind === 'embedded') await removeEmbeddedPostgres(state.dataDir)
  if (state.kind === 'container') await removeContainer(state.containerId)
}

async function startByEnvironment(
  environment: NodeJS.ProcessEnv,
  owner: ProcessIdentity,
): Promise<TestServerState> {
  const { TEST_DATABASE_URL: adminUrl, TEST_DATABASE: kind = 'embedded' } = environment
  if (adminUrl) return { kind: 'yours', adminUrl }
  if (kind === 'embedded') return startEmbedded(owner)
  if (kind === 'containers') return startContainer(owner)
  throw new Error(`TEST_DATABASE is "embedded" or "containers", not "${kind}"`)
}

async function ownerOf(pid: number): Promise<ProcessIdentity> {
  const owner = await identifyProcess(pid)
  if (owner === undefined) throw new Error(`No process ${pid} runs that could own a test server`)
  return owner
}

async function startEmbedded(owner: ProcessIdentity): Promise<TestServerState> {
  await removeLeftFolders(sharedMemory)
  await removeLeftFolders(os.tmpdir())
  const parent = (await hasSharedMemory()) ? sharedMemory : os.tmpdir()
  // The name says whose it is, so that there is no moment at which a folder has no owner.
  const name = `${folderPrefix}${ownerName(owner)}.${randomBytes(4).toString('hex')}`
  const dataDir = path.join(parent, name)
  await mkdir(dataDir, { mode: 0o700 })
  const server = await startEmbeddedPostgres({ dataDir, durable: false })
  await server.detach()
  return { kind: 'embedded', adminUrl: server.url, dataDir }
}

/** In memory a database is made from a template in a third of the time; a container's 64 MB do not suffice. */
async function hasSharedMemory(): Promise<boolean> {
  try {
    const { bavail, bsize } = await statfs(sharedMemory)
    return bavail * bsize >= leastSharedMemoryBytes
  } catch {
    return false
  }
}

async function removeLeftFolders(parent: string): Promise<void> {
  for (const name of await namesIn(parent)) {
    if (!name.startsWith(folderPrefix)) continue
    const owner = parseOwner(name.slice(folderPrefix.length))
    const folder = path.join(parent, name)
    if (owner === undefined || (await isRunning(owner)) || !(await isOurFolder(folder))) continue
    // Two runs may find the same one at the same time; what one leaves behind, the next run finds again.
    await removeEmbeddedPostgres(folder).catch(() => {})
  }
}

/** The folder lies where everybody may write, and what is in it is trusted. */
async function isOurFolder(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => undefined)
  return found?.isDirectory() === true && found.uid === process.getuid?.()
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch {
    return []
  }
}

function ownerName(owner: ProcessIdentity): string {
  return `${owner.pid}.${owner.startedAt}`
}

/** Reads an owner back from the start of a name; undefined when it is not one of ours. */
function parseOwner(name: string): ProcessIdentity | undefined {
  const [, pid, startedAt] = /^(\d+)\.([0-9a-f-]*)(?:\.|$)/.exec(name) ?? []
  return pid === undefined || startedAt === undefined ? undefined : { pid: Number(pid), startedAt }
}

// testcontainers is loaded where it is needed: most runs never do, and it takes a while.

async function startContainer(owner: ProcessIdentity): Promise<TestServerState> {
  const { GenericContainer, Wait } = await import('testcontainers')
  await removeLeftContainers()
  const password = randomBytes(24).toString('base64url')
  const container = await new GenericContainer('postgres:18')
    .withEnvironment({ POSTGRES_PASSWORD: password, POSTGRES_INITDB_ARGS: '--no-sync' })
    .withTmpFs({ '/var/lib/postgresql': 'rw' })
    .withCommand(containerCommand)
    .withLabels({ [ownerLabel]: ownerName(owner) })
    .withExposedPorts(5432)
    // The image starts a server of its own for initdb first: the second message is the one that counts.
    .withWaitStrategy(
      Wait.forAll([
        Wait.forLogMessage(/database system is ready to accept connections/, 2),
        Wait.forListeningPorts(),
      ]),
    )
    // The library's own cleaner would end the server together with this process.
    .withAutoCleanup(false)
    .start()
  const adminUrl = `postgres://postgres:${password}@${container.getHost()}:${container.getMappedPort(5432)}/postgres`
  return { kind: 'container', adminUrl, containerId: container.getId() }
}

const containerCommand = [
  'postgres',
  ...Object.entries(disposableSettings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
]

async function removeLeftContainers(): Promise<void> {
  const { getContainerRuntimeClient } = await import('testcontainers')
  const { container } = await getContainerRuntimeClient()
  for (const { Id, Labels } of await container.list()) {
    const owner = parseOwner(Labels[ownerLabel] ?? '')
    if (owner !== undefined && !(await isRunning(owner))) await removeContainer(Id)
  }
}

async function removeContainer(id: string): Promise<void> {
  const { getContainerRuntimeClient } = await import('testcontainers')
  const { container } = await getContainerRuntimeClient()
  await container.getById(id).remove({ force: true, v: true })
}
