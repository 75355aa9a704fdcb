import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { buildApp } from '../src/app.ts'
import { loadConfig } from '../src/config.ts'
import { freePort } from '../src/embedded/port.ts'
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../src/embedded/server.ts'
import { migrate } from '../src/lib/database/migrate.ts'
import { roleUrl } from '../src/lib/database/roles.ts'
import { createLocalKeyring } from '../src/lib/sealing/keyring.ts'
import { openHouse } from '../src/open-house.ts'
import type { TestApp } from '../test/support/test-app.ts'
import { asAdmin, databaseUrl } from '../test/support/test-server.ts'
import { poolSize } from './pool-size.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const issuer = 'http://cairn.example'

/** A durable PostgreSQL of its own, migrated, and what is needed to start processes on it. */
export interface Ground {
  adminUrl: string
  appUrl: string
  /** To make practices, people and tokens; it serves no measured request. */
  test: TestApp
  /** An access token like this one that is good from now: the bench takes longer than a token lives. */
  renewed(token: string): string
  /** The server's own process, whose children are its connections. */
  postgresPid(): Promise<number>
  startService(): Promise<Running>
  startBare(): Promise<Running>
  end(): Promise<void>
}

export interface Running {
  url: string
  pid: number
  /** From starting the process to its first answer. */
  startMs: number
  stop(): Promise<void>
}

export async function layGround(): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-bench-'))
  const dataDir = join(folder, 'data')
  const keyringFile = join(folder, 'keyring.json')
  const server = await startEmbeddedPostgres({ dataDir, durable: true, settings: benchSettings })
  await asAdmin(server.url, admin => admin.query('create database bench'))
  const adminUrl = databaseUrl(server.url, 'bench')
  const keyring = await createLocalKeyring(keyringFile)
  await migrate(adminUrl, keyring.rolePasswordMaster)
  const appUrl = roleUrl(adminUrl, 'cairn_app', keyring.rolePasswordMaster)
  const relayUrl = roleUrl(adminUrl, 'cairn_relay', keyring.rolePasswordMaster)
  const config = loadConfig({ PUBLIC_URL: issuer, RATE_LIMIT_PER_MINUTE: '1000000' })
  const house = await openHouse({
    config,
    keyring,
    appUrl,
    log: pino({ level: 'silent' }),
    mailer: { send: async () => {} },
  })
  const app = await buildApp(house)
  await app.ready()
  const processes: Running[] = []
  const start = async (script: string, env: Record<string, string>) => {
    const running = await startProcess(script, env)
    processes.push(running)
    return running
  }
  return {
    adminUrl,
    appUrl,
    test: { app, house, adminUrl, appUrl, relayUrl, sentMail: [], logLines: [], setupToken: '' },
    renewed: token => renewed(app, token),
    postgresPid: () => postmasterOf(adminUrl),
    startService: () => start('src/server.ts', serviceEnvironment(appUrl, relayUrl, keyringFile)),
    startBare: () => start('bench/bare.ts', { DATABASE_URL: adminUrl }),
    end: async () => {
      for (const running of processes) await running.stop()
      await app.close()
      await house.database.pool.end()
      keyring.close()
      await server.stop()
      await removeEmbeddedPostgres(dataDir)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

type AccessClaims = Parameters<FastifyInstance['signAccessToken']>[0]

function renewed(app: FastifyInstance, token: string): string {
  const decoded = app.jwt.decode<{ payload: AccessClaims & { iat: number; exp: number } }>(token)
  if (!decoded) throw new Error('No token of ours')
  const { iat: _issued, exp: _expires, ...claims } = decoded.payload
  return app.signAccessToken(claims)
}

const benchSettings = { max_connections: '200', shared_buffers: '512MB', max_wal_size: '4GB' }

const serviceEnvironment = (appUrl: string, relayUrl: string, keyringFile: string) => ({
  PROCESS_ROLE: 'api',
  PUBLIC_URL: issuer,
  DATABASE_APP_URL: appUrl,
  DATABASE_RELAY_URL: relayUrl,
  CAIRN_KEYRING_FILE: keyringFile,
  DATABASE_POOL_SIZE: String(poolSize),
  RATE_LIMIT_PER_MINUTE: '1000000000',
  NODE_ENV: 'production',
})

async function startProcess(script: string, env: Record<string, string>): Promise<Running> {
  const started = performance.now()
  const port = await freePort()
  const child = spawn(process.execPath, [join(root, script)], {
    cwd: root,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', PORT: String(port), ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const url = `http://127.0.0.1:${port}`
  const gone = new Promise<never>((_, reject) => {
    child.once('exit', code => reject(new Error(`${script} ended with ${code}`)))
  })
  gone.catch(() => {})
  await Promise.race([answers(`${url}/livez`), gone])
  return { url, pid: child.pid ?? 0, startMs: performance.now() - started, stop: () => end(child) }
}

async function answers(url: string): Promise<void> {
  for (;;) {
    try {
      if ((await fetch(url)).ok) return
    } catch {
      await new Promise(done => setTimeout(done, 10))
    }
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise(done => child.once('exit', done))
  child.kill('SIGTERM')
  await ended
}

async function postmasterOf(adminUrl: string): Promise<number> {
  return asAdmin(adminUrl, async admin => {
    const { rows } = await admin.query(
      `select split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::integer as pid`,
    )
    return rows[0].pid
  })
}
