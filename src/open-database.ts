import { mkdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { StartError } from './announce.ts'
import type { Config } from './config.ts'
import { demoWasCutShort } from './demo/demo-state.ts'
import { startEmbeddedPostgres } from './embedded/server.ts'
import { explaining } from './explain-database.ts'
import { assertKeyringFits, recordKeyring } from './keyring-check.ts'
import { createFence, type Fence, type FenceOptions } from './lib/database/fence.ts'
import { migrate } from './lib/database/migrate.ts'
import { onOneConnection } from './lib/database/one-connection.ts'
import { rolePassword, roleUrl } from './lib/database/roles.ts'
import type { LocalKeyring } from './lib/sealing/keyring.ts'

export interface OpenDatabase {
  embedded: boolean
  appUrl: string
  relayUrl: string
  close(): Promise<void>
}

export const embeddedName = 'cairn'

/** The database this process works on: yours by DATABASE_URL, else the embedded one; migrated where asked. */
export async function openDatabase(
  config: Config,
  keyring: LocalKeyring,
  progress: (line: string) => void,
): Promise<OpenDatabase> {
  if (config.DATABASE_URL || config.DATABASE_APP_URL) return openYours(config, keyring)
  await mkdir(config.CAIRN_DATA_DIR, { recursive: true })
  const server = await startEmbeddedPostgres({
    dataDir: resolve(config.CAIRN_DATA_DIR),
    durable: true,
    onProgress: progress,
  })
  try {
    const adminUrl = await embeddedDatabase(server.url, await demoWasCutShort(config.CAIRN_DATA_DIR))
    await assertKeyringFits(adminUrl, keyring, keyringFileOf(config))
    await migrate(adminUrl, keyring.rolePasswordMaster)
    await recordKeyring(adminUrl, keyring)
    return { embedded: true, ...runtimeUrls(config, adminUrl, keyring), close: () => server.stop() }
  } catch (error) {
    await server.stop()
    throw error
  }
}

async function openYours(config: Config, keyring: LocalKeyring): Promise<OpenDatabase> {
  if (config.DATABASE_URL && config.MIGRATE_ON_START) await migrateYours(config, keyring)
  return { embedded: false, ...runtimeUrls(config, config.DATABASE_URL, keyring), close: async () => {} }
}

/** Migrates the database of DATABASE_URL. @returns the names of the migrations that ran */
export const migrateYours = (config: Config, keyring: LocalKeyring): Promise<string[]> =>
  explaining('DATABASE_URL', async () => {
    await assertPrimary(config)
    await assertKeyringFits(config.DATABASE_URL, keyring, keyringFileOf(config))
    const ran = await migrate(config.DATABASE_URL, keyring.rolePasswordMaster)
    await recordKeyring(config.DATABASE_URL, keyring)
    return ran
  })

/** The embedded server is replaced by nobody; for a server of yours the timeline is remembered beside the keyring. */
export function fenceOf(config: Config, onProblem: FenceOptions['onProblem'] = () => {}): Fence {
  if (!config.DATABASE_URL && !config.DATABASE_APP_URL) return createFence()
  const file = join(dirname(keyringFileOf(config)), 'database-timeline.json')
  return createFence({ file, onProblem })
}

/** A migration of a server that was replaced would be lost, and its failure would say nothing of that. */
async function assertPrimary(config: Config): Promise<void> {
  await onOneConnection(config.DATABASE_URL, admin => fenceOf(config).admit(admin))
}

export const keyringFileOf = (config: Config) =>
  config.CAIRN_KEYRING_FILE || join(config.CAIRN_DATA_DIR, 'keyring.json')

/** Where each runtime role connects: as its setting says, else derived from the administrator's URL. */
export function runtimeUrls(config: Config, adminUrl: string, keyring: LocalKeyring) {
  const derived = (given: string, role: 'cairn_app' | 'cairn_relay', setting: string) => {
    if (given) return withPassword(given, role)
    if (!adminUrl)
      throw new StartError(`${setting} is missing. Set it, or set DATABASE_URL so that it can be derived.`)
    return roleUrl(adminUrl, role, keyring.rolePasswordMaster)
  }
  /** A URL without a password gets the derived one, so that no file has to hold it. */
  const withPassword = (given: string, role: 'cairn_app' | 'cairn_relay') => {
    const url = new URL(given)
    if (url.username === role && !url.password) url.password = rolePassword(keyring.rolePasswordMaster, role)
    return url.href
  }
  return {
    appUrl: derived(config.DATABASE_APP_URL, 'cairn_app', 'DATABASE_APP_URL'),
    relayUrl: derived(config.DATABASE_RELAY_URL, 'cairn_relay', 'DATABASE_RELAY_URL'),
  }
}

/** The embedded server's own database. A demo that was cut short is removed: half a practice helps nobody. */
async function embeddedDatabase(serverUrl: string, startAnew: boolean): Promise<string> {
  await onOneConnection(serverUrl, async admin => {
    if (startAnew) await admin.query(`drop database if exists ${embeddedName} with (force)`)
    const { rowCount } = await admin.query('select from pg_database where datname = $1', [embeddedName])
    if (rowCount === 0) await admin.query(`create database ${embeddedName}`)
  })
  const url = new URL(serverUrl)
  url.pathname = `/${embeddedName}`
  return url.href
}
