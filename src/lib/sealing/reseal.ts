import pg from 'pg'
import { KeyDestroyed, SealBroken } from './errors.ts'
import type { PracticeSealer } from './practice-keys.ts'
import { type SealedColumn, sealedColumns } from './sealed-columns.ts'

export interface Resealed {
  resealed: number
  /** Rows that did not open: altered, or sealed with a key that was destroyed. They are left as they are. */
  broken: { table: string; column: string; rowId: string }[]
}

type SealedRow = { key: string[]; version: string; sealed: Buffer }

const batch = 200
const name = (identifier: string) => pg.escapeIdentifier(identifier)

/**
 * Seals everything of a practice that still hangs on a former data key with the current one, row by row and
 * only over the bytes that were read: whoever writes the row meanwhile wins and is not held up.
 *
 * @param owner the owner's connection, outside of a transaction: the runtime role may not change signed rows
 */
export async function resealPractice(
  owner: pg.ClientBase,
  sealer: PracticeSealer,
  practiceId: string,
): Promise<Resealed> {
  const result: Resealed = { resealed: 0, broken: [] }
  for (const column of sealedColumns) {
    let last: string[] | undefined
    for (;;) {
      const rows = await nextRows(owner, column, practiceId, sealer.dataKeyVersion, last)
      for (const row of rows) await resealRow(owner, sealer, { practiceId, column, row }, result)
      last = rows.at(-1)?.key
      if (rows.length < batch) break
    }
  }
  return result
}

/** How many rows of a practice still hang on a former data key. */
export async function countFormerSeals(
  owner: pg.ClientBase,
  practiceId: string,
  currentVersion: number,
): Promise<number> {
  let count = 0
  for (const { table, column } of sealedColumns) {
    const { rows } = await owner.query<{ n: number }>(
      `select count(*)::int as n from cairn.${name(table)} where practice_id = $1 and ${isFormer(column)}`,
      [practiceId, currentVersion],
    )
    count += rows[0]?.n ?? 0
  }
  return count
}

/** A seal names its data key's version in bytes 2 to 5; see envelope.ts. */
const isFormer = (column: string) => `substring(${name(column)} from 2 for 4) <> int4send($2::int)`

async function nextRows(
  owner: pg.ClientBase,
  { table, column, key, rowVersion }: SealedColumn,
  practiceId: string,
  currentVersion: number,
  after: string[] | undefined,
): Promise<SealedRow[]> {
  const keys = key.map(name).join(', ')
  const version = typeof rowVersion === 'number' ? String(rowVersion) : name(rowVersion)
  const behind = after ? `and (${keys}) > (${after.map((_value, index) => `$${index + 3}`).join(', ')})` : ''
  const { rows } = await owner.query<SealedRow>(
    `select array[${key.map(column => `${name(column)}::text`).join(', ')}] as key, ${version}::text as version,
       ${name(column)} as sealed
     from cairn.${name(table)} where practice_id = $1 and ${isFormer(column)} ${behind}
     order by ${keys} limit ${batch}`,
    [practiceId, currentVersion, ...(after ?? [])],
  )
  return rows
}

async function resealRow(
  owner: pg.ClientBase,
  sealer: PracticeSealer,
  { practiceId, column, row }: { practiceId: string; column: SealedColumn; row: SealedRow },
  result: Resealed,
): Promise<void> {
  const rowId = column.rowId?.(row.key) ?? row.key[0] ?? ''
  const place = { table: column.table, column: column.column, rowId, rowVersion: Number(row.version) }
  let fresh: Buffer
  try {
    fresh = sealer.seal(place, await sealer.open(place, row.sealed))
  } catch (error) {
    if (!(error instanceof SealBroken || error instanceof KeyDestroyed)) throw error
    result.broken.push({ table: column.table, column: column.column, rowId })
    return
  }
  const isRow = column.key.map((key, index) => `${name(key)} = $${index + 4}`).join(' and ')
  const { rowCount } = await owner.query(
    `update cairn.${name(column.table)} set ${name(column.column)} = $2
     where practice_id = $1 and ${name(column.column)} = $3 and ${isRow}`,
    [practiceId, fresh, row.sealed, ...row.key],
  )
  result.resealed += rowCount ?? 0
}
