import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { walFolder } from './backup-folder.ts'
import { BackupError } from './errors.ts'

/** How long a change may stay on the database's disk alone: the recovery point. */
export const archiveTimeoutSeconds = 60

/**
 * PostgreSQL's own module copies each finished segment under another name, syncs it, and gives it its name only
 * then; a different segment of that name is never overwritten.
 */
export const archivingSettings = (folder: string): Readonly<Record<string, string>> => ({
  archive_command: '',
  archive_library: 'basic_archive',
  'basic_archive.archive_directory': walFolder(folder),
  archive_timeout: `${archiveTimeoutSeconds}s`,
})

/**
 * Lets the server archive its log into the folder from now on, also after its next start. Kept by the server
 * itself (ALTER SYSTEM), so it moves with the data and a running Cairn need not be restarted.
 *
 * @throws BackupError for a server that was started without archiving
 */
export async function startArchiving(server: pg.ClientBase, folder: string): Promise<void> {
  if ((await settingOf(server, 'archive_mode')) === 'off') {
    throw new BackupError(
      'This server was started before backups existed. Restart Cairn once, then run this again.',
    )
  }
  for (const [name, value] of Object.entries(archivingSettings(folder))) {
    // The module's own setting exists once the server has loaded the module.
    await server.query(`alter system set ${name} = ${pg.escapeLiteral(value)}`)
  }
  await server.query('select pg_reload_conf()')
}

export async function stopArchiving(server: pg.ClientBase): Promise<void> {
  for (const name of Object.keys(archivingSettings(''))) await server.query(`alter system reset ${name}`)
  await server.query('select pg_reload_conf()')
}

/** Where the server archives to: our backup folder, or undefined. */
export async function archivesTo(server: pg.ClientBase): Promise<string | undefined> {
  const wal = await settingOf(server, 'basic_archive.archive_directory')
  return wal ? wal.replace(/\/wal$/, '') : undefined
}

/** Waits until the server has archived what a backup needs. @throws BackupError when it does not come to it */
export async function untilArchived(
  server: pg.ClientBase,
  isThere: () => Promise<boolean>,
  patienceMs: number,
): Promise<void> {
  const deadline = Date.now() + patienceMs
  while (!(await isThere())) {
    if (Date.now() > deadline) {
      throw new BackupError(
        `PostgreSQL has not archived its log after ${Math.round(patienceMs / 1000)} seconds` +
          `${(await failures(server)) > 0 ? ' and reports failures' : ''}. Is there space in the folder? ` +
          'The reason may be in postgres.log in the data folder.',
      )
    }
    await sleep(50)
  }
}

async function failures(server: pg.ClientBase): Promise<number> {
  const { rows } = await server.query<{ failed: number }>(
    `select count(*)::int as failed from pg_stat_archiver where last_failed_time > coalesce(last_archived_time, '-infinity')`,
  )
  return rows[0]?.failed ?? 0
}

async function settingOf(server: pg.ClientBase, name: string): Promise<string | null> {
  const { rows } = await server.query<{ value: string | null }>('select current_setting($1, true) as value', [
    name,
  ])
  return rows[0]?.value ?? null
}
