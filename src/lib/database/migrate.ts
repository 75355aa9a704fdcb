import type { KeyObject } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runner } from 'node-pg-migrate'
import pg from 'pg'
import { migrateJobs } from './job-schema.ts'
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
 * schema. Safe to run twice and by two processes at once.
 *
 * @param adminUrl a role that may create roles and extensions
 * @param master the keyring's secret from which runtime role passwords derive
 * @returns the names of the migrations that ran
 */
export async function migrate(adminUrl: string, master: KeyObject): Promise<string[]> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    await ensureRoles(client, master)
    await client.query('select pg_advisory_lock(727002)')
    const { rows } = await client.query<{ name: string }>('select current_database() as name')
    await client.query(
      `grant create, connect on database ${pg.escapeIdentifier(rows[0]?.name ?? '')} to ${ownerRole}`,
    )
    await client.query('create extension if not exists btree_gist')
    await client.query(`grant create, usage on schema public to ${ownerRole}`)
    await client.query(`set role ${ownerRole}`)
    await client.query('set search_path to public')
    const ran = await runner({
      dbClient: client,
      dir: migrationsFolder,
      ignorePattern: '(?!\\d{4}_.*\\.sql$).*',
      migrationsTable: 'schema_migrations',
      migrationsSchema: 'public',
      direction: 'up',
      checkOrder: true,
      noLock: true,
      singleTransaction: false,
      log: () => {},
    })
    await client.query('grant select on public.schema_migrations to cairn_app, cairn_relay')
    await migrateJobs(client)
    return ran.map(migration => migration.name)
  } finally {
    await client.end()
  }
}
