import { mkdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import type pg from 'pg'
import { errorCode, isThere } from '../embedded/files.ts'
import type { Placement } from '../embedded/placement.ts'
import { onOneConnection } from '../lib/database/one-connection.ts'
import { syncFolder, writeDurably } from '../lib/durable-files.ts'
import { forEach } from '../lib/for-each.ts'
import { startArchiving, untilArchived } from './archiving.ts'
import {
  type BaseBackup,
  baseFolder,
  type Lineage,
  prepareBackupFolder,
  unfinishedPrefix,
  walFolder,
} from './backup-folder.ts'
import { BackupError } from './errors.ts'
import { copyDurably, listTree } from './files.ts'
import { type Manifest, writeManifest } from './manifest.ts'

export interface BackupSource {
  placement: Placement
  /** The superuser's URL of any database of the server. */
  url: string
  /** The keyring this database says it belongs to; for the manifest. */
  keyring: Manifest['keyring']
}

/** What a server makes anew at its start; the log itself is archived apart. */
const foldersLeftOut = new Set(
  'pg_wal pg_replslot pg_dynshmem pg_notify pg_serial pg_snapshots pg_stat_tmp pg_subtrans'.split(' '),
)
const filesLeftOut =
  /^(?:postmaster\.(?:pid|opts)|pg_internal\.init.*|pgsql_tmp.*|current_logfiles.*|postgresql\.auto\.conf\.tmp|backup_label|tablespace_map|recovery\.signal|standby\.signal)$/

/** @param path within the data folder, with slashes */
function isLeftOut(path: string): boolean {
  const steps = path.split('/')
  return (steps.length > 1 && foldersLeftOut.has(steps[0] ?? '')) || filesLeftOut.test(steps.at(-1) ?? '')
}
const madeAnew = ['pg_wal/archive_status', 'pg_wal/summaries']
/** Names the place where recovery may begin, so it is copied when everything else is. */
const controlFile = 'global/pg_control'
const archivePatienceMs = 120_000
const oneBackupAtATime = 727_010

/**
 * Copies the running server's files by PostgreSQL's own protocol for that (pg_backup_start, copy, pg_backup_stop),
 * each with its hash, and waits until the log that makes them consistent is archived. Work goes on meanwhile.
 *
 * @throws BackupError with what to do; nothing then looks like a backup
 */
export function takeBaseBackup(source: BackupSource, to: string): Promise<BaseBackup> {
  // The server ends the backup when this connection ends: it stays open throughout.
  const applicationName = 'cairn-backup'
  return onOneConnection(source.url, server => backUpThrough(server, source, to), { applicationName })
}

async function backUpThrough(server: pg.ClientBase, source: BackupSource, to: string): Promise<BaseBackup> {
  await beAlone(server)
  const { lineage, postgres, segmentBytes } = await describeServer(server)
  const folder = await prepareBackupFolder(to, lineage, source.placement.account)
  await removeUnfinished(folder)
  await startArchiving(server, folder)
  const started = await startBackup(server)
  const name = started.at.replaceAll(':', '-').replace(/\..*/, 'Z')
  const draft = path.join(baseFolder(folder), `${unfinishedPrefix}${name}`)
  await mkdir(path.join(draft, 'data'), { recursive: true, mode: 0o700 })
  const copied = await copyCluster(source.placement.cluster, path.join(draft, 'data'))
  const stopped = await stopBackup(server)
  await writeDurably(path.join(draft, 'backup_label'), stopped.label)
  await untilArchived(server, () => isThere(path.join(walFolder(folder), stopped.segment)), archivePatienceMs)
  const manifest: Manifest = {
    format: 'cairn-backup-1',
    startedAt: started.at,
    finishedAt: stopped.at,
    postgres,
    ...lineage,
    segmentBytes,
    firstSegment: started.segment,
    lastSegment: stopped.segment,
    keyring: source.keyring,
    ...copied,
  }
  await writeManifest(draft, manifest)
  await syncFolder(draft)
  const finished = path.join(baseFolder(folder), name)
  await rename(draft, finished)
  await syncFolder(baseFolder(folder))
  return { name, folder: finished, manifest }
}

async function beAlone(server: pg.ClientBase): Promise<void> {
  const { rows } = await server.query<{ alone: boolean }>('select pg_try_advisory_lock($1) as alone', [
    oneBackupAtATime,
  ])
  if (!rows[0]?.alone) throw new BackupError('Another backup of this database is running. Wait for its end.')
}

async function describeServer(
  server: pg.ClientBase,
): Promise<{ lineage: Lineage; postgres: string; segmentBytes: number }> {
  const { rows } = await server.query<{
    id: string
    timeline: number
    major: string
    bytes: string
    spaces: number
  }>(
    `select (select system_identifier::text from pg_control_system()) as id,
       (select timeline_id from pg_control_checkpoint()) as timeline,
       (current_setting('server_version_num')::int / 10000)::text as major,
       (select setting from pg_settings where name = 'wal_segment_size') as bytes,
       (select count(*)::int from pg_tablespace) as spaces`,
  )
  const found = rows[0]
  if (!found || found.spaces !== 2) {
    throw new BackupError('This server has tablespaces of its own. Back it up with pg_basebackup instead.')
  }
  return {
    lineage: { systemIdentifier: found.id, timeline: found.timeline },
    postgres: found.major,
    segmentBytes: Number(found.bytes),
  }
}

const asInstant = `to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

async function startBackup(server: pg.ClientBase): Promise<{ at: string; segment: string }> {
  const { rows } = await server.query<{ at: string; segment: string }>(
    `select ${asInstant} as at, pg_walfile_name(pg_backup_start('cairn', fast => true)) as segment`,
  )
  if (!rows[0]) throw new BackupError('PostgreSQL did not begin the backup.')
  return rows[0]
}

/** The time is taken afterwards: whatever committed before it can be restored on top of these files. */
async function stopBackup(server: pg.ClientBase): Promise<{ at: string; segment: string; label: string }> {
  const { rows } = await server.query<{ segment: string; label: string }>(
    `select pg_walfile_name(lsn) as segment, labelfile as label from pg_backup_stop(wait_for_archive => false)`,
  )
  const { rows: times } = await server.query<{ at: string }>(`select ${asInstant} as at`)
  const [stopped, time] = [rows[0], times[0]]
  if (!stopped || !time) throw new BackupError('PostgreSQL did not end the backup.')
  return { ...stopped, ...time }
}

async function copyCluster(cluster: string, target: string): Promise<Pick<Manifest, 'folders' | 'files'>> {
  const tree = await listTree(cluster, isLeftOut)
  const folders = [...tree.folders, ...madeAnew]
  for (const folder of folders) await mkdir(path.join(target, folder), { recursive: true, mode: 0o700 })
  const files: Manifest['files'] = {}
  const copy = async (file: string) => {
    try {
      files[file] = await copyDurably(path.join(cluster, file), path.join(target, file))
    } catch (error) {
      // A table that was dropped meanwhile: the log says so too.
      if (errorCode(error) !== 'ENOENT' || file === controlFile) throw error
    }
  }
  await forEach(
    tree.files.filter(file => file !== controlFile),
    copy,
  )
  await copy(controlFile)
  for (const folder of ['', ...folders]) await syncFolder(path.join(target, folder))
  return { folders, files }
}

/** What a backup that was killed has left. */
async function removeUnfinished(folder: string): Promise<void> {
  const tree = await listTree(baseFolder(folder), relative => relative.includes('/'))
  for (const name of tree.folders) {
    if (!name.startsWith(unfinishedPrefix)) continue
    await rm(path.join(baseFolder(folder), name), { recursive: true, force: true })
  }
}
