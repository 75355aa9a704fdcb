import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { type Clock, systemClock } from './lib/clock.ts'
import { createPool } from './lib/database/connect.ts'
import { assertFencedRole } from './lib/database/roles.ts'
import type { House } from './lib/house.ts'
import { errorForLog } from './lib/log.ts'
import type { Mailer } from './lib/mail.ts'
import { createCursors } from './lib/pages.ts'
import type { LocalKeyring } from './lib/sealing/keyring.ts'
import { createSealer } from './lib/sealing/practice-keys.ts'

export interface HouseParts {
  config: Config
  keyring: LocalKeyring
  /** The database as `cairn_app`. */
  appUrl: string
  log: Logger
  mailer: Mailer
  clock?: Clock | undefined
}

/** Connects what the service is made of. @throws when the runtime role could bypass row security */
export async function openHouse({
  config,
  keyring,
  appUrl,
  log,
  mailer,
  clock = systemClock,
}: HouseParts): Promise<House> {
  const pool = createPool({
    url: appUrl,
    size: config.DATABASE_POOL_SIZE,
    applicationName: 'cairn',
    onError: error => log.warn({ error: errorForLog(error) }, 'a database connection was lost'),
  })
  try {
    await assertFencedRole(pool, 'DATABASE_APP_URL')
  } catch (error) {
    await pool.end()
    throw error
  }
  const database = {
    pool,
    namedStatements: config.DATABASE_NAMED_STATEMENTS,
    sealer: createSealer({ keyProvider: keyring, clock }),
    cursors: createCursors(keyring.cursorKey),
  }
  return { config, database, clock, mailer, keyring, log }
}
