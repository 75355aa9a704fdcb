import { randomBytes } from 'node:crypto'
import closeWithGrace from 'close-with-grace'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { announce, progress, StartError, sayWhyNot } from './announce.ts'
import { buildApp, buildProbes } from './app.ts'
import { type Config, loadConfig } from './config.ts'
import { demoMailer, loadDemoOnce } from './demo/index.ts'
import { explaining } from './explain-database.ts'
import { hasNoPractice } from './lib/database/directory.ts'
import { startWorker } from './lib/jobs/worker.ts'
import { limits } from './lib/limits.ts'
import { createLogger, errorForLog } from './lib/log.ts'
import { createMailer } from './lib/mail.ts'
import { createLocalKeyring } from './lib/sealing/keyring.ts'
import { compareTimeZones } from './lib/time-zones.ts'
import { fenceOf, keyringFileOf, openDatabase } from './open-database.ts'
import { openHouse } from './open-house.ts'

// The process: configuration, keys, database, service, worker; and back in the other order.
const closers: (() => unknown)[] = []
let serving = false

// Signals end the process with 0, an error anywhere (also while starting) with 1; both close what was opened.
const closing = {
  delay: limits.shutdown.graceMs,
  logger: false,
  onTimeout: () => sayWhyNot(new StartError('not everything could be closed in time.')),
} as const
closeWithGrace(closing, async ({ err }) => {
  letNothingInterrupt()
  if (err) sayWhyNot(err, { serving })
  for (const close of closers.toReversed()) await close()
})

await start(loadConfig())

async function start(given: Config): Promise<void> {
  const log = createLogger(given.LOG_LEVEL)
  closers.push(() => log.flush())
  const keyring = await createLocalKeyring(keyringFileOf(given), {
    onProblem: error =>
      log.error(
        { error: errorForLog(error) },
        'the keyring cannot be read; the keys read before stay in use',
      ),
  })
  closers.push(() => keyring.close())
  const opening = openDatabase(given, keyring, progress)
  // Also before it is open: a signal must not leave a server behind that has only just been started.
  closers.push(async () => (await opening.catch(() => undefined))?.close())
  const database = await opening
  const config = database.embedded ? embeddedDefaults(given) : given
  const fence = fenceOf(given, error =>
    log.warn(
      { error: errorForLog(error) },
      'the newest timeline of the database is remembered in memory only',
    ),
  )
  const mailer = demoMailer(createMailer(config))
  const house = await explaining('DATABASE_APP_URL', () =>
    openHouse({ config, keyring, appUrl: database.appUrl, log, mailer, fence }),
  )
  closers.push(() => house.database.pool.end())
  const app = await (config.PROCESS_ROLE === 'worker' ? buildProbes(house) : buildApp(house))
  closers.push(() => closeApp(app))
  const url = await quietly(log, () => listen(app, config))
  serving = true
  void compareTimeZones(house)
  if (config.PROCESS_ROLE !== 'api') {
    const worker = await explaining('DATABASE_RELAY_URL', () =>
      startWorker(house, { relayUrl: database.relayUrl }),
    )
    closers.push(() => worker.stop())
  }
  closers.push(() => drain(app))
  // The demo moves in through the API and reads its mail: it takes a process that does both.
  const demo =
    database.embedded && config.PROCESS_ROLE === 'all'
      ? await quietly(log, () =>
          loadDemoOnce({ url, config, mailer, progress, isEmpty: () => hasNoPractice(house.database) }),
        )
      : undefined
  announce({ url, config, log, demo })
}

/**
 * An impatient Ctrl-C, or a demo whose service goes away, would else end the process at once and leave the
 * embedded server behind. The grace bounds the closing.
 */
function letNothingInterrupt(): void {
  for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'uncaughtException', 'unhandledRejection']) {
    process.removeAllListeners(event)
    process.on(event, () => {})
  }
}

/**
 * On the embedded default everything is within reach: an inbox instead of mail, and a setup token for the demo. But
 * whoever reads that inbox can take over any account by a password reset: other machines find none, unless asked for.
 */
function embeddedDefaults(config: Config): Config {
  const { HOST, SMTP_URL, PUBLIC_URL } = config
  return Object.freeze({
    ...config,
    SETUP_TOKEN: config.SETUP_TOKEN || randomBytes(24).toString('base64url'),
    DEV_INBOX: config.DEV_INBOX ?? (isLoopback(HOST) && SMTP_URL === '' && PUBLIC_URL === ''),
  })
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

async function listen(app: FastifyInstance, config: Config): Promise<string> {
  try {
    await app.listen({ host: config.HOST, port: config.PORT })
  } catch (error) {
    throw explained(error, config)
  }
  const address = app.server.address()
  const port = typeof address === 'object' && address ? address.port : config.PORT
  const host = config.HOST === '0.0.0.0' || config.HOST === '::' ? '127.0.0.1' : config.HOST
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** Where a setting is the remedy, it is named. */
function explained(error: unknown, { HOST, PORT }: Config): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') {
    return new StartError(
      `Port ${PORT} of ${HOST} is in use. Stop what listens there, or set PORT to another one.`,
    )
  }
  if (code === 'EACCES')
    return new StartError(`This account may not listen on port ${PORT}. Set PORT to one above 1023.`)
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new StartError(
      `This machine has no address ${HOST}. Set HOST to one it has, such as 127.0.0.1 or 0.0.0.0.`,
    )
  }
  return error
}

/** Where it listens is told once, when it is ready; and the demo's requests would push its progress off the screen. */
async function quietly<T>(log: Logger, work: () => Promise<T>): Promise<T> {
  const { level } = log
  if (log.isLevelEnabled('info')) log.level = 'warn'
  try {
    return await work()
  } finally {
    log.level = level
  }
}

/** Whoever keeps a connection open without finishing a request must not keep the process. */
async function closeApp(app: FastifyInstance): Promise<void> {
  const patience = setTimeout(() => app.server.closeAllConnections(), limits.shutdown.requestsMs)
  await app.close()
  clearTimeout(patience)
}

/** Readiness goes first, so that balancers look elsewhere before connections end. */
async function drain(app: FastifyInstance): Promise<void> {
  app.draining = true
  await new Promise(done => setTimeout(done, limits.shutdown.drainMs))
}
