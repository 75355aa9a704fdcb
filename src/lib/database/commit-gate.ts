import type pg from 'pg'
import type { Logger } from 'pino'
import { limits } from '../limits.ts'
import { Problem } from '../problems.ts'

/**
 * Turns writers away while PostgreSQL holds commits back because its synchronous standby is gone. It keeps such a
 * commit waiting even when its client has left, so each further writer would take another of its connections, and
 * all of ours. Reads go on: they commit without the standby.
 */
export interface CommitGate {
  readonly closed: boolean
  /** A writer's statement was not answered in time: commits may be held. */
  doubt(): void
  /**
   * To be called by a writer while the gate is closed.
   * @throws Problem `service-busy` while commits are held
   */
  pass(pool: pg.Pool): Promise<void>
}

const recheckMs = 250
/** A role sees its own sessions, those of other processes too. */
const question: pg.QueryConfig & { query_timeout: number } = {
  text: `select count(*)::int as held from pg_stat_activity
    where usename = current_user and datname = current_database() and wait_event = 'SyncRep'`,
  query_timeout: limits.pool.enterMs,
}

export function createCommitGate(log?: Pick<Logger, 'error' | 'info'>): CommitGate {
  let closed = false
  let announced = false
  let checking: Promise<boolean> | undefined
  let checkedAt = 0

  async function areHeld(pool: pg.Pool): Promise<boolean> {
    const { rows } = await pool.query(question)
    checkedAt = performance.now()
    const held = rows[0]?.held ?? 0
    if (held > 0 && !announced)
      log?.error({ held }, 'commits are held: the synchronous standby does not answer')
    if (held === 0 && announced) log?.info('commits go through again')
    announced = held > 0
    closed = held > 0
    return closed
  }

  return {
    get closed() {
      return closed
    },
    doubt() {
      closed = true
    },
    async pass(pool) {
      if (announced && performance.now() < checkedAt + recheckMs) throw busy()
      checking ??= areHeld(pool).finally(() => {
        checking = undefined
      })
      if (await checking) throw busy()
    },
  }
}

const busy = () => new Problem('service-busy', { retryAfter: 5 })
