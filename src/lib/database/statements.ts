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

/** Sends a statement. `named` is off only behind a pooler that cannot follow prepared statements. */
export function send(client: pg.ClientBase, statement: Statement, named: boolean): Promise<pg.QueryResult> {
  const values = statement.parameters as unknown[]
  return client.query(
    named
      ? { name: statementName(statement.sql), text: statement.sql, values }
      : { text: statement.sql, values },
  )
}
