import { setTimeout as sleep } from 'node:timers/promises'

/** Waits until it holds. @throws Error that names what was waited for, when that does not come within so many seconds */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  { seconds = 40 }: { seconds?: number } = {},
): Promise<void> {
  const deadline = performance.now() + seconds * 1_000
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`It did not happen within ${seconds} seconds: ${what}`)
    await sleep(20)
  }
}
