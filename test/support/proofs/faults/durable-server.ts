import { randomBytes } from 'node:crypto'
import { access, mkdir, readFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { findPlacement, logFile } from '../../../../src/embedded/placement.ts'
import { findPostmaster, type ShutdownMode, stopPostmaster } from '../../../../src/embedded/postmaster.ts'
import { identifyProcess } from '../../../../src/embedded/processes.ts'
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../../../../src/embedded/server.ts'
import type { ServerSettings } from '../../../../src/embedded/settings.ts'

/** A PostgreSQL server of a proof's own, with the settings of a real one, that may be mistreated. */
export interface DurableServer {
  adminUrl: string
  port: number
  dataDir: string
  /** PostgreSQL's own data directory. */
  cluster: string
  /** SIGKILL to the postmaster: nothing is written out, and nobody is told. */
  kill(): Promise<void>
  stop(mode: ShutdownMode): Promise<void>
  isRunning(): Promise<boolean>
  /** Starts it again where it was. @returns when it takes connections, after whatever recovery it needs */
  start(): Promise<void>
  /** What it logged. */
  log(): Promise<string>
}

export interface DurableServerOptions {
  /** A folder that exists, for the data folder; in memory when left out, which a killed process survives too. */
  parent?: string
  settings?: ServerSettings
  /** Lays something into the data folder before the first start. */
  prepare?: (dataDir: string) => Promise<void>
}

export async function startDurableServer(
  t: Test,
  { parent, settings = {}, prepare }: DurableServerOptions = {},
): Promise<DurableServer> {
  const dataDir = path.join(parent ?? (await quickFolder()), await folderName())
  await mkdir(dataDir, { mode: 0o700 })
  t.teardown(() => removeEmbeddedPostgres(dataDir))
  await prepare?.(dataDir)
  // Detached: the embedded server's own watch would end this process together with a server that we killed.
  const launch = async (port?: number) => {
    const server = await startEmbeddedPostgres({
      dataDir,
      durable: true,
      settings: { autovacuum: 'off', ...settings },
      ...(port === undefined ? {} : { port }),
    })
    await server.detach()
    return server
  }
  const { url: adminUrl, port } = await launch()
  const placement = await findPlacement(dataDir)
  if (!placement) throw new Error('The server that was just started is not there')
  const { cluster } = placement
  const running = () => findPostmaster(cluster)
  return {
    adminUrl,
    port,
    dataDir,
    cluster,
    async kill() {
      const postmaster = await running()
      if (postmaster) process.kill(postmaster.pid, 'SIGKILL')
      while (await running()) await sleep(10)
    },
    async stop(mode) {
      const postmaster = await running()
      if (postmaster) await stopPostmaster(postmaster, cluster, mode)
    },
    isRunning: async () => (await running()) !== undefined,
    start: async () => void (await launch(port)),
    log: () => readFile(logFile(placement), 'utf8'),
  }
}

/** Named after this process like the servers of test runs: what a killed run leaves, the next one removes. */
async function folderName(): Promise<string> {
  const owner = await identifyProcess(process.pid)
  return `cairn-test-${process.pid}.${owner?.startedAt ?? ''}.${randomBytes(4).toString('hex')}`
}

async function quickFolder(): Promise<string> {
  const inMemory = await access('/dev/shm').then(
    () => true,
    () => false,
  )
  return inMemory ? '/dev/shm' : os.tmpdir()
}
