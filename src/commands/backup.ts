import { realpath } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { archivesTo, archiveTimeoutSeconds, stopArchiving } from '../backup/archiving.ts'
import { listBaseBackups, onSameDisk } from '../backup/backup-folder.ts'
import { takeBaseBackup } from '../backup/base-backup.ts'
import { BackupError } from '../backup/errors.ts'
import { inOurDatabase, keyringNeeded } from '../backup/look-inside.ts'
import { compressSegments, prune } from '../backup/retention.ts'
import { type Config, loadConfig } from '../config.ts'
import { isThere } from '../embedded/files.ts'
import { findPlacement, type Placement } from '../embedded/placement.ts'
import { findEmbeddedPostgres, startEmbeddedPostgres } from '../embedded/server.ts'
import { onOneConnection } from '../lib/database/one-connection.ts'
import { keyringFileOf } from '../open-database.ts'
import { sayWhyFailed } from './command-line.ts'
import { interruptible } from './interruptible.ts'

const defaultKept = 7

const usage = `npm run backup -- [--to <folder>] [--keep ${defaultKept}]   a base backup; from the first one on, PostgreSQL archives its log there too
npm run backup -- --list [--to <folder>]         what backups there are
npm run backup -- --off                          archive no more

For the embedded PostgreSQL, beside a running Cairn or without one. Run it every night, with the folder on another
disk or machine. Every change is in the folder after ${archiveTimeoutSeconds} seconds at most, so \`npm run restore\` can go back to any
instant since the oldest base backup. The newest ${defaultKept} base backups are kept (--keep), with the log they need.
The keyring is never part of it: keep a copy of it elsewhere.`

type Say = (line: string) => void

export interface BackupOptions {
  /** Where to; else where the server archives to already, else \`backups\` in the data folder. */
  to?: string | undefined
  /** How many base backups stay. */
  keep?: number
}

/**
 * Takes a base backup of the embedded server and removes those beyond the retention.
 *
 * @throws BackupError with what to do
 */
export async function backUp(config: Config, options: BackupOptions, say: Say): Promise<void> {
  const { keep = defaultKept } = options
  await onEmbedded(config, async (url, placement) => {
    const to = path.resolve(options.to ?? (await archiveOf(url)) ?? path.join(placement.home, 'backups'))
    await refuseDatabaseItself(placement, to)
    await refuseKeyringInside(config, placement, to)
    const started = performance.now()
    const keyring = (await inOurDatabase(url, keyringNeeded)) ?? null
    const { folder, manifest } = await takeBaseBackup({ placement, url, keyring }, to)
    const bytes = Object.values(manifest.files).reduce((sum, file) => sum + file.bytes, 0)
    await compressSegments(to)
    const removed = await prune(to, keep)
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    say(`Backed up: ${folder} (${Math.round(bytes / 1e6)} MB, ${seconds} s)`)
    say(`  Any instant since ${manifest.finishedAt} can be restored from it, up to a minute ago.`)
    if (removed > 0) say(`  Removed: ${removed} base backups beyond the newest ${keep}.`)
    say(keyringSentence(keyring?.fingerprint))
    if (await onSameDisk(to, placement.cluster)) {
      say('  This folder is on the database’s own disk: copy it to another one, or name one with --to.')
    }
  })
}

export async function listBackups(config: Config, to: string | undefined, say: Say): Promise<void> {
  const folder = to ?? (await onEmbedded(config, url => archiveOf(url)))
  if (!folder) throw new BackupError('This server archives nowhere yet. Name the folder with --to.')
  for (const { manifest, name } of await listBaseBackups(folder)) {
    say(`${name}  from ${manifest.finishedAt} on, keyring ${manifest.keyring?.fingerprint ?? 'unknown'}`)
  }
}

export async function stopBackups(config: Config, say: Say): Promise<void> {
  await onEmbedded(config, url => onOneConnection(url, stopArchiving))
  say('PostgreSQL archives no more. Backups made until now can be restored to instants until now.')
}

const keyringSentence = (fingerprint: string | undefined) =>
  `  The keyring${fingerprint ? ` (fingerprint ${fingerprint})` : ''} is not in it: keep a copy elsewhere, or the backup cannot be read.`

/** On the server of a running Cairn, else on one that runs for this alone. */
async function onEmbedded<T>(
  config: Config,
  work: (url: string, placement: Placement) => Promise<T>,
): Promise<T> {
  if (config.DATABASE_URL || config.DATABASE_APP_URL) {
    throw new BackupError(
      'DATABASE_URL names a server of yours: back it up there, with its provider’s point-in-time recovery, or ' +
        'with pg_basebackup and WAL archiving. docs/operations.md says how, and what to check after a restore.',
    )
  }
  const dataDir = path.resolve(config.CAIRN_DATA_DIR)
  const placement = await findPlacement(dataDir)
  if (!placement)
    throw new BackupError(`There is no database in ${dataDir}. Does CAIRN_DATA_DIR name the right folder?`)
  const running = await findEmbeddedPostgres(dataDir)
  if (running) return work(running.url, placement)
  return interruptible(async interrupted => {
    const server = await startEmbeddedPostgres({ dataDir, durable: true })
    // What is under way fails with its connection.
    interrupted.addEventListener('abort', () => void server.stop())
    try {
      interrupted.throwIfAborted()
      return await work(server.url, placement)
    } finally {
      await server.stop()
    }
  })
}

const archiveOf = (url: string) => onOneConnection(url, archivesTo)

/** Each backup would take all earlier ones along. */
async function refuseDatabaseItself({ cluster }: Placement, to: string): Promise<void> {
  let there = to
  while (!(await isThere(there))) there = path.dirname(there)
  const folder = path.join(await realpath(there), path.relative(there, to))
  if (!`${folder}${path.sep}`.startsWith(`${await realpath(cluster)}${path.sep}`)) return
  throw new BackupError(`${to} lies in the database's own folder, ${cluster}. Name another one with --to.`)
}

/** Whoever finds a backup must not find its key beside it. */
async function refuseKeyringInside(config: Config, { cluster }: Placement, to: string): Promise<void> {
  const file = keyringFileOf(config)
  if (!(await isThere(file))) return
  const keyring = await realpath(file)
  for (const folder of [cluster, (await isThere(to)) ? await realpath(to) : to]) {
    if (!keyring.startsWith(`${folder}${path.sep}`)) continue
    throw new BackupError(
      `The keyring ${keyring} lies in ${folder}, where the backup would take it along. Move it, and set ` +
        'CAIRN_KEYRING_FILE to its new place.',
    )
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', default: false },
      to: { type: 'string' },
      keep: { type: 'string', default: String(defaultKept) },
      list: { type: 'boolean', default: false },
      off: { type: 'boolean', default: false },
    },
  })
  const say: Say = line => void process.stdout.write(`${line}\n`)
  if (values.help) return say(usage)
  const keep = Number(values.keep)
  if (!Number.isSafeInteger(keep) || keep < 1) throw new BackupError('--keep is a whole number from 1 on.')
  const config = loadConfig()
  if (values.off) await stopBackups(config, say)
  else if (values.list) await listBackups(config, values.to, say)
  else await backUp(config, { to: values.to, keep }, say)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main().catch(sayWhyFailed(usage))
