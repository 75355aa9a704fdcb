import pg from 'pg'
import { KeyDestroyed, SealBroken } from './errors.ts'
import type { SealPurpose } from './practice-key-store.ts'
import type { PlaceInPractice, PracticeSealer, PracticeSealers } from './practice-keys.ts'
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
  sealers: PracticeSealers,
  practiceId: string,
): Promise<Resealed> {
  const result: Resealed = { resealed: 0, broken: [] }
  for (const [purpose, sealer] of sealers) {
    for await (const sealed of sealsBesides(sealer.dataKeyVersion, purpose, owner, practiceId)) {
      const place = placeOf(sealed)
      const text = await opened(sealer, place, sealed.row.sealed)
      if (text === undefined) result.broken.push(nameOf(place))
      else result.resealed += await replaceSeal(owner, practiceId, sealed, sealer.seal(place, text))
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
  sealers: PracticeSealers,
  practiceId: string,
): Promise<Opened> {
  const result: Opened = { opened: 0, broken: [] }
  for (const [purpose, sealer] of sealers) {
    for await (const sealed of sealsBesides(noVersion, purpose, owner, practiceId)) {
      const place = placeOf(sealed)
      if ((await opened(sealer, place, sealed.row.sealed)) === undefined) result.broken.push(nameOf(place))
      else result.opened += 1
    }
  }
  return result
}

/** No seal names it, so every one is of another version. */
const noVersion = -1

/** One seal, and whose it is. */
interface Sealed {
  column: SealedColumn
  row: SealedRow
}

const columnsOf = (purpose: SealPurpose) =>
  sealedColumns.filter(column => (column.purpose ?? 'data') === purpose)

/** Every seal of a practice whose data key is of another version, in batches: rows may change meanwhile. */
async function* sealsBesides(
  version: number,
  purpose: SealPurpose,
  owner: pg.ClientBase,
  practiceId: string,
): AsyncGenerator<Sealed> {
  for (const column of columnsOf(purpose)) {
    let rows: SealedRow[] = []
    do {
      rows = await nextRows(owner, column, practiceId, version, rows.at(-1)?.key)
      for (const row of rows) yield { column, row }
    } while (rows.length === batch)
  }
}

/** The text; undefined when it was altered, or its key was destroyed. */
async function opened(
  sealer: PracticeSealer,
  place: PlaceInPractice,
  sealed: Buffer,
): Promise<Buffer | undefined> {
  try {
    return await sealer.open(place, sealed)
  } catch (error) {
    if (error instanceof SealBroken || error instanceof KeyDestroyed) return undefined
    throw error
  }
}

function placeOf({ column: { table, column, rowId }, row: { key, version } }: Sealed): PlaceInPractice {
  return { table, column, rowId: rowId?.(key) ?? key[0] ?? '', rowVersion: Number(version) }
}

const nameOf = ({ table, column, rowId }: PlaceInPractice) => ({ table, column, rowId })

/** How many rows of a practice still hang on a former data key of this purpose. */
export async function countFormerSeals(
  owner: pg.ClientBase,
  practiceId: string,
  { purpose, version }: { purpose: SealPurpose; version: number },
): Promise<number> {
  let count = 0
  for (const { table, column } of columnsOf(purpose)) {
    const { rows } = await owner.query<{ n: number }>(
      `select count(*)::int as n from cairn.${name(table)} where practice_id = $1 and ${isFormer(column)}`,
      [practiceId, version],
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

/** @returns 0 when the row was written meanwhile */
async function replaceSeal(
  owner: pg.ClientBase,
  practiceId: string,
  { column, row }: Sealed,
  fresh: Buffer,
): Promise<number> {
  const isRow = column.key.map((key, index) => `${name(key)} = $${index + 4}`).join(' and ')
  const { rowCount } = await owner.query(
    `update cairn.${name(column.table)} set ${name(column.column)} = $2
     where practice_id = $1 and ${name(column.column)} = $3 and ${isRow}`,
    [practiceId, fresh, row.sealed, ...row.key],
  )
  return rowCount ?? 0
}
