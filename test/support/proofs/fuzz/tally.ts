/** What was answered, by operation: whether the run is evidence at all. */
export interface Tally {
  requests: number
  count(operation: string, status: number): void
  /** Requests that were meant to succeed, and how many did. */
  meant(operation: string, succeeded: boolean): void
  neverSucceeded(operations: readonly string[]): string[]
  /** One line per operation. */
  table(operations: readonly string[]): string
  /** For the report. */
  sums(): { done: number; refused: number; statuses: number }
}

export function createTally(): Tally {
  const statuses = new Map<string, Map<number, number>>()
  const meant = new Map<string, { tried: number; succeeded: number }>()
  const of = (operation: string) => statuses.get(operation) ?? new Map<number, number>()
  const rateOf = (operation: string) => {
    const { tried, succeeded } = meant.get(operation) ?? { tried: 0, succeeded: 0 }
    return tried === 0 ? 0 : succeeded / tried
  }
  const successes = (operation: string) =>
    [...of(operation)].reduce((sum, [status, count]) => sum + (status < 400 ? count : 0), 0)
  const row = (operation: string) => {
    const counts = [...of(operation)].sort(([a], [b]) => a - b).map(([status, count]) => `${status}:${count}`)
    return `${operation.padEnd(32)} ${String(Math.round(rateOf(operation) * 100)).padStart(3)} %  ${counts.join(' ')}`
  }
  const tally: Tally = {
    requests: 0,
    count(operation, status) {
      tally.requests += 1
      const counts = of(operation)
      counts.set(status, (counts.get(status) ?? 0) + 1)
      statuses.set(operation, counts)
    },
    meant(operation, succeeded) {
      const { tried, succeeded: before } = meant.get(operation) ?? { tried: 0, succeeded: 0 }
      meant.set(operation, { tried: tried + 1, succeeded: before + (succeeded ? 1 : 0) })
    },
    neverSucceeded: operations => operations.filter(operation => successes(operation) === 0),
    sums() {
      const all = [...statuses.values()].flatMap(counts => [...counts])
      const sum = (wanted: (status: number) => boolean) =>
        all.reduce((total, [status, count]) => total + (wanted(status) ? count : 0), 0)
      return {
        done: sum(status => status < 400),
        refused: sum(status => status >= 400),
        statuses: all.length,
      }
    },
    table: operations =>
      [
        'operation                 accepted of what fits its schema  answers by status',
        ...operations.map(row),
      ].join('\n'),
  }
  return tally
}
