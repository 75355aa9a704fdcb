import pg from 'pg'
import { StartError } from './announce.ts'
import { ownerRole } from './lib/database/roles.ts'
import { KeyDestroyed, KeyUnavailable, SealBroken } from './lib/sealing/errors.ts'
import type { LocalKeyring } from './lib/sealing/keyring.ts'

type KeyRow = {
  practice_id: string
  purpose: string
  key_version: number
  kek_version: number
  wrapped: Buffer
}

/**
 * Refuses a keyring that does not open what this database holds: going on would change the passwords of the
 * runtime roles, break the audit chain, and leave sealed texts unreadable. To be called before `migrate`.
 */
export async function assertKeyringFits(
  adminUrl: string,
  keyring: LocalKeyring,
  keyringFile: string,
): Promise<void> {
  for (const row of await wrappedKeys(adminUrl)) {
    const { practice_id, purpose, key_version, kek_version, wrapped } = row
    const context = { practiceId: practice_id.toLowerCase(), purpose, version: String(key_version) }
    try {
      const secret = await keyring.unwrap(kek_version, wrapped, context)
      secret.fill(0)
      return
    } catch (error) {
      // A practice that was shredded tells nothing about the others.
      if (error instanceof KeyDestroyed) continue
      if (!(error instanceof SealBroken || error instanceof KeyUnavailable)) throw error
      throw new StartError(
        `The keyring ${keyringFile} does not open what this database holds. Restore the keyring that belongs to it ` +
          '(a start without a keyring makes a new one, which is of no use here), or use another database.',
        { cause: error },
      )
    }
  }
}

async function wrappedKeys(adminUrl: string): Promise<KeyRow[]> {
  const admin = new pg.Client({ connectionString: adminUrl })
  admin.on('error', () => {})
  await admin.connect()
  try {
    const { rowCount } = await admin.query(
      `select from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'cairn' and c.relname = 'practice_keys'`,
    )
    if (rowCount === 0) return []
    await admin.query(`set role ${ownerRole}`)
    const { rows } = await admin.query<KeyRow>(
      `select practice_id, purpose, key_version, kek_version, wrapped from cairn.practice_keys
       where state <> 'destroyed' order by kek_version desc, practice_id limit 100`,
    )
    return rows
  } finally {
    await admin.end()
  }
}
