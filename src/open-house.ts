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

/** Puts together what the service is made of; connections are made when they are first needed. */
export function buildHouse({ config, keyring, appUrl, log, mailer, clock = systemClock }: HouseParts): House {
  const pool = createPool({
    url: appUrl,
    size: config.DATABASE_POOL_SIZE,
    applicationName: 'cairn',
    onError: error => log.warn({ error: errorForLog(error) }, 'a database connection was lost'),
  })
  const database = {
    pool,
    namedStatements: config.DATABASE_NAMED_STATEMENTS,
    sealer: createSealer({ keyProvider: keyring, clock }),
    cursors: createCursors(keyring.cursorKey),
  }
  return { config, database, clock, mailer, keyring, log }
}

/** Builds the house and looks at its connection. @throws when the runtime role could bypass row security */
export async function openHouse(parts: HouseParts): Promise<House> {
  const house = buildHouse(parts)
  try {
    await assertFencedRole(house.database.pool, 'DATABASE_APP_URL')
    return house
  } catch (error) {
    await house.database.pool.end()
    throw error
  }
}
