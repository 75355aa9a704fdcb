import { limits } from './limits.ts'

const { smallestCount } = limits

/**
 * A part of a whole that is told too: null where it is too small, and where so few are left over that the difference would
 * tell of them. A whole that is hidden hides its parts.
 */
export function partIfEnough(part: number, whole: number): number | null {
  const rest = whole - part
  return whole < smallestCount || part < smallestCount || (rest > 0 && rest < smallestCount) ? null : part
}

/**
 * Parts that make up a whole that is told. Small ones are hidden, and the smallest of the others too while what is hidden
 * together would tell of few.
 */
export function partsIfEnough<Key extends string>(
  parts: Readonly<Record<Key, number>>,
): Record<Key, number | null> {
  const counts = Object.entries(parts) as [Key, number][]
  const bySize = counts.toSorted(([, a], [, b]) => a - b)
  let hidden = 0
  const told = bySize.map(([key, count]): [Key, number | null] => {
    const isTold = count >= smallestCount && (hidden === 0 || hidden >= smallestCount)
    if (!isTold) hidden += count
    return [key, isTold ? count : null]
  })
  const byKey = new Map(told)
  return Object.fromEntries(counts.map(([key]) => [key, byKey.get(key) ?? null])) as Record<
    Key,
    number | null
  >
}
