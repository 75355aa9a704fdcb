/**
 * How often the first takes longer than the second, of all pairs (the statistic of Mann and Whitney, from 0 to 1):
 * 0.5 when nobody could tell them apart by time. They are asked in turn, so that a busy machine slows both.
 */
export async function slowerShare(
  rounds: number,
  first: () => Promise<unknown>,
  second: () => Promise<unknown>,
): Promise<number> {
  const times: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)
    for (const which of order) times[which].push(await msOf(which === 0 ? first : second))
  }
  const slower = times[0].reduce((sum, one) => sum + times[1].filter(other => one > other).length, 0)
  return slower / rounds ** 2
}

async function msOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

/** How far from one half the share may be on a machine that does other things too. */
export function tellableShare(rounds: number): number {
  return 0.2 + 1 / Math.sqrt(rounds)
}
