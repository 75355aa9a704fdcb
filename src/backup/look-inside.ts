import type pg from 'pg'
import { errorCode } from '../embedded/files.ts'
import { hasTable, onOneConnection } from '../lib/database/one-connection.ts'
import { embeddedName } from '../open-database.ts'
import type { Manifest } from './manifest.ts'

/** Runs on the server's database of ours; undefined when there is none, or it was never migrated. */
export async function inOurDatabase<T>(
  serverUrl: string,
  work: (admin: pg.Client) => Promise<T>,
): Promise<T | undefined> {
  const url = new URL(serverUrl)
  url.pathname = `/${embeddedName}`
  try {
    return await onOneConnection(url.href, async admin =>
      (await hasTable(admin, 'practice_keys')) ? work(admin) : undefined,
    )
  } catch (error) {
    if (errorCode(error) === '3D000') return undefined
    throw error
  }
}

/** Which keyring opens this database, as far as it knows. */
export async function keyringNeeded(admin: pg.ClientBase): Promise<Manifest['keyring']> {
  if (!(await hasTable(admin, 'keyrings'))) return null
  const { rows } = await admin.query<{ fingerprint: string; version: number }>(
    `select fingerprint, (select coalesce(max(kek_version), 1) from cairn.practice_keys) as version from cairn.keyrings`,
  )
  return rows[0] ? { fingerprint: rows[0].fingerprint, kekVersion: rows[0].version } : null
}

/** Every row of every table, counted one by one. */
export async function countRows(admin: pg.ClientBase): Promise<number> {
  const { rows: tables } = await admin.query<{ name: string }>(
    `select oid::regclass::text as name from pg_class where relnamespace = 'cairn'::regnamespace and relkind = 'r'`,
  )
  let count = 0
  for (const { name } of tables) {
    const { rows } = await admin.query<{ n: string }>(`select count(*) as n from ${name}`)
    count += Number(rows[0]?.n ?? 0)
  }
  return count
}
