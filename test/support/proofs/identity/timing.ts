/** How far two kinds of answer can be told apart by their time. */
export interface Separation {
  /** How often the first takes longer than the second: 0.5 says nothing, 0 and 1 say everything. */
  rate: number
  /** What chance alone does not explain lies outside 0.5 ± this (four standard deviations of Mann-Whitney's U). */
  noise: number
  medians: [number, number]
}

export function separationOf(first: readonly number[], second: readonly number[]): Separation {
  const wins = first.reduce(
    (sum, a) => sum + second.reduce((count, b) => count + (a > b ? 1 : a === b ? 0.5 : 0), 0),
    0,
  )
  const [n, m] = [first.length, second.length]
  return {
    rate: wins / (n * m),
    noise: 4 * Math.sqrt((n + m + 1) / (12 * n * m)),
    medians: [median(first), median(second)],
  }
}

export const isTold = ({ rate, noise }: Separation) => Math.abs(rate - 0.5) > noise

export const inWords = ({ rate, noise, medians }: Separation) =>
  `${medians.map(ms => ms.toFixed(1)).join(' and ')} ms, the first longer in ${rate.toFixed(2)} (noise ${noise.toFixed(2)})`

export const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

/**
 * Measures two kinds in turn, so that whatever else the machine does falls on both alike.
 *
 * @param atOnce pairs at the same time
 * @param betweenPairs what is put right after each round, not measured
 */
export async function measureInTurn(
  samples: number,
  kinds: readonly [() => Promise<unknown>, () => Promise<unknown>],
  atOnce: number,
  betweenPairs: () => Promise<unknown>,
): Promise<[number[], number[]]> {
  const times: [number[], number[]] = [[], []]
  const timed = async (kind: 0 | 1) => {
    const start = performance.now()
    await kinds[kind]()
    times[kind].push(performance.now() - start)
  }
  for (let done = 0; done < samples; done += atOnce) {
    const pair = async (index: number) => {
      const first = (done + index) % 2 === 0 ? 0 : 1
      await timed(first)
      await timed(first === 0 ? 1 : 0)
    }
    await Promise.all(Array.from({ length: atOnce }, (_, index) => pair(index)))
    await betweenPairs()
  }
  return times
}
