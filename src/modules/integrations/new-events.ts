import { limits } from '../../lib/limits.ts'

/** Tells waiting requests that their practice has newer events. One per process. */
export interface NewEvents {
  /**
   * Resolves to true when the practice has an event behind this position; to false when the time is over, the
   * caller has gone, the process drains or too many wait already.
   */
  behind(practiceId: string, position: number, milliseconds: number, signal: AbortSignal): Promise<boolean>
  /** Lets everybody go, now and from now on. */
  close(): void
}

interface Waiter {
  position: number
  done: (found: boolean) => void
}

/**
 * Looks at the counters of practices somebody waits for, a few times a second; holds nothing in between.
 *
 * @param lastPosition the newest position of a practice
 * @param isDraining whether the process has begun to end
 */
export function watchNewEvents(
  lastPosition: (practiceId: string) => Promise<number>,
  isDraining: () => boolean,
): NewEvents {
  const waiting = new Map<string, Set<Waiter>>()
  let count = 0
  let looking = false
  let closed = false

  function close(): void {
    closed = true
    for (const waiters of waiting.values()) for (const waiter of waiters) waiter.done(false)
  }

  async function look(): Promise<void> {
    for (const [practiceId, waiters] of waiting) {
      // A database that is busy now is asked again in a moment; whoever waits loses nothing.
      const position = await lastPosition(practiceId).catch(() => -1)
      for (const waiter of waiters) if (waiter.position < position) waiter.done(true)
    }
  }

  async function lookWhileWaiting(): Promise<void> {
    if (looking) return
    looking = true
    while (waiting.size > 0) {
      await new Promise(resolve => setTimeout(resolve, limits.feed.pollMs))
      if (isDraining()) close()
      await look()
    }
    looking = false
  }

  return {
    behind(practiceId, position, milliseconds, signal) {
      if (closed || signal.aborted || isDraining() || count >= limits.feed.mostWaiting) {
        return Promise.resolve(false)
      }
      return new Promise(resolve => {
        const waiters = waiting.get(practiceId) ?? new Set()
        const waiter = { position, done }
        const leave = () => done(false)
        const timer = setTimeout(leave, milliseconds)
        function done(found: boolean): void {
          if (!waiters.delete(waiter)) return
          if (waiters.size === 0) waiting.delete(practiceId)
          count -= 1
          clearTimeout(timer)
          signal.removeEventListener('abort', leave)
          resolve(found)
        }
        signal.addEventListener('abort', leave)
        waiting.set(practiceId, waiters.add(waiter))
        count += 1
        void lookWhileWaiting()
      })
    },
    close,
  }
}
