import { randomBytes } from 'node:crypto'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { Test } from 'tap'
import { expectedMigrations, migrate, migrationsFolder } from '../../../../src/lib/database/migrate.ts'
import { loadLocalKeyring } from '../../../../src/lib/sealing/keyring.ts'
import { asAdmin, databaseUrl, testServer } from '../../test-server.ts'

/** A database at an earlier migration, and a folder from which it is brought further. */
export interface MigrationGround {
  adminUrl: string
  folder: string
  /** Adds the next migration of this code to the folder. */
  addNext(): Promise<void>
  migrate(): Promise<string[]>
}

/** An empty database of the run's server with the first `count` migrations. */
export async function groundAt(t: Test, count: number): Promise<MigrationGround> {
  const { server, keyringFile } = await testServer()
  const keyring = await loadLocalKeyring(keyringFile)
  const folder = await mkdtemp(join(tmpdir(), 'cairn-migrations-'))
  const name = `m_${randomBytes(8).toString('hex')}`
  await asAdmin(server.adminUrl, admin => admin.query(`create database ${name}`))
  t.teardown(async () => {
    keyring.close()
    await rm(folder, { recursive: true, force: true })
    await asAdmin(server.adminUrl, admin => admin.query(`drop database if exists ${name} with (force)`))
  })
  const adminUrl = databaseUrl(server.adminUrl, name)
  const names = expectedMigrations()
  const add = async (file: string) =>
    copyFile(join(migrationsFolder, `${file}.sql`), join(folder, `${file}.sql`))
  for (const file of names.splice(0, count)) await add(file)
  const ground = {
    adminUrl,
    folder,
    addNext: async () => add(names.shift() ?? 'none is left'),
    migrate: () => migrate(adminUrl, keyring.rolePasswordMaster, folder),
  }
  await ground.migrate()
  return ground
}

/** Names of the tables of the schema; partitions are reached by way of their parents. */
export async function tablesOf(admin: pg.ClientBase): Promise<string[]> {
  const { rows } = await admin.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'cairn'::regnamespace and relkind in ('r', 'p')
     and not relispartition order by relname`,
  )
  return rows.map(row => row.name)
}

/**
 * Fills every table that both databases have, with the columns both have, from one that was filled by way of the
 * API. @returns the number of rows
 */
export async function fillFrom(sourceUrl: string, targetUrl: string): Promise<number> {
  return asAdmin(sourceUrl, source =>
    asAdmin(targetUrl, async target => {
      // References are in order in the source; the order of filling is not to matter.
      await target.query('set session_replication_role = replica')
      const inBoth = new Set(await tablesOf(source))
      let filled = 0
      for (const table of (await tablesOf(target)).filter(name => inBoth.has(name)))
        filled += await copyTable(source, target, table)
      return filled
    }),
  )
}

async function copyTable(source: pg.ClientBase, target: pg.ClientBase, table: string): Promise<number> {
  const columns = await columnsOf(source, table)
  const shared = (await columnsOf(target, table)).filter(name => columns.includes(name)).join(', ')
  const { rows } = await source.query(`select jsonb_agg(t)::text as rows from cairn.${table} t`)
  if (rows[0].rows === null) return 0
  const insert = (some: string) =>
    target.query(
      `insert into cairn.${table} (${shared}) overriding system value
       select ${shared} from jsonb_populate_recordset(null::cairn.${table}, $1) on conflict do nothing`,
      [some],
    )
  return insert(rows[0].rows).then(
    ({ rowCount }) => rowCount ?? 0,
    async error => {
      if (!isOfLater(error)) throw error
      let filled = 0
      for (const row of JSON.parse(rows[0].rows)) {
        const one = await insert(JSON.stringify([row])).catch(refused => {
          if (!isOfLater(refused)) throw refused
        })
        filled += one?.rowCount ?? 0
      }
      return filled
    },
  )
}

/** A row that only a later schema knows: of a kind that its checks do not list yet, or without what it still asked for. */
const isOfLater = (error: unknown) =>
  error instanceof pg.DatabaseError && ['23514', '23502'].includes(error.code ?? '')

async function columnsOf(client: pg.ClientBase, table: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select format('%I', attname) as name from pg_attribute where attrelid = ('cairn.' || $1)::regclass
     and attnum > 0 and not attisdropped and attgenerated = ''`,
    [table],
  )
  return rows.map(row => row.name)
}
