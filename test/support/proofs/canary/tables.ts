import { asAdmin } from '../../test-server.ts'
import { type Form, type Hit, hitsIn } from './forms.ts'

export interface ColumnHit extends Hit {
  /** "cairn.clients.legal_given_name" */
  column: string
}

/** Every place in a table of ours or of the job queue where one of the forms stands. */
export function hitsInTables(adminUrl: string, forms: readonly Form[]): Promise<ColumnHit[]> {
  return asAdmin(adminUrl, async admin => {
    const { rows: tables } = await admin.query<{ name: string }>(
      `select format('%s.%I', relnamespace::regnamespace, relname) as name from pg_class
       where relnamespace in (select oid from pg_namespace where nspname !~ '^pg_(catalog|toast|temp)|^information_schema')
         and relkind in ('r', 'p', 'm') and not relispartition order by 1`,
    )
    const hits: ColumnHit[] = []
    for (const { name } of tables) {
      const { rows } = await admin.query<{ row: Record<string, unknown> }>(
        `select to_jsonb(one) as row from ${name} one`,
      )
      const columns = new Map<string, Buffer[]>()
      for (const { row } of rows)
        for (const [column, value] of Object.entries(row)) add(columns, column, bytesOf(value))
      for (const [column, values] of columns)
        for (const hit of hitsIn(Buffer.concat(values), forms))
          hits.push({ ...hit, column: `${name}.${column}` })
    }
    return hits
  })
}

function add(columns: Map<string, Buffer[]>, column: string, value: Buffer): void {
  const values = columns.get(column) ?? []
  values.push(value, separator)
  columns.set(column, values)
}

const separator = Buffer.from('\n')

/** A value as bytes; binary ones both as they are and in the hexadecimal digits that PostgreSQL shows. */
function bytesOf(value: unknown): Buffer {
  // Within JSON a text has its backslashes twice.
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? null).replaceAll('\\\\', '\\')
  return text.startsWith('\\x')
    ? Buffer.concat([Buffer.from(text.slice(2), 'hex'), Buffer.from(text)])
    : Buffer.from(text)
}
