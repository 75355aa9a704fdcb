import { parseArgs } from 'node:util'
import { StartError, sayWhyNot } from '../announce.ts'
import { loadConfig } from '../config.ts'
import { createLocalKeyring } from '../lib/sealing/keyring.ts'
import { keyringFileOf, migrateYours } from '../open-database.ts'

const usage = `npm run migrate

Brings the database of DATABASE_URL up to this release, as a deploy step of its own: roles, extensions, migrations,
job queue. Safe to run twice, and while the former release serves. Makes the keyring when there is none, and refuses
one that does not open what the database holds. Set MIGRATE_ON_START=false for the service where you use this.`

try {
  await main()
} catch (error) {
  sayWhyNot(error)
  process.exitCode = 1
}

async function main(): Promise<void> {
  if (asksForHelp()) return void process.stdout.write(`${usage}\n`)
  const config = loadConfig()
  if (!config.DATABASE_URL) {
    throw new StartError('DATABASE_URL is missing. Set it to a role that may create roles and extensions.')
  }
  const keyring = await createLocalKeyring(keyringFileOf(config))
  const ran = await migrateYours(config, keyring)
  keyring.close()
  process.stdout.write(ran.length === 0 ? 'Nothing to migrate.\n' : `Migrated: ${ran.join(', ')}\n`)
}

/** @throws StartError for anything else than --help */
function asksForHelp(): boolean {
  try {
    return parseArgs({ options: { help: { type: 'boolean', default: false } } }).values.help
  } catch (error) {
    throw new StartError(usage, { cause: error })
  }
}
