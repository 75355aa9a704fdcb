import { hash } from 'node:crypto'
import type { CompiledQuery } from 'kysely'
import type pg from 'pg'
import { type Answer, type Asked, Batch, traveling } from './batch.ts'

const names = new Map<string, string>()
const mostNames = 5_000

/** The statement name of a SQL text: the same text is parsed once per connection. */
function statementName(sql: string): string {
  let name = names.get(sql)
  if (name === undefined) {
    if (names.size >= mostNames) names.clear()
    name = hash('sha256', sql, 'base64url').slice(0, 20)
    names.set(sql, name)
  }
  return name
}

export type Statement = Pick<CompiledQuery, 'sql' | 'parameters'>

/** What is to leave a connection at the end of this turn. */
const waiting = new WeakMap<pg.ClientBase, Asked[]>()

/**
 * Sends a statement. What is sent in one turn leaves as one batch, in this order: those behind one that fails are not run.
 *
 * @param named off only behind a pooler that cannot follow prepared statements
 * @param patienceMs how long its answer may take, where that is less than the pool's own patience: only of one that is sent
 *   before all others
 */
export function send(
  client: pg.ClientBase,
  { sql, parameters }: Statement,
  named: boolean,
  patienceMs?: number,
): Promise<Answer> {
  const { promise, resolve: done, reject: failed } = Promise.withResolvers<Answer>()
  const name = named ? statementName(sql) : ''
  const asked = { text: sql, values: parameters.map(traveling), name, patienceMs, done, failed }
  const others = waiting.get(client)
  if (others) others.push(asked)
  else {
    waiting.set(client, [asked])
    process.nextTick(flush, client)
  }
  return promise
}

/** Sends what waits for the end of this turn, before something else is asked of the connection. */
export function flush(client: pg.ClientBase): void {
  const asked = waiting.get(client)
  if (!asked) return
  waiting.delete(client)
  client.query(new Batch(client, asked))
}

/**
 * Several writes as one statement: parsed, planned and answered once. All of them see what was there before it; foreign
 * keys are looked at when all are done.
 */
export function together(writes: readonly Statement[]): Statement | undefined {
  const [first, ...others] = writes
  if (!first || others.length === 0) return first
  const parameters = [...first.parameters]
  const parts = others.map((write, index) => {
    const offset = parameters.length
    parameters.push(...write.parameters)
    return `w${index} as (${write.sql.replace(/\$(\d+)/g, (_, n) => `$${Number(n) + offset}`)})`
  })
  return { sql: `with ${parts.join(', ')} ${first.sql}`, parameters }
}
