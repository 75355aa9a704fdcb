/** A half-open time `[start, end)` in milliseconds since the epoch. */
export type Span = readonly [start: number, end: number]

/** In order, joined where they touch or overlap, and without empty ones. */
export function merged(spans: readonly Span[]): Span[] {
  const result: [number, number][] = []
  for (const [start, end] of spans.filter(([from, to]) => from < to).toSorted(([a], [b]) => a - b)) {
    const last = result.at(-1)
    if (last && start <= last[1]) last[1] = Math.max(last[1], end)
    else result.push([start, end])
  }
  return result
}

/** What is left of `spans` outside of `taken`; both merged. */
export function without(spans: readonly Span[], taken: readonly Span[]): Span[] {
  const result: Span[] = []
  for (const [from, end] of spans) {
    let start = from
    for (let at = firstEndingAfter(taken, start); at < taken.length; at++) {
      const [takenFrom, takenTo] = taken[at] as Span
      if (takenFrom >= end) break
      if (takenFrom > start) result.push([start, takenFrom])
      start = Math.max(start, takenTo)
    }
    if (start < end) result.push([start, end])
  }
  return result
}

/** Whether `[start, end)` lies within one of the merged spans. */
export function covers(spans: readonly Span[], start: number, end: number): boolean {
  const found = spans[firstEndingAfter(spans, start)]
  return found !== undefined && found[0] <= start && end <= found[1]
}

/** Whether `[start, end)` shares an instant with one of the merged spans. */
export function touches(spans: readonly Span[], start: number, end: number): boolean {
  const found = spans[firstEndingAfter(spans, start)]
  return found !== undefined && found[0] < end
}

function firstEndingAfter(spans: readonly Span[], instant: number): number {
  let [low, high] = [0, spans.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((spans[middle] as Span)[1] > instant) high = middle
    else low = middle + 1
  }
  return low
}
