import { StartError, sayWhyNot } from '../announce.ts'
import { loadConfig } from '../config.ts'
import { createLocalKeyring } from '../lib/sealing/keyring.ts'
import { keyringFileOf, migrateYours } from '../open-database.ts'

// `npm run migrate`: a deploy step of its own. Makes the keyring when there is none.
try {
  const config = loadConfig()
  if (!config.DATABASE_URL) {
    throw new StartError('DATABASE_URL is missing. Set it to a role that may create roles and extensions.')
  }
  const keyring = await createLocalKeyring(keyringFileOf(config))
  const ran = await migrateYours(config, keyring)
  keyring.close()
  process.stdout.write(ran.length === 0 ? 'Nothing to migrate.\n' : `Migrated: ${ran.join(', ')}\n`)
} catch (error) {
  sayWhyNot(error)
  process.exitCode = 1
}
