import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import type { Clock } from './clock.ts'
import type { Database } from './database/in-practice.ts'
import type { Mailer } from './mail.ts'
import type { LocalKeyring } from './sealing/keyring.ts'

/** What the service is made of besides HTTP; `buildApp` takes it, so tests can give their own clock or mail. */
export interface House {
  config: Config
  database: Database
  clock: Clock
  mailer: Mailer
  keyring: LocalKeyring
  log: Logger
}
