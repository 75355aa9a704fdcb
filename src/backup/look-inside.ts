import pg from 'pg'
import { embeddedName } from '../open-database.ts'
import type { Manifest } from './manifest.ts'

/** Runs on the server's database of ours; undefined when there is none, or it was never migrated. */
export async function inOurDatabase<T>(
  serverUrl: string,
  work: (admin: pg.Client) => Promise<T>,
): Promise<T | undefined> {
  const url = new URL(serverUrl)
  url.pathname = `/${embeddedName}`
  const admin = new pg.Client({ connectionString: url.href, application_name: 'cairn-command' })
  admin.on('error', () => {})
  try {
    await admin.connect()
    return (await hasTable(admin, 'practice_keys')) ? await work(admin) : undefined
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '3D000') return undefined
    throw error
  } finally {
    await admin.end()
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

async function hasTable(admin: pg.ClientBase, name: string): Promise<boolean> {
  const { rows } = await admin.query<{ there: boolean }>('select to_regclass($1) is not null as there', [
    `cairn.${name}`,
  ])
  return rows[0]?.there === true
}
