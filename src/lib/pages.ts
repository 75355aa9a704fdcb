import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto'
import { Problem } from './problems.ts'
import type { Scope } from './scope.ts'

/** Values of the last row's sort key, in order. */
export type CursorKey = (string | number)[]

export interface Page<T> {
  data: T[]
  nextCursor: string | null
}

/**
 * Opaque cursors, bound by an HMAC to the practice, the actor, the operation and the filter: a cursor
 * from elsewhere is refused instead of leaking or skipping.
 */
export interface Cursors {
  encode(scope: Scope, filter: unknown, key: CursorKey): string
  /** @throws Problem `invalid-cursor` */
  decode(scope: Scope, filter: unknown, cursor: string | undefined): CursorKey | undefined
}

export function createCursors(key: KeyObject): Cursors {
  const bind = (scope: Scope, filter: unknown, payload: Buffer) =>
    createHmac('sha256', key)
      .update(JSON.stringify([scope.practiceId, scope.actor.id, scope.operation, filter]))
      .update(payload)
      .digest()
      .subarray(0, 16)
  return {
    encode(scope, filter, cursorKey) {
      const payload = Buffer.from(JSON.stringify(cursorKey))
      return Buffer.concat([bind(scope, filter, payload), payload]).toString('base64url')
    },
    decode(scope, filter, cursor) {
      if (cursor === undefined) return undefined
      const bytes = Buffer.from(cursor, 'base64url')
      const payload = bytes.subarray(16)
      if (bytes.length < 18 || !timingSafeEqual(bytes.subarray(0, 16), bind(scope, filter, payload))) {
        throw new Problem('invalid-cursor')
      }
      return JSON.parse(payload.toString()) as CursorKey
    },
  }
}

/**
 * Cuts a page out of `limit + 1` rows: the row too many only says that there is a next page.
 *
 * @param keyOf the sort key of a row, as the query compares it
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
