import { notFound, Problem } from './problems.ts'

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
