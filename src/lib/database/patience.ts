import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { limits } from '../limits.ts'

/**
 * Runs a step of a migration until no lock is in its way. Whoever waits for a table keeps all later queries of it
 * waiting too: so it gives up after a moment (`lock_timeout`), lets the others through, and comes again.
 *
 * @throws what the step throws, and at last the lock timeout
 */
export async function patiently<T>(client: pg.ClientBase, step: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + limits.migration.giveUpMs
  for (;;) {
    try {
      return await step()
    } catch (error) {
      // The step may have failed within its transaction, or with its connection.
      await client.query('rollback').catch(() => {})
      if (!passes(error) || Date.now() > deadline) throw error
      await sleep(limits.migration.pauseMs * (0.5 + Math.random()))
    }
  }
}

/** Roles belong to the server: another database's migration may change them at the same time. */
const passes = (error: unknown) =>
  error instanceof pg.DatabaseError &&
  (['55P03', '40P01'].includes(error.code ?? '') || error.message === 'tuple concurrently updated')
