import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { assertOwnKeyring } from './keyring-check.ts'
import { type Clock, systemClock } from './lib/clock.ts'
import { createCommitGate } from './lib/database/commit-gate.ts'
import { createPool } from './lib/database/connect.ts'
import { createFence, type Fence } from './lib/database/fence.ts'
import { assertFencedRole } from './lib/database/roles.ts'
import type { House } from './lib/house.ts'
import type { Mailer } from './lib/mail.ts'
import { createOutage } from './lib/outage.ts'
import { createCursors } from './lib/pages.ts'
import type { LocalKeyring } from './lib/sealing/keyring.ts'
import { createSealer } from './lib/sealing/practice-keys.ts'
import { createTextSender } from './lib/text-messages.ts'
import { keyringFileOf } from './open-database.ts'

export interface HouseParts {
  config: Config
  keyring: LocalKeyring
  /** The database as `cairn_app`. */
  appUrl: string
  log: Logger
  mailer: Mailer
  clock?: Clock | undefined
  fence?: Fence | undefined
}

/** Puts together what the service is made of; connections are made when they are first needed. */
export function buildHouse(parts: HouseParts): House {
  const { config, keyring, appUrl, log, mailer, clock = systemClock, fence = createFence() } = parts
  const outage = createOutage(log)
  const pool = createPool({
    url: appUrl,
    size: config.DATABASE_POOL_SIZE,
    applicationName: 'cairn',
    onError: error => outage.failed(error, 'a database connection was lost'),
    fence,
  })
  pool.on('release', error => error ?? outage.answered())
  const database = {
    pool,
    namedStatements: config.DATABASE_NAMED_STATEMENTS,
    commits: createCommitGate(log),
    sealer: createSealer({ keyProvider: keyring, clock }),
    cursors: createCursors(keyring.cursorKey),
  }
  const texts = createTextSender(config)
  return { config, database, fence, clock, mailer, texts, keyring, log, outage }
}

/** Builds the house and looks at its connection. @throws when the role could bypass row security, or the keyring is another database's */
export async function openHouse(parts: HouseParts): Promise<House> {
  const house = buildHouse(parts)
  try {
    await assertFencedRole(house.database.pool, 'DATABASE_APP_URL')
    await assertOwnKeyring(house.database.pool, parts.keyring, keyringFileOf(parts.config))
    return house
  } catch (error) {
    await house.database.pool.end()
    throw error
  }
}
