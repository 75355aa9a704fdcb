import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { MigrationBuilder, RunnerOption } from 'node-pg-migrate'

/** The header of a file whose statements run one by one, outside a transaction. */
const outsideHeader = /^-- Outside a transaction\b/m

/** They wait for long transactions without keeping anybody from a table, and can be run again after a failure. */
const harmless =
  /^(create (unique )?index concurrently if not exists|drop index concurrently if exists|alter table \S+ validate constraint \S+$)/i

/**
 * Reads migrations. One with the line `-- Outside a transaction` builds or drops indexes while the service runs:
 * PostgreSQL does that in no transaction and in no text of several statements.
 */
export const migrationLoaders: NonNullable<RunnerOption['migrationLoaderStrategies']> = [
  {
    extensions: ['.sql'],
    loader: paths =>
      Promise.all(paths.map(async path => ({ id: path, filePaths: [path], actions: await actionsOf(path) }))),
  },
]

async function actionsOf(path: string) {
  const [up = '', down] = (await readFile(path, 'utf8')).split(/^-- Down Migration$/m)
  const undo = down === undefined ? (false as const) : (pgm: MigrationBuilder) => pgm.sql(down)
  if (!outsideHeader.test(up)) return { up: (pgm: MigrationBuilder) => pgm.sql(up), down: undo }
  const statements = harmlessStatements(up, basename(path))
  return {
    up: (pgm: MigrationBuilder) => {
      pgm.noTransaction()
      for (const statement of ['set lock_timeout = 0', ...statements]) pgm.sql(statement)
    },
    down: undo,
  }
}

/** @throws Error for a statement that has to be in a transaction, or that could not be run again */
function harmlessStatements(text: string, file: string): string[] {
  const statements = text
    .replace(/^--.*$/gm, '')
    .split(/;\s*$/m)
    .map(statement => statement.trim().replace(/\s+/g, ' '))
    .filter(statement => statement !== '')
  for (const statement of statements) {
    if (harmless.test(statement)) continue
    throw new Error(
      `${file}: only "create index concurrently if not exists", "drop index concurrently if exists" and ` +
        `"alter table … validate constraint" run outside a transaction, not "${statement.slice(0, 60)}"`,
    )
  }
  return statements
}
