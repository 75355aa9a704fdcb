import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import closeWithGrace from 'close-with-grace'
import type { FastifyInstance } from 'fastify'
import { announce, progress, sayWhyNot } from './announce.ts'
import { buildApp, buildProbes } from './app.ts'
import { type Config, loadConfig } from './config.ts'
import { loadDemoOnce } from './demo/index.ts'
import { hasNoPractice } from './lib/database/directory.ts'
import { startWorker } from './lib/jobs/worker.ts'
import { limits } from './lib/limits.ts'
import { createLogger, errorForLog } from './lib/log.ts'
import { createMailer } from './lib/mail.ts'
import { createLocalKeyring } from './lib/sealing/keyring.ts'
import { openDatabase } from './open-database.ts'
import { openHouse } from './open-house.ts'

// The process: configuration, keys, database, service, worker; and back in the other order.
const closers: (() => unknown)[] = []

// Signals end the process with 0, an error anywhere (also while starting) with 1; both close what was opened.
closeWithGrace({ delay: limits.shutdown.graceMs, logger: false }, async ({ err }) => {
  if (err) sayWhyNot(err)
  for (const close of closers.toReversed()) await close()
})

await start(loadConfig())

async function start(given: Config): Promise<void> {
  const log = createLogger(given.LOG_LEVEL)
  closers.push(() => log.flush())
  const keyring = await createLocalKeyring(
    given.CAIRN_KEYRING_FILE || join(given.CAIRN_DATA_DIR, 'keyring.json'),
    {
      onProblem: error =>
        log.error(
          { error: errorForLog(error) },
          'the keyring cannot be read; the keys read before stay in use',
        ),
    },
  )
  closers.push(() => keyring.close())
  const database = await openDatabase(given, keyring, progress)
  closers.push(database.close)
  const config = database.embedded ? embeddedDefaults(given) : given
  const house = await openHouse({
    config,
    keyring,
    appUrl: database.appUrl,
    log,
    mailer: createMailer(config),
  })
  closers.push(() => house.database.pool.end())
  const app = await (config.PROCESS_ROLE === 'worker' ? buildProbes(house) : buildApp(house))
  closers.push(() => app.close())
  const url = await listen(app, config)
  if (config.PROCESS_ROLE !== 'api') {
    const worker = await startWorker(house, { relayUrl: database.relayUrl })
    closers.push(() => worker.stop())
  }
  closers.push(() => drain(app))
  const demo = database.embedded
    ? await loadDemoOnce({ url, config, progress, isEmpty: () => hasNoPractice(house.database) })
    : undefined
  announce({ url, config, log, demo })
}

/** On the embedded default everything is within reach: an inbox instead of mail, and a setup token for the demo. */
function embeddedDefaults(config: Config): Config {
  return Object.freeze({
    ...config,
    SETUP_TOKEN: config.SETUP_TOKEN || randomBytes(24).toString('base64url'),
    DEV_INBOX: config.SMTP_URL === '' ? true : config.DEV_INBOX,
  })
}

async function listen(app: FastifyInstance, config: Config): Promise<string> {
  await app.listen({ host: config.HOST, port: config.PORT })
  const address = app.server.address()
  const port = typeof address === 'object' && address ? address.port : config.PORT
  const host = config.HOST === '0.0.0.0' || config.HOST === '::' ? '127.0.0.1' : config.HOST
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** Readiness goes first, so that balancers look elsewhere before connections end. */
async function drain(app: FastifyInstance): Promise<void> {
  app.draining = true
  await new Promise(done => setTimeout(done, limits.shutdown.drainMs))
}
