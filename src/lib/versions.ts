import { type Selectable, sql, type UpdateObject } from 'kysely'
import type { PracticeTransaction } from './database/practice-transaction.ts'
import type { DB } from './database/schema.ts'
import { notFound, Problem } from './problems.ts'

/** Tables whose rows count their changes. */
type Versioned = {
  [Table in keyof DB]: DB[Table] extends Record<'practice_id' | 'id' | 'version' | 'updated_at', unknown>
    ? Table
    : never
}[keyof DB]

/** A row as somebody read it. */
export interface RowVersion {
  id: string
  version: number
}

/** Changes the row if it still has this version. Undefined when it has not. */
export function updateAtVersion<Table extends Versioned>(
  trx: PracticeTransaction,
  table: Table,
  at: RowVersion,
  changes: UpdateObject<DB, Table>,
): Promise<Selectable<DB[Table]> | undefined>
export function updateAtVersion(
  trx: PracticeTransaction,
  table: Versioned,
  { id, version }: RowVersion,
  changes: UpdateObject<DB, Versioned>,
): Promise<Selectable<DB[Versioned]> | undefined> {
  return trx
    .updateTable(table)
    .set({ ...changes, version: version + 1, updated_at: sql<Date>`now()` })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .where('version', '=', version)
    .returningAll()
    .executeTakeFirst()
}

/**
 * Changes a row that was found at this version; its lock decides between two who change it at once.
 *
 * @returns the row as it is now
 * @throws Problem `stale-version` when somebody was faster
 */
export async function changeAtVersion<Table extends Versioned>(
  trx: PracticeTransaction,
  table: Table,
  at: RowVersion,
  changes: UpdateObject<DB, Table>,
): Promise<Selectable<DB[Table]>> {
  const changed = await updateAtVersion(trx, table, at, changes)
  if (!changed) throw new Problem('stale-version')
  return changed
}

/**
 * The row after a conditional update, or the right refusal: gone (or hidden) is 404, changed meanwhile is 412.
 *
 * @throws Problem `not-found`, `stale-version`
 */
export async function changedOrRefused<Row>(
  changed: Row | undefined,
  find: () => Promise<Row | undefined>,
): Promise<Row> {
  if (changed) return changed
  throw (await find()) ? new Problem('stale-version') : notFound()
}

/**
 * The row as the caller read it, for a change that must look at it first.
 *
 * @throws Problem `not-found`, `stale-version`
 */
export function atVersion<Row extends { version: number }>(row: Row | undefined, version: number): Row {
  if (!row) throw notFound()
  if (row.version !== version) throw new Problem('stale-version')
  return row
}
