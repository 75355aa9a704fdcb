import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import type { Clock } from './clock.ts'
import type { Fence } from './database/fence.ts'
import type { Database } from './database/in-practice.ts'
import type { Mailer } from './mail.ts'
import type { Outage } from './outage.ts'
import type { LocalKeyring } from './sealing/keyring.ts'
import type { TextSender } from './text-messages.ts'

/** What the service is made of besides HTTP; `buildApp` takes it, so tests can give their own clock or mail. */
export interface House {
  config: Config
  database: Database
  /** Every pool of the process asks it. */
  fence: Fence
  clock: Clock
  mailer: Mailer
  /** Undefined where the installation has no gateway for text messages. */
  texts: TextSender | undefined
  keyring: LocalKeyring
  log: Logger
  /** Whoever fails for want of the database says it here, so that an outage does not flood the log. */
  outage: Outage
}
