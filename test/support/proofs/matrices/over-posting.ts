import type { Json } from '../../api-document.ts'
import type { TestApp } from '../../test-app.ts'
import { asAdmin } from '../../test-server.ts'
import type { BodyObject } from './fields.ts'

/** Every column of every table, as the database and as the API would spell it. */
export async function columnNames(test: TestApp): Promise<string[]> {
  const { rows } = await asAdmin(test.adminUrl, admin =>
    admin.query<{ name: string }>(
      `select distinct a.attname as name from pg_attribute a join pg_class c on c.oid = a.attrelid
       where c.relnamespace = 'cairn'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0
         and not a.attisdropped order by 1`,
    ),
  )
  const camel = (name: string) => name.replace(/_(\w)/g, (_match, letter: string) => letter.toUpperCase())
  return [...new Set(rows.flatMap(({ name }) => [name, camel(name)]))]
}

/** The body as text, with one more field in the object at a place; objects that are not there are made. */
export function overPosted(body: unknown, { steps }: BodyObject, name: string, value: unknown): string {
  const marked = insertAt(body, steps)
  return JSON.stringify(marked).replace(
    `"${placeholder}":0`,
    `${JSON.stringify(name)}:${JSON.stringify(value)}`,
  )
}

/** As text, because an object literal would take `__proto__` for a prototype. */
const placeholder = 'over-posted'

function insertAt(value: unknown, [step, ...rest]: readonly string[]): unknown {
  const given = value !== null && typeof value === 'object' ? value : undefined
  if (step === '[]') return [insertAt(Array.isArray(given) ? given[0] : undefined, rest)]
  const fields = (given ?? {}) as Json
  return step === undefined
    ? { ...fields, [placeholder]: 0 }
    : { ...fields, [step]: insertAt(fields[step], rest) }
}
