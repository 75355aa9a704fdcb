import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { pino } from 'pino'
import type { Test } from 'tap'
import { buildApp } from '../../../../src/app.ts'
import { loadConfig } from '../../../../src/config.ts'
import { migrate } from '../../../../src/lib/database/migrate.ts'
import { roleUrl } from '../../../../src/lib/database/roles.ts'
import { startWorker } from '../../../../src/lib/jobs/worker.ts'
import {
  createLocalKeyring,
  type LocalKeyring,
  loadLocalKeyring,
} from '../../../../src/lib/sealing/keyring.ts'
import { openHouse } from '../../../../src/open-house.ts'
import { checkedInject } from '../../checked-inject.ts'
import type { TestApp } from '../../test-app.ts'
import { asAdmin, databaseUrl, templateName, testServer } from '../../test-server.ts'
import type { DurableServer } from './durable-server.ts'
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts'

/** The service with its worker, all of whose connections lead through a network that fails on demand. */
export interface FaultedService extends TestApp {
  proxy: FaultProxy
  /** Where it listens, for what needs a real socket. */
  url: string
}

export interface FaultedServiceOptions {
  /** On a server of the proof's own; else on the run's. */
  server?: DurableServer
  poolSize?: number
  /** Off where background work would blur what is counted. */
  worker?: boolean
}

/** `adminUrl` leads past the faults; the urls of the runtime roles lead through them. */
export async function createFaultedService(
  t: Test,
  options: FaultedServiceOptions = {},
): Promise<FaultedService> {
  const { adminUrl, keyring } = options.server ? await ownDatabase(options.server) : await sharedDatabase(t)
  const { hostname: host, port } = new URL(adminUrl)
  const proxy = await startFaultProxy({ host, port: Number(port) })
  const [appUrl, relayUrl] = (['cairn_app', 'cairn_relay'] as const).map(role => {
    const url = new URL(roleUrl(adminUrl, role, keyring.rolePasswordMaster))
    url.port = String(proxy.port)
    return url.href
  }) as [string, string]
  const logLines: string[] = []
  const config = loadConfig({
    DATABASE_POOL_SIZE: String(options.poolSize ?? 6),
    RATE_LIMIT_PER_MINUTE: '100000000',
    LOG_LEVEL: 'info',
  })
  const house = await openHouse({
    config,
    keyring,
    appUrl,
    log: pino({ level: config.LOG_LEVEL }, { write: (line: string) => void logLines.push(line) }),
    mailer: { send: async () => {}, inbox: [] },
  })
  const app = await buildApp(house)
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  checkedInject(app)
  const worker = options.worker === false ? undefined : await startWorker(house, { relayUrl })
  t.teardown(async () => {
    await proxy.pass()
    await worker?.stop()
    await app.close()
    await house.database.pool.end()
    await proxy.close()
    keyring.close()
  })
  return { app, house, adminUrl, appUrl, relayUrl, sentMail: [], logLines, setupToken: '', proxy, url }
}

interface Ground {
  adminUrl: string
  keyring: LocalKeyring
}

async function ownDatabase({ adminUrl, dataDir }: DurableServer): Promise<Ground> {
  const keyring = await createLocalKeyring(path.join(dataDir, 'keyring.json'))
  await asAdmin(adminUrl, admin => admin.query('create database faults'))
  const url = databaseUrl(adminUrl, 'faults')
  await migrate(url, keyring.rolePasswordMaster)
  return { adminUrl: url, keyring }
}

async function sharedDatabase(t: Test): Promise<Ground> {
  const { server, keyringFile } = await testServer()
  const name = `t_${randomBytes(8).toString('hex')}`
  await asAdmin(server.adminUrl, admin =>
    admin.query(`create database ${name} template ${templateName} strategy file_copy`),
  )
  t.teardown(() =>
    asAdmin(server.adminUrl, admin => admin.query(`drop database if exists ${name} with (force)`)),
  )
  return { adminUrl: databaseUrl(server.adminUrl, name), keyring: await loadLocalKeyring(keyringFile) }
}
