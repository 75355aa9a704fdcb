import type pg from 'pg'
import { limits } from '../limits.ts'
import { Problem } from '../problems.ts'

/** The part of a pool whose holders may each take another connection. */
const share = 1 / 4

interface Gate {
  free: number
  /** First come, first served. */
  waiting: Set<() => void>
}

const gates = new WeakMap<pg.Pool, Gate>()

/**
 * For work that takes a second connection while it holds its first. Were every connection of the pool held by such
 * work, each would wait for the others and everybody behind them: so only some of it is let in at once, and the rest
 * waits before it holds any.
 *
 * @throws Problem `service-busy` when its turn does not come in time
 */
export async function withSecondConnection<T>(pool: pg.Pool, work: () => Promise<T>): Promise<T> {
  const gate = gates.get(pool) ?? { free: Math.ceil(pool.options.max * share), waiting: new Set() }
  gates.set(pool, gate)
  await enter(gate)
  try {
    return await work()
  } finally {
    leave(gate)
  }
}

async function enter(gate: Gate): Promise<void> {
  if (gate.free > 0) {
    gate.free--
    return
  }
  await new Promise<void>((resolve, reject) => {
    const turn = () => {
      clearTimeout(patience)
      resolve()
    }
    const patience = setTimeout(() => {
      gate.waiting.delete(turn)
      reject(new Problem('service-busy'))
    }, limits.pool.acquireMs)
    gate.waiting.add(turn)
  })
}

function leave(gate: Gate): void {
  const [next] = gate.waiting
  if (!next) gate.free++
  else {
    gate.waiting.delete(next)
    next()
  }
}
