import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { Agent, createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { LightMyRequestResponse } from 'fastify'
import { pino } from 'pino'
import type { Test } from 'tap'
import { buildApp } from '../../../../src/app.ts'
import { loadConfig } from '../../../../src/config.ts'
import { startEmbeddedPostgres } from '../../../../src/embedded/server.ts'
import { migrate } from '../../../../src/lib/database/migrate.ts'
import { roleUrl } from '../../../../src/lib/database/roles.ts'
import type { Mail } from '../../../../src/lib/mail.ts'
import { createLocalKeyring } from '../../../../src/lib/sealing/keyring.ts'
import { openHouse } from '../../../../src/open-house.ts'
import type { Inject } from '../../checked-inject.ts'
import { type RunningService, startService } from '../../service.ts'
import type { TestApp } from '../../test-app.ts'
import { asAdmin, databaseUrl } from '../../test-server.ts'
import { echoingMailServer } from './mail-server.ts'

/** A database server of its own with its log, the service as processes beside it, and ears for all they say. */
export interface Stage {
  /** Speaks to the process that runs now; tokens are made, and the document read, in this process. */
  test: TestApp
  /** Where the process that is spoken to listens. */
  url(): string
  dataDir: string
  folder: string
  setRole(settings: Record<string, string>): Promise<void>
  /** Starts the service as the next process; the walk speaks to it from now on. */
  serve(role: 'api' | 'worker'): Promise<RunningService>
  /** Ends the process by an error that nobody handles, with this message. */
  crash(service: RunningService, how: 'uncaught' | 'unhandled', message: string): Promise<void>
  /** What every process printed so far, by name. */
  outputs(): Record<string, string>
  hear(name: string, text: string): void
  /** What the collector of traces got so far. */
  traces(): string
  otlpUrl: string
  postgresLog(): Promise<string>
  /** For commands of the operator. */
  commandEnv: Record<string, string>
  /** What the mail server was told, refused or not. */
  mailed(): string
}

const crashing = fileURLToPath(new URL('crash.ts', import.meta.url))
const publicUrl = 'https://canary.example'

export async function openStage(t: Test): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-canary-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const dataDir = join(folder, 'data')
  const server = await startEmbeddedPostgres({ dataDir, durable: false })
  t.teardown(() => server.stop())
  await asAdmin(server.url, admin => admin.query('create database cairn'))
  const adminUrl = databaseUrl(server.url, 'cairn')
  const keyringFile = join(folder, 'keyring.json')
  const keyring = await createLocalKeyring(keyringFile)
  await migrate(adminUrl, keyring.rolePasswordMaster)

  const otlp = await collector(t)
  const mail = await echoingMailServer(t)
  const setupToken = randomBytes(16).toString('hex')
  const commandEnv = { DATABASE_URL: adminUrl, CAIRN_KEYRING_FILE: keyringFile }
  const env: Record<string, string> = {
    ...commandEnv,
    SETUP_TOKEN: setupToken,
    PUBLIC_URL: publicUrl,
    MIGRATE_ON_START: 'false',
    LOG_LEVEL: 'trace',
    RATE_LIMIT_PER_MINUTE: '1000000',
    SMTP_URL: mail.url,
    OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
    AUDIT_ANCHOR_FILE: join(folder, 'anchors.jsonl'),
    NODE_OPTIONS: `--import=${crashing}`,
  }
  const services: { name: string; service: RunningService; trigger: string }[] = []
  const heard: Record<string, string> = {}
  let url = ''
  const { twin, logLines, sentMail } = await openTwin(t, { adminUrl, keyring, setupToken })
  Object.assign(twin.app, { inject: injectOver(() => url) })
  return {
    test: twin,
    url: () => url,
    dataDir,
    folder,
    setRole: settings =>
      asAdmin(adminUrl, async admin => {
        for (const [name, value] of Object.entries(settings))
          await admin.query(`alter role cairn_app set ${name} = '${value}'`)
      }),
    async serve(role) {
      const name = `${role} ${services.length + 1}`
      const trigger = join(folder, `${role}-${services.length + 1}.crash`)
      const service = await startService(dataDir, { ...env, PROCESS_ROLE: role, CRASH_FILE: trigger })
      t.teardown(() => service.kill())
      services.push({ name, service, trigger })
      if (role === 'api') url = service.url
      return service
    },
    async crash(service, how, message) {
      const { trigger } = services.find(one => one.service === service) ?? {}
      if (!trigger) throw new Error('This process is not of this stage')
      await writeFile(trigger, JSON.stringify({ how, message }))
      await service.ended
    },
    outputs: () => ({
      ...Object.fromEntries(services.map(({ name, service }) => [name, service.output()])),
      ...heard,
      'this process': logLines.join(''),
    }),
    hear: (name, text) => {
      heard[name] = (heard[name] ?? '') + text
    },
    traces: otlp.received,
    otlpUrl: otlp.url,
    postgresLog: () => readFile(join(dataDir, 'postgres.log'), 'utf8'),
    commandEnv,
    mailed: () => mail.told() + JSON.stringify(sentMail),
  }
}

type Twin = { adminUrl: string; keyring: Awaited<ReturnType<typeof createLocalKeyring>>; setupToken: string }

/** The service within this process, on the same database: it signs tokens and knows the document, no more. */
async function openTwin(t: Test, { adminUrl, keyring, setupToken }: Twin) {
  const appUrl = roleUrl(adminUrl, 'cairn_app', keyring.rolePasswordMaster)
  const relayUrl = roleUrl(adminUrl, 'cairn_relay', keyring.rolePasswordMaster)
  const sentMail: Mail[] = []
  const logLines: string[] = []
  const house = await openHouse({
    config: loadConfig({ PUBLIC_URL: publicUrl, SETUP_TOKEN: setupToken, DATABASE_POOL_SIZE: '2' }),
    keyring,
    appUrl,
    log: pino({ level: 'trace' }, { write: (line: string) => void logLines.push(line) }),
    mailer: { send: async mail => void sentMail.push(mail), inbox: sentMail },
  })
  const app = await buildApp(house)
  await app.ready()
  t.teardown(async () => {
    await app.close()
    await house.database.pool.end()
    keyring.close()
  })
  const twin: TestApp = { app, house, adminUrl, appUrl, relayUrl, sentMail, logLines, setupToken }
  return { twin, logLines, sentMail }
}

const agent = new Agent({ keepAlive: true, maxSockets: 16 })

/** As Fastify's `inject`, but over HTTP to the process at this address. */
const injectOver =
  (urlOf: () => string): Inject =>
  options =>
    new Promise((resolve, reject) => {
      const { method = 'GET', url, headers = {}, payload } = options
      const body = typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : undefined
      const sent = httpRequest(
        `${urlOf()}${String(url)}`,
        { method, agent, headers: { ...everyRequest.headers, ...headers } },
        response => {
          const chunks: Buffer[] = []
          response.on('data', chunk => chunks.push(chunk))
          response.on('end', () => resolve(replyOf(response, Buffer.concat(chunks).toString())))
        },
      )
      sent.on('error', reject)
      sent.end(body)
    })

/** What every request says beside what it asks. */
export const everyRequest: { headers: Record<string, string> } = { headers: {} }

const replyOf = (
  { statusCode = 0, headers }: { statusCode?: number | undefined; headers: IncomingHttpHeaders },
  payload: string,
) => ({ statusCode, headers, payload, json: () => JSON.parse(payload) }) as LightMyRequestResponse

async function collector(t: Test): Promise<{ url: string; received(): string }> {
  const received: string[] = []
  const server = createServer((request, response) => {
    request.setEncoding('latin1').on('data', chunk => received.push(chunk))
    request.on('end', () => response.end())
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, received: () => received.join('') }
}
