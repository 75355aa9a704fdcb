import type { KeyObject } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { runner } from 'node-pg-migrate'
import pg from 'pg'
import { limits } from '../limits.ts'
import { mendInvalidIndexes } from './invalid-indexes.ts'
import { migrateJobs } from './job-schema.ts'
import { migrationLoaders } from './migration-loader.ts'
import { patiently } from './patience.ts'
import { ensureRoles, ownerRole } from './roles.ts'

export const migrationsFolder = fileURLToPath(new URL('../../../migrations', import.meta.url))

/** Names of the migrations this code needs, oldest first. */
export function expectedMigrations(): string[] {
  return readdirSync(migrationsFolder)
    .filter(name => /^\d{4}_.*\.sql$/.test(name))
    .map(name => name.replace(/\.sql$/, ''))
    .sort()
}

/**
 * Brings a database up to this code: roles, extensions, then the migrations as the owner, then the job
 * schema. Safe to run twice, by two processes at once, beside a running service, and again after it was killed.
 *
 * @param adminUrl a role that may create roles and extensions; the server itself, not a pooler
 * @param master the keyring's secret from which runtime role passwords derive
 * @param folder another folder of migrations than this code's
 * @returns the names of the migrations that ran
 */
export async function migrate(
  adminUrl: string,
  master: KeyObject,
  folder = migrationsFolder,
): Promise<string[]> {
  const client = new pg.Client({ connectionString: adminUrl })
  // A connection that is lost fails its query, and would otherwise also end the process.
  client.on('error', () => {})
  await client.connect()
  try {
    await patiently(client, () => ensureRoles(client, master))
    await takeTurn(client)
    await becomeOwner(client)
    const before = await appliedMigrations(client)
    await patiently(client, () => bringUp(client, folder))
    return (await appliedMigrations(client)).filter(name => !before.includes(name))
  } finally {
    await client.end()
  }
}

/**
 * Asks again until no other process migrates: a session that waits within its statement would keep that one's
 * `create index concurrently` waiting for it in turn, a deadlock.
 */
async function takeTurn(client: pg.ClientBase): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ ours: boolean }>('select pg_try_advisory_lock(727002) as ours')
    if (rows[0]?.ours) return
    await sleep(limits.migration.pauseMs)
  }
}

async function becomeOwner(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ name: string }>('select current_database() as name')
  await client.query(
    `grant create, connect on database ${pg.escapeIdentifier(rows[0]?.name ?? '')} to ${ownerRole}`,
  )
  await client.query('create extension if not exists btree_gist')
  await client.query(`grant create, usage on schema public to ${ownerRole}`)
  await client.query(`set role ${ownerRole}`)
  await client.query('set search_path to public')
}

/** Each migration commits by itself: a second attempt goes on with the one that failed. */
async function bringUp(owner: pg.ClientBase, folder: string): Promise<void> {
  await mendInvalidIndexes(owner)
  await owner.query(`set lock_timeout = '${limits.migration.lockMs}ms'`)
  await runner({
    dbClient: owner,
    dir: folder,
    ignorePattern: '(?!\\d{4}_.*\\.sql$).*',
    migrationLoaderStrategies: migrationLoaders,
    migrationsTable: 'schema_migrations',
    migrationsSchema: 'public',
    direction: 'up',
    checkOrder: true,
    noLock: true,
    singleTransaction: false,
    log: () => {},
  })
  await owner.query(`set lock_timeout = '${limits.migration.lockMs}ms'`)
  await owner.query('grant select on public.schema_migrations to cairn_app, cairn_relay')
  await migrateJobs(owner)
}

async function appliedMigrations(owner: pg.ClientBase): Promise<string[]> {
  const { rows } = await owner.query(`select to_regclass('public.schema_migrations') is not null as made`)
  if (!rows[0].made) return []
  const applied = await owner.query<{ name: string }>('select name from public.schema_migrations order by id')
  return applied.rows.map(row => row.name)
}
