import { resolve } from 'node:path'
import type pg from 'pg'
import type { Config } from '../config.ts'
import { findEmbeddedPostgres } from '../embedded/server.ts'
import { onOneConnection } from '../lib/database/one-connection.ts'
import { ownerRole } from '../lib/database/roles.ts'
import type { LocalKeyring } from '../lib/sealing/keyring.ts'
import { embeddedName, runtimeUrls } from '../open-database.ts'

/**
 * Works on the database as its owner, who sees all practices: for an operator's commands only. Uses
 * DATABASE_URL, or the embedded server of a Cairn that is running on the data folder.
 *
 * @throws Error that says what to do when there is no such server
 */
export async function asOwner<T>(config: Config, work: (owner: pg.Client) => Promise<T>): Promise<T> {
  return onOneConnection(await adminUrl(config), async owner => {
    await owner.query(`set role ${ownerRole}`)
    await owner.query(`set search_path to cairn, public`)
    return work(owner)
  })
}

/** Where a command connects that works as the service does, within row security. */
export const appUrlOf = async (config: Config, keyring: LocalKeyring): Promise<string> =>
  runtimeUrls(config, await adminUrl(config), keyring).appUrl

/** @throws Error that says what to do when there is no server to work on */
export async function adminUrl(config: Config): Promise<string> {
  if (config.DATABASE_URL) return config.DATABASE_URL
  const server = await findEmbeddedPostgres(resolve(config.CAIRN_DATA_DIR))
  if (!server) {
    throw new Error(
      'There is no database to work on: set DATABASE_URL, or start Cairn (`npm start`) and run this beside it.',
    )
  }
  const url = new URL(server.url)
  url.pathname = `/${embeddedName}`
  return url.href
}
