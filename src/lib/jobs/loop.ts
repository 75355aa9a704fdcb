import { setTimeout as sleep } from 'node:timers/promises'
import { isUnavailable } from '../postgres-errors.ts'

export interface Loop {
  /** Ends the loop after the turn that is running. */
  stop(): Promise<void>
}

/**
 * Runs `turn` again and again with a pause in between; a turn that answers true has more to do and is
 * repeated at once. A turn that fails is reported and tried again after a longer pause.
 */
export function repeat(
  pauseMs: number,
  turn: () => Promise<boolean>,
  onError: (error: unknown) => void,
): Loop {
  const stopping = new AbortController()
  const pause = (ms: number) => sleep(ms, undefined, { signal: stopping.signal }).catch(() => {})

  async function run(): Promise<void> {
    let failures = 0
    while (!stopping.signal.aborted) {
      try {
        const more = await turn()
        failures = 0
        if (!more) await pause(pauseMs)
      } catch (error) {
        onError(error)
        failures += 1
        const longest = isUnavailable(error) ? longestOutagePauseMs : longestPauseMs
        await pause(Math.min(pauseMs * 2 ** failures, longest))
      }
    }
  }

  const running = run()
  return {
    async stop() {
      stopping.abort()
      await running
    },
  }
}

const longestPauseMs = 10_000
/** The work that waited through an outage goes on soon after it. */
const longestOutagePauseMs = 1_000
