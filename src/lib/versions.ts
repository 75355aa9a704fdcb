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
