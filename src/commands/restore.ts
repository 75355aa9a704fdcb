import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type pg from 'pg'
import { BackupError } from '../backup/errors.ts'
import { parseInstant } from '../backup/instant.ts'
import { countRows, inOurDatabase } from '../backup/look-inside.ts'
import type { Manifest } from '../backup/manifest.ts'
import { type Reconciliation, reconcile } from '../backup/reconcile.ts'
import { chooseBase, restore } from '../backup/restore.ts'
import { type Config, loadConfig } from '../config.ts'
import { isThere } from '../embedded/files.ts'
import { appendRestores } from '../lib/audit-anchors.ts'
import { readKeyring } from '../lib/sealing/keyring-file.ts'
import { fingerprintOf } from '../lib/sealing/keyring-fingerprint.ts'
import { sayWhyFailed } from './command-line.ts'
import { interruptible } from './interruptible.ts'
import { asOwner } from './owner-connection.ts'

const usage = `npm run restore -- --from <backup folder> --to <instant> [--into <data folder>]

Makes a new data folder with the database as it was at an instant: date, time and offset, such as
2026-11-22T09:30:00-05:00, or "latest" for all that was archived. --into is CAIRN_DATA_DIR unless given, and must be
empty; a keyring may lie in it. Nothing of the backup is changed, and Cairn is not started.

  --keep-api-clients   integrations go on with their secrets (a rehearsal, or you know that none was revoked since)

npm run restore -- --reconcile --to <instant>

For a server of yours (DATABASE_URL) that its provider has restored to that instant: ends sessions, secrets and
invitations that may have been revoked since, and tells practices and readers of events. Run it once, before
anybody uses the database. docs/operations.md says what to look at afterwards.`

type Say = (line: string) => void

export interface RestoreCommand {
  from: string
  /** An instant with its offset, or `latest`. */
  to: string
  into?: string | undefined
  keepApiClients?: boolean
}

interface Outcome {
  reconciled: Reconciliation
  rows: number
}

/** @throws BackupError with what is wrong; the data folder is then as it was */
export async function restoreBackup(
  config: Config,
  command: RestoreCommand,
  say: Say,
  interrupted?: AbortSignal,
): Promise<void> {
  const started = performance.now()
  const into = path.resolve(command.into ?? config.CAIRN_DATA_DIR)
  const until = command.to === 'latest' ? undefined : parseInstant(command.to)
  const base = await chooseBase(path.resolve(command.from), until)
  const keyring = await checkKeyring(config, into, base.manifest.keyring)
  const restoredTo = until ?? new Date().toISOString()
  let outcome: Outcome | undefined
  const { lastTransactionAt } = await restore(base, {
    from: path.resolve(command.from),
    until,
    into,
    interrupted,
    onProgress: say,
    beforeUse: async url => {
      outcome = await inOurDatabase(url, admin => putInOrder(admin, { ...command, restoredTo, keyring }))
    },
  })
  if (outcome) await noteInAnchors(config, outcome.reconciled, restoredTo, say)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  say(`Restored in ${seconds} s: ${into} holds the database as of ${until ?? 'the end of the archive'}.`)
  say(
    `  Its last transaction is of ${lastTransactionAt ?? `before ${base.manifest.finishedAt} (the base backup)`}.`,
  )
  if (outcome) sayOutcome(outcome, say)
  sayNext(into, base.manifest.keyring, keyring?.file, say)
}

/** Does for a server of yours what `restoreBackup` does before anybody uses the database. */
export async function reconcileYours(
  config: Config,
  { to, keepApiClients }: Pick<RestoreCommand, 'to' | 'keepApiClients'>,
  say: Say,
): Promise<void> {
  if (!config.DATABASE_URL) throw new BackupError('DATABASE_URL is missing: which server was restored?')
  const restoredTo = parseInstant(to)
  const keyring = await findKeyring(config, config.CAIRN_DATA_DIR)
  const outcome = await asOwner(config, admin => putInOrder(admin, { restoredTo, keepApiClients, keyring }))
  await noteInAnchors(config, outcome.reconciled, restoredTo, say)
  sayOutcome(outcome, say)
}

interface Situation {
  restoredTo: string
  keepApiClients?: boolean | undefined
  keyring: FoundKeyring | undefined
}

async function putInOrder(
  admin: pg.ClientBase,
  { restoredTo, keepApiClients = false, keyring }: Situation,
): Promise<Outcome> {
  const rows = await countRows(admin)
  const destroyedPractices = keyring?.destroyedPractices ?? []
  return { rows, reconciled: await reconcile(admin, { restoredTo, keepApiClients, destroyedPractices }) }
}

interface FoundKeyring {
  file: string
  fingerprint: string
  kekVersion: number
  destroyedPractices: string[]
}

async function findKeyring(config: Config, into: string): Promise<FoundKeyring | undefined> {
  const file = config.CAIRN_KEYRING_FILE || path.join(into, 'keyring.json')
  if (!(await isThere(file))) return undefined
  const data = await readKeyring(file)
  const kekVersion = Math.max(...data.keyEncryptionKeys.map(key => key.version))
  return { file, fingerprint: fingerprintOf(data), kekVersion, destroyedPractices: data.destroyedPractices }
}

/** Before anything is written: hours of replaying for a database that cannot be read help nobody. */
async function checkKeyring(
  config: Config,
  into: string,
  needed: Manifest['keyring'],
): Promise<FoundKeyring | undefined> {
  const found = await findKeyring(config, into)
  if (!found || !needed) return found
  if (found.fingerprint !== needed.fingerprint) {
    throw new BackupError(
      `The keyring ${found.file} (fingerprint ${found.fingerprint}) does not open this backup: it needs the one ` +
        `with fingerprint ${needed.fingerprint}. Put that in its place, or take the wrong one away.`,
    )
  }
  if (found.kekVersion >= needed.kekVersion) return found
  throw new BackupError(
    `The keyring ${found.file} is older than this backup: it holds key-encryption keys up to version ` +
      `${found.kekVersion}, and ${needed.kekVersion} is needed. Restore a later copy of it.`,
  )
}

async function noteInAnchors(
  config: Config,
  { chains }: Reconciliation,
  restoredTo: string,
  say: Say,
): Promise<void> {
  if (!config.AUDIT_ANCHOR_FILE) return
  await appendRestores(config.AUDIT_ANCHOR_FILE, chains, restoredTo, new Date())
  say(
    `  The restore is noted in ${config.AUDIT_ANCHOR_FILE}: \`npm run audit -- verify\` will name the rows that were lost.`,
  )
}

function sayOutcome({ reconciled, rows }: Outcome, say: Say): void {
  const { practices, sessionsEnded, apiClientsRevoked, invitationsRevoked } = reconciled
  say(`  It holds ${practices} practices, ${rows} rows.`)
  say(
    `  Ended, because they may have been revoked since: ${sessionsEnded} sessions, ${apiClientsRevoked} API clients, ` +
      `${invitationsRevoked} invitations, all password resets.`,
  )
  say('  Readers of events get a `practice.restored` event; every practice has it in its audit trail.')
  say(
    '  Whoever was disabled, or changed a password, after that instant: look at the staff before letting anybody in.',
  )
}

function sayNext(into: string, needed: Manifest['keyring'], file: string | undefined, say: Say): void {
  const which = needed ? `with fingerprint ${needed.fingerprint}` : 'that was in use then'
  if (file) say(`  The keyring ${file} fits.`)
  else {
    say(
      `  The keyring is not part of a backup. Put the one ${which}, its newest copy, at ` +
        `${path.join(into, 'keyring.json')} (or name it with CAIRN_KEYRING_FILE) before you start Cairn.`,
    )
  }
  say(
    `  Then: CAIRN_DATA_DIR=${into} npm start; beside it \`npm run audit -- verify\` and \`npm run notes -- verify\`; ` +
      'and `npm run backup -- --to <a new folder>`: this database is not backed up yet.',
  )
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', default: false },
      from: { type: 'string' },
      to: { type: 'string' },
      into: { type: 'string' },
      reconcile: { type: 'boolean', default: false },
      'keep-api-clients': { type: 'boolean', default: false },
    },
  })
  const say: Say = line => void process.stdout.write(`${line}\n`)
  if (values.help) return say(usage)
  const { from, to, into, 'keep-api-clients': keepApiClients } = values
  if (values.reconcile && to && !from) return reconcileYours(loadConfig(), { to, keepApiClients }, say)
  if (!from || !to) throw new BackupError(usage)
  const command = { from, to, into, keepApiClients }
  await interruptible(interrupted => restoreBackup(loadConfig(), command, say, interrupted))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main().catch(sayWhyFailed(usage))
