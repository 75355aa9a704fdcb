import type pg from 'pg'
import { StartError } from './announce.ts'
import { hasTable, onOneConnection } from './lib/database/one-connection.ts'
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
  await asOwnerOf(adminUrl, async admin => {
    await assertOwnKeyring(admin, keyring, keyringFile)
    if (!(await hasTable(admin, 'practice_keys'))) return
    for (const row of await wrappedKeys(admin)) if (await opens(row, keyring, keyringFile)) return
  })
}

/**
 * The same from the fingerprint alone, which any role may read. A database that was never started with a keyring
 * since fingerprints exist knows none and says nothing.
 */
export async function assertOwnKeyring(
  connection: pg.Pool | pg.ClientBase,
  keyring: LocalKeyring,
  keyringFile: string,
): Promise<void> {
  if (!(await hasTable(connection, 'keyrings'))) return
  const { rows } = await connection.query<{ fingerprint: string }>('select fingerprint from cairn.keyrings')
  const known = rows.map(row => row.fingerprint)
  if (known.length === 0 || known.includes(keyring.fingerprint)) return
  throw new StartError(
    `The keyring ${keyringFile} (fingerprint ${keyring.fingerprint}) does not open what this database holds: it ` +
      `belongs to the keyring with fingerprint ${known.join(', ')}. ${remedy}`,
  )
}

/** Notes which keyring the database belongs to from now on; the first one stays. */
export async function recordKeyring(adminUrl: string, keyring: LocalKeyring): Promise<void> {
  await asOwnerOf(adminUrl, admin =>
    admin.query(
      `insert into cairn.keyrings (fingerprint) select $1 where not exists (select from cairn.keyrings)
       on conflict do nothing`,
      [keyring.fingerprint],
    ),
  )
}

const remedy =
  'Restore the keyring that belongs to it (a start without a keyring makes a new one, which is of no use here), ' +
  'or use another database.'

/** @returns whether this row proves that the keyring fits. @throws StartError when it proves the contrary */
async function opens(row: KeyRow, keyring: LocalKeyring, keyringFile: string): Promise<boolean> {
  const { practice_id, purpose, key_version, kek_version, wrapped } = row
  const context = { practiceId: practice_id.toLowerCase(), purpose, version: String(key_version) }
  try {
    const secret = await keyring.unwrap(kek_version, wrapped, context)
    secret.fill(0)
    return true
  } catch (error) {
    // A practice that was shredded tells nothing about the others.
    if (error instanceof KeyDestroyed) return false
    if (!(error instanceof SealBroken || error instanceof KeyUnavailable)) throw error
    throw new StartError(`The keyring ${keyringFile} does not open what this database holds. ${remedy}`, {
      cause: error,
    })
  }
}

async function wrappedKeys(admin: pg.ClientBase): Promise<KeyRow[]> {
  const { rows } = await admin.query<KeyRow>(
    `select practice_id, purpose, key_version, kek_version, wrapped from cairn.practice_keys
     where state <> 'destroyed' order by kek_version desc, practice_id limit 100`,
  )
  return rows
}

/** As the owner, where the database is set up already: an empty server does not know the role yet. */
const asOwnerOf = <T>(adminUrl: string, work: (admin: pg.ClientBase) => Promise<T>): Promise<T> =>
  onOneConnection(adminUrl, async admin => {
    const { rowCount } = await admin.query('select from pg_roles where rolname = $1', [ownerRole])
    if (rowCount === 1 && (await hasTable(admin, 'practices'))) await admin.query(`set role ${ownerRole}`)
    return work(admin)
  })
