import type pg from 'pg'
import type { KeyRotationStore, WrappedKey } from '../sealing/practice-key-store.ts'

type KeyRow = {
  purpose: WrappedKey['purpose']
  key_version: number
  kek_version: number
  wrapped: Buffer
  state: WrappedKey['state']
}

/** A practice's wrapped keys on the owner's connection: rotation changes what the runtime role only reads. */
export function ownerKeyStore(owner: pg.ClientBase): KeyRotationStore {
  const changes = async (text: string, values: unknown[]) => (await owner.query(text, values)).rowCount === 1
  return {
    async load(practiceId) {
      const { rows } = await owner.query<KeyRow>(
        'select purpose, key_version, kek_version, wrapped, state from cairn.practice_keys where practice_id = $1',
        [practiceId],
      )
      return rows.map(row => ({
        practiceId,
        purpose: row.purpose,
        version: row.key_version,
        kekVersion: row.kek_version,
        wrapped: row.wrapped,
        state: row.state,
      }))
    },
    insert: ({ practiceId, purpose, version, kekVersion, wrapped, state }) =>
      changes(
        `insert into cairn.practice_keys (practice_id, purpose, key_version, kek_version, wrapped, state)
         values ($1, $2, $3, $4, $5, $6) on conflict on constraint practice_keys_pkey do nothing`,
        [practiceId, purpose, version, kekVersion, wrapped, state],
      ),
    retire: ({ practiceId, purpose, version }) =>
      changes(
        `update cairn.practice_keys set state = 'retired'
         where practice_id = $1 and purpose = $2 and key_version = $3 and state = 'current'`,
        [practiceId, purpose, version],
      ),
    replaceWrapping: ({ practiceId, purpose, version, kekVersion, wrapped }, previous) =>
      changes(
        `update cairn.practice_keys set kek_version = $4, wrapped = $5
         where practice_id = $1 and purpose = $2 and key_version = $3 and kek_version = $6`,
        [practiceId, purpose, version, kekVersion, wrapped, previous],
      ),
  }
}
