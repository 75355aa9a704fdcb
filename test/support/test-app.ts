import { randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import type { Test } from 'tap'
import { buildApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { roleUrl } from '../../src/lib/database/roles.ts'
import type { House } from '../../src/lib/house.ts'
import type { Mail } from '../../src/lib/mail.ts'
import { loadLocalKeyring } from '../../src/lib/sealing/keyring.ts'
import { openHouse } from '../../src/open-house.ts'
import { checkedInject } from './checked-inject.ts'
import { startBeside } from './proofs/cluster/instances.ts'
import { type Pooler, through } from './proofs/cluster/pgbouncer.ts'
import { asAdmin, databaseUrl, templateName, testServer } from './test-server.ts'

export interface TestApp {
  app: FastifyInstance
  house: House
  /** A superuser's URL of this file's own database, to look behind the fence. Never given to the service. */
  adminUrl: string
  /** The runtime role's URL. */
  appUrl: string
  relayUrl: string
  sentMail: Mail[]
  /** Every line the service logged. */
  logLines: string[]
  setupToken: string
  /** Whether its callers ask again when they are turned away because the machine is busy. */
  isCrowded?: boolean
}

export interface TestAppOptions {
  /** So many callers at once: as many connections, and callers who ask again when a busy machine turns them away. */
  crowd?: number
  env?: Record<string, string>
  clock?: House['clock']
  /** A keyring of the test's own; the run's shared one when left out. */
  keyringFile?: string
  /** Leads the service through this pooler, without named statements; TEST_POOLER does it for a whole run. */
  pooler?: Pooler
  /** Why no second instance may take every other request when TEST_INSTANCES asks for one. */
  alone?: string
}

/** The service as it runs, on a database of its own, cloned from the migrated template (about 0.1 s). */
export async function createTestApp(t: Test, options: TestAppOptions = {}): Promise<TestApp> {
  const { server, keyringFile, pooler: sharedPooler, documentFile } = await testServer()
  const pooler = options.pooler ?? sharedPooler
  const name = `t_${randomBytes(8).toString('hex')}`
  await asAdmin(server.adminUrl, admin =>
    admin.query(`create database ${name} template ${templateName} strategy file_copy`),
  )
  const keyring = await loadLocalKeyring(options.keyringFile ?? keyringFile)
  const adminUrl = databaseUrl(server.adminUrl, name)
  const [appUrl, relayUrl] = (['cairn_app', 'cairn_relay'] as const).map(role => {
    const url = roleUrl(adminUrl, role, keyring.rolePasswordMaster)
    return pooler ? through(pooler, url) : url
  }) as [string, string]
  const setupToken = randomBytes(16).toString('hex')
  const config = loadConfig({
    SETUP_TOKEN: setupToken,
    DATABASE_POOL_SIZE: String(options.crowd ?? 6),
    RATE_LIMIT_PER_MINUTE: '1000000',
    DEV_INBOX: 'true',
    DATABASE_NAMED_STATEMENTS: String(!pooler),
    ...options.env,
  })
  const sentMail: Mail[] = []
  const logLines: string[] = []
  const house = await openHouse({
    config,
    keyring,
    appUrl,
    log: pino({ level: config.LOG_LEVEL }, { write: (line: string) => void logLines.push(line) }),
    clock: options.clock,
    mailer: { send: async mail => void sentMail.push(mail), inbox: sentMail },
  })
  const app = await buildApp(house)
  await app.ready()
  checkedInject(app, documentFile)
  const beside = options.alone ? [] : await startBeside(app, { ...house, appUrl })
  t.teardown(async () => {
    await app.close()
    await house.database.pool.end()
    for (const stop of beside) await stop()
    keyring.close()
    await asAdmin(server.adminUrl, admin => admin.query(`drop database if exists ${name} with (force)`))
  })
  const isCrowded = options.crowd !== undefined
  return { app, house, adminUrl, appUrl, relayUrl, sentMail, logLines, setupToken, isCrowded }
}
