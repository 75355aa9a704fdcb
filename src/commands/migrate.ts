import { join } from 'node:path'
import { StartError, sayWhyNot } from '../announce.ts'
import { loadConfig } from '../config.ts'
import { migrate } from '../lib/database/migrate.ts'
import { createLocalKeyring } from '../lib/sealing/keyring.ts'

// `npm run migrate`: a deploy step of its own. Makes the keyring when there is none.
try {
  const config = loadConfig()
  if (!config.DATABASE_URL) {
    throw new StartError('DATABASE_URL is missing. Set it to a role that may create roles and extensions.')
  }
  const keyring = await createLocalKeyring(
    config.CAIRN_KEYRING_FILE || join(config.CAIRN_DATA_DIR, 'keyring.json'),
  )
  const ran = await migrate(config.DATABASE_URL, keyring.rolePasswordMaster)
  keyring.close()
  process.stdout.write(ran.length === 0 ? 'Nothing to migrate.\n' : `Migrated: ${ran.join(', ')}\n`)
} catch (error) {
  sayWhyNot(error)
  process.exitCode = 1
}
