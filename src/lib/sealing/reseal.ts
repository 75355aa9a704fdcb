import pg from 'pg'
import { KeyDestroyed, SealBroken } from './errors.ts'
import type { PlaceInPractice, PracticeSealer } from './practice-keys.ts'
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

export interface Opened {
  opened: number
  broken: Resealed['broken']
}

/** Opens everything that is sealed of a practice, for instance after a restore, and keeps nothing of it. */
export async function openEverything(
  owner: pg.ClientBase,
  sealer: PracticeSealer,
  practiceId: string,
): Promise<Opened> {
  const result: Opened = { opened: 0, broken: [] }
  for (const column of sealedColumns) {
    let last: string[] | undefined
    for (;;) {
      const rows = await nextRows(owner, column, practiceId, noVersion, last)
      for (const row of rows) {
        const place = placeOf(column, row)
        if (await opens(sealer, place, row.sealed)) result.opened += 1
        else result.broken.push({ table: place.table, column: place.column, rowId: place.rowId })
      }
      last = rows.at(-1)?.key
      if (rows.length < batch) break
    }
  }
  return result
}

/** No seal names it, so every one is of another version. */
const noVersion = -1

async function opens(sealer: PracticeSealer, place: PlaceInPractice, sealed: Buffer): Promise<boolean> {
  try {
    await sealer.open(place, sealed)
    return true
  } catch (error) {
    if (error instanceof SealBroken || error instanceof KeyDestroyed) return false
    throw error
  }
}

function placeOf({ table, column, rowId }: SealedColumn, { key, version }: SealedRow): PlaceInPractice {
  return { table, column, rowId: rowId?.(key) ?? key[0] ?? '', rowVersion: Number(version) }
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
  const place = placeOf(column, row)
  let fresh: Buffer
  try {
    fresh = sealer.seal(place, await sealer.open(place, row.sealed))
  } catch (error) {
    if (!(error instanceof SealBroken || error instanceof KeyDestroyed)) throw error
    result.broken.push({ table: place.table, column: place.column, rowId: place.rowId })
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
