import { setImmediate as nextTurn } from 'node:timers/promises'
import { callbackify } from 'node:util'
import pg from 'pg'
import { Batch } from '../../../../src/lib/database/batch.ts'

/** Where around a database call the end comes: nothing of it sent, sent and not answered, answered. */
export const moments = ['before send', 'after send', 'after answer'] as const

export interface CrashPoint {
  /** The n-th call, from 1. */
  call: number
  moment: (typeof moments)[number]
}

export interface CallCrash {
  /** Counts calls from here on, and ends at the point if there is one. */
  arm(point?: CrashPoint): void
  /** Stops counting. @returns how many calls there were, and whether the point was reached */
  disarm(): { calls: number; reached: boolean }
}

type Query = (...parts: unknown[]) => Promise<unknown>

/**
 * Puts itself in front of every database call of the runtime role in this process.
 *
 * @param end ends what is to be ended; its promise is what the call in question, and each after it on the same
 *   connection, is answered with
 */
export function interceptCalls(end: (client: pg.Client) => Promise<never>): CallCrash {
  let point: CrashPoint | undefined
  let counting = false
  let calls = 0
  const ended = new WeakSet<pg.Client>()
  const original = pg.Client.prototype.query

  async function call(client: pg.Client, query: Query): Promise<unknown> {
    if (ended.has(client)) return end(client)
    if (!counting) return query()
    calls += 1
    if (!point || calls !== point.call) return query()
    const { moment } = point
    if (moment !== 'after answer') ended.add(client)
    if (moment === 'before send') await nextTurn()
    else await (moment === 'after send' ? sent(client, query) : query().catch(() => {}))
    ended.add(client)
    return end(client)
  }

  function intercepted(this: pg.Client, ...parts: unknown[]): unknown {
    const isOurs = this.user === 'cairn_app' && (counting || ended.has(this))
    if (!isOurs) return Reflect.apply(original, this, parts)
    const [batch] = parts
    if (batch instanceof Batch)
      return holdBack(
        batch,
        send => call(this, send),
        () => Reflect.apply(original, this, parts),
      )
    const callback = typeof parts.at(-1) === 'function' ? (parts.pop() as Callback) : undefined
    const answer = call(this, () => Reflect.apply(original, this, parts))
    if (!callback) return answer
    return void callbackify(() => answer)(callback)
  }
  Object.assign(pg.Client.prototype, { query: intercepted })

  return {
    arm(at) {
      ;[point, counting, calls] = [at, true, 0]
    },
    disarm() {
      counting = false
      return { calls, reached: point !== undefined && calls >= point.call }
    },
  }
}

/** A batch answers its statements one by one; here none hears of it before the call as a whole is through. */
function holdBack(batch: Batch, through: (send: Query) => Promise<unknown>, send: () => unknown): Batch {
  const answers: (() => void)[] = []
  for (const one of batch.asked) {
    const { done } = one
    one.done = answer => void answers.push(() => done(answer))
  }
  const sent = async () => {
    send()
    await batch.settled
  }
  through(sent).then(
    () => {
      for (const answer of answers) answer()
    },
    error => {
      for (const one of batch.asked) one.failed(error)
    },
  )
  return batch
}

type Callback = (error: Error, result: unknown) => void

/** Sends without waiting for the answer: resolves when the operating system has all of it. */
async function sent(client: pg.Client, query: Query): Promise<void> {
  query().catch(() => {})
  const { stream } = Reflect.get(client, 'connection') as { stream: { writableLength: number } }
  do await nextTurn()
  while (stream.writableLength > 0)
}

/** The connection is lost as if a network failed: the process goes on. */
export async function cutConnection(client: pg.Client): Promise<never> {
  const { stream } = Reflect.get(client, 'connection') as { stream: { destroy(): void } }
  stream.destroy()
  throw new Error('Connection terminated unexpectedly')
}
