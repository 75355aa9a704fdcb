import { createHash } from 'node:crypto'
import type { CompiledQuery } from 'kysely'
import type pg from 'pg'

const names = new Map<string, string>()
const mostNames = 5_000

/** The statement name of a SQL text: the same text is parsed once per connection. */
function statementName(sql: string): string {
  let name = names.get(sql)
  if (name === undefined) {
    if (names.size >= mostNames) names.clear()
    name = createHash('sha256').update(sql).digest('base64url').slice(0, 20)
    names.set(sql, name)
  }
  return name
}

export type Statement = Pick<CompiledQuery, 'sql' | 'parameters'>

/**
 * Sends a statement.
 *
 * @param named off only behind a pooler that cannot follow prepared statements
 * @param timeoutMs how long its answer may take; the pool's own patience when left out
 */
export function send(
  client: pg.ClientBase,
  { sql: text, parameters: values }: Statement,
  named: boolean,
  timeoutMs?: number,
): Promise<pg.QueryResult> {
  gather(client)
  return client.query({
    text,
    values: values as unknown[],
    ...(named ? { name: statementName(text) } : {}),
    ...(timeoutMs === undefined ? {} : { query_timeout: timeoutMs }),
  })
}

/**
 * What is sent in one turn leaves in one packet: pg would write each statement by itself, and each write wakes the
 * server.
 */
function gather(client: pg.ClientBase): void {
  if (!('connection' in client)) return
  const { stream } = client.connection as pg.Connection
  if (stream.writableCorked > 0) return
  stream.cork()
  process.nextTick(() => stream.uncork())
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
