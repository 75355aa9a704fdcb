import type { Logger } from 'pino'
import { limits } from './limits.ts'
import { errorForLog } from './log.ts'
import { isUnavailable } from './postgres-errors.ts'

/**
 * While the database is away everything fails, many times a second. The log says so once, then every some
 * seconds with the number of lines it kept back, and when it is over. What fails for another reason is
 * always said.
 */
export interface Outage {
  /** Something failed. Kept back only when it is one more sign of an outage that was told already. */
  failed(error: unknown, message: string, details?: Record<string, unknown>): void
  /** The service had to turn a request away, for whatever reason. */
  refused(error: unknown, message: string, details?: Record<string, unknown>): void
  /** The database answered. */
  answered(): void
}

export function createOutage(log: Logger, now: () => number = () => performance.now()): Outage {
  const { sayAgainMs, quietMs } = limits.outage
  let ongoing: { since: number; lastAt: number; said: boolean } | undefined
  let saidAt = -Infinity
  let unsaid = 0

  function refused(error: unknown, message: string, details: Record<string, unknown> = {}): void {
    const at = now()
    ongoing ??= { since: at, lastAt: at, said: false }
    ongoing.lastAt = at
    // Also of outages that come and go: they are counted in the next line.
    if (at - saidAt < sayAgainMs) {
      unsaid++
      return
    }
    log.error({ ...details, error: errorForLog(error), unsaid }, message)
    ongoing.said = true
    saidAt = at
    unsaid = 0
  }

  return {
    refused,
    failed(error, message, details = {}) {
      if (isUnavailable(error)) refused(error, message, details)
      else log.error({ ...details, error: errorForLog(error) }, message)
    },
    answered() {
      // One answer among failures is no recovery.
      if (ongoing === undefined || now() - ongoing.lastAt < quietMs) return
      const { since, lastAt, said } = ongoing
      ongoing = undefined
      if (said) log.info({ outageMs: Math.round(lastAt - since), unsaid }, 'recovered')
    },
  }
}
