import type { Kysely } from 'kysely'
import type { KeyPurpose, PracticeKeyStore } from '../sealing/practice-key-store.ts'
import type { DB } from './schema.ts'

/** Where a practice's wrapped keys are kept, inside one transaction of that practice. */
export function practiceKeyStore(trx: Kysely<DB>): PracticeKeyStore {
  return {
    async load(practiceId) {
      const rows = await trx
        .selectFrom('practice_keys')
        .select(['purpose', 'key_version', 'kek_version', 'wrapped', 'state'])
        .where('practice_id', '=', practiceId)
        .execute()
      return rows.map(row => ({
        practiceId,
        purpose: row.purpose as KeyPurpose,
        version: row.key_version,
        kekVersion: row.kek_version,
        wrapped: row.wrapped,
        state: row.state as 'current' | 'retired' | 'destroyed',
      }))
    },
    async insert(key) {
      const inserted = await trx
        .insertInto('practice_keys')
        .values({
          practice_id: key.practiceId,
          purpose: key.purpose,
          key_version: key.version,
          kek_version: key.kekVersion,
          wrapped: key.wrapped,
          state: key.state,
        })
        .onConflict(conflict => conflict.constraint('practice_keys_pkey').doNothing())
        .returning('key_version')
        .executeTakeFirst()
      return inserted !== undefined
    },
  }
}
