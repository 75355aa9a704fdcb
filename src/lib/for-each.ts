/** Enough to keep a disk busy while it syncs, or a database while requests wait for their turn. */
const atOnce = 8

/** Does the work for each, some at once. Stops at the first failure. */
export async function forEach<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values()
  let failed = false
  const worker = async () => {
    for (const item of queue) {
      if (failed) return
      await work(item).catch(error => {
        failed = true
        throw error
      })
    }
  }
  const results = await Promise.allSettled(Array.from({ length: atOnce }, worker))
  for (const result of results) if (result.status === 'rejected') throw result.reason
}
