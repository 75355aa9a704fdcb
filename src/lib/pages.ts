import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import { Problem } from './problems.ts'
import type { Scope } from './scope.ts'
import { decrypt, encrypt } from './sealing/aes-gcm.ts'

/** Values of the last row's sort key, in order. */
export type CursorKey = (string | number)[]

export interface Page<T> {
  data: T[]
  nextCursor: string | null
}

/**
 * Opaque cursors, encrypted under a key of their own for each practice, actor, operation and filter: a cursor
 * from elsewhere is refused instead of leaking or skipping. What is in one is not for its holder: a place in the
 * event feed counts the events that the holder is not told of.
 */
export interface Cursors {
  encode(scope: Scope, filter: unknown, key: CursorKey): string
  /** @throws Problem `invalid-cursor` */
  decode(scope: Scope, filter: unknown, cursor: string | undefined): CursorKey | undefined
}

export function createCursors(key: KeyObject): Cursors {
  const keyOf = ({ practiceId, actor, operation }: Scope, filter: unknown) => {
    const holder = JSON.stringify([practiceId, actor.id, operation, filter])
    return createSecretKey(createHmac('sha256', key).update(holder).digest())
  }
  return {
    encode(scope, filter, cursorKey) {
      return encrypt(keyOf(scope, filter), padded(JSON.stringify(cursorKey)), noData).toString('base64url')
    },
    decode(scope, filter, cursor) {
      if (cursor === undefined) return undefined
      const text = decrypt(keyOf(scope, filter), Buffer.from(cursor, 'base64url'), noData)
      if (!text) throw new Problem('invalid-cursor')
      return JSON.parse(text.toString()) as CursorKey
    },
  }
}

const noData = Buffer.alloc(0)
const blockBytes = 32

/** To a length that tells nothing of the number inside. JSON may end in spaces. */
function padded(text: string): Buffer {
  const bytes = Buffer.from(text)
  const missing = (blockBytes - (bytes.length % blockBytes)) % blockBytes
  return Buffer.concat([bytes, Buffer.alloc(missing, ' ')])
}

/**
 * Cuts a page out of `limit + 1` rows: the row too many only says that there is a next page.
 */
export function toPage<Row, T>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => T,
  cursorAfter: (row: Row) => string,
): Page<T> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { data: shown.map(toItem), nextCursor: rows.length > limit && last ? cursorAfter(last) : null }
}

/**
 * A page of rows that are opened before they are shown: unsealed, or joined with what is read for all of them at
 * once. The row too many is not opened.
 */
export async function openedPage<Row, T>(
  rows: readonly Row[],
  limit: number,
  open: (shown: readonly Row[]) => Promise<T[]>,
  cursorAfter: (row: Row) => string,
): Promise<Page<T>> {
  const { data, nextCursor } = toPage(rows, limit, row => row, cursorAfter)
  return { data: await open(data), nextCursor }
}

/** Opens rows one by one, side by side. */
export const each =
  <Row, T>(open: (row: Row) => Promise<T>) =>
  (rows: readonly Row[]): Promise<T[]> =>
    Promise.all(rows.map(open))
