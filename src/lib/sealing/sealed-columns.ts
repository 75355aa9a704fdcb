import { createHash } from 'node:crypto'

/**
 * Every column that holds text sealed with a practice's data key. Rotation seals them again with the new
 * key, so a module that adds a sealed column adds it here: `test/platform/catalogue.test.ts` fails for a
 * binary column that is missing and is no hash. The place given here is the one the module seals for
 * (`PlaceInPractice`): table and column, row id and row version.
 */
export interface SealedColumn {
  table: string
  column: string
  /** The table's primary key without practice_id, in its order. */
  key: readonly string[]
  /** The row id the seal is bound to, from the key's values; the first of them unless said otherwise. */
  rowId?: (key: readonly string[]) => string
  /** The column whose value the seal is bound to, or the fixed version of rows that do not change. */
  rowVersion: string | number
}

const idempotencyRowId = (key: readonly string[]) => createHash('sha256').update(key.join('|')).digest('hex')

export const sealedColumns: readonly SealedColumn[] = [
  {
    table: 'idempotency_keys',
    column: 'response',
    key: ['actor_id', 'key'],
    rowId: idempotencyRowId,
    rowVersion: 1,
  },
  { table: 'mails', column: 'content', key: ['id'], rowVersion: 1 },
  { table: 'sessions', column: 'successor', key: ['id'], rowVersion: 'refresh_generation' },
  { table: 'client_identifiers', column: 'value_sealed', key: ['id'], rowVersion: 1 },
  { table: 'emergency_accesses', column: 'narrative', key: ['id'], rowVersion: 1 },
  { table: 'emergency_accesses', column: 'review_comment', key: ['id'], rowVersion: 1 },
  { table: 'couple_status_changes', column: 'reason_sealed', key: ['id'], rowVersion: 1 },
  {
    table: 'couple_policy_texts',
    column: 'text_sealed',
    key: ['policy_id', 'revision'],
    rowVersion: 'revision',
  },
  { table: 'couple_agreements', column: 'content_sealed', key: ['id'], rowVersion: 1 },
  { table: 'appointment_changes', column: 'note', key: ['id'], rowVersion: 1 },
  { table: 'session_note_drafts', column: 'document', key: ['note_id'], rowVersion: 'version' },
  {
    table: 'session_note_contents',
    column: 'document',
    key: ['note_id', 'revision'],
    rowVersion: 'revision',
  },
  { table: 'session_note_addenda', column: 'document', key: ['id'], rowVersion: 1 },
  { table: 'session_note_corrections', column: 'document', key: ['id'], rowVersion: 1 },
]
