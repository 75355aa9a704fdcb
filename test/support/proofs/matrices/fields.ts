import { documentOf, type Json } from '../../api-document.ts'
import { type DocumentedOperation, resolveRef } from '../../operations.ts'
import type { TestApp } from '../../test-app.ts'

/** What a schema allows in one place: its fields, its entries (`[]`) and whatever name somebody gives (`*`). */
interface Places {
  fields: Readonly<Record<string, Json[]>>
  entries: Json[]
  anyName: Json[]
}

/** The places of schemas that stand for one value, whichever of them it fits. */
function placesOf(document: Json, schemas: readonly Json[]): Places {
  const places = { fields: {} as Record<string, Json[]>, entries: [] as Json[], anyName: [] as Json[] }
  for (const schema of schemas.flatMap(one => branchesOf(document, one))) {
    for (const [name, field] of Object.entries((schema.properties ?? {}) as Record<string, Json>))
      places.fields[name] = [...(places.fields[name] ?? []), field]
    if (schema.items) places.entries.push(schema.items as Json)
    places.anyName.push(...Object.values((schema.patternProperties ?? {}) as Record<string, Json>))
    if (schema.additionalProperties && typeof schema.additionalProperties === 'object')
      places.anyName.push(schema.additionalProperties as Json)
  }
  return places
}

function branchesOf(document: Json, schema: Json): Json[] {
  const resolved = resolveRef(document, schema)
  const branches = ['anyOf', 'oneOf', 'allOf'].flatMap(key => (resolved[key] ?? []) as Json[])
  return [resolved, ...branches.flatMap(branch => branchesOf(document, branch))]
}

/** The paths of the fields of an answer: `data/[]/id`, and of those that are not null. Names that people give are `*`. */
export function fieldsRead(
  test: TestApp,
  schema: Json,
  value: unknown,
): Record<'all' | 'filled', Set<string>> {
  const document = documentOf(test.app)
  const found = { all: new Set<string>(), filled: new Set<string>() }
  const walk = (part: unknown, schemas: readonly Json[], path: readonly string[]): void => {
    if (part === null || typeof part !== 'object') return
    const { fields, entries, anyName } = placesOf(document, schemas)
    if (Array.isArray(part)) {
      for (const entry of part) walk(entry, entries, [...path, '[]'])
      return
    }
    for (const [name, field] of Object.entries(part)) {
      const shown = name in fields || anyName.length === 0 ? name : '*'
      const place = [...path, shown].join('/')
      found.all.add(place)
      if (field !== null) found.filled.add(place)
      walk(field, fields[name] ?? anyName, [...path, shown])
    }
  }
  walk(value, [schema], [])
  return found
}

/** An object in a body, and the names it knows. */
export interface BodyObject {
  steps: readonly string[]
  known: ReadonlySet<string>
  /** People name its fields themselves. */
  anyName: boolean
  /** Its schema refuses every other name. */
  closed: boolean
}

/** Every object in the body of an operation, the body itself first. */
export function bodyObjectsOf(test: TestApp, { bodySchema }: DocumentedOperation): BodyObject[] {
  const document = documentOf(test.app)
  const found: BodyObject[] = []
  const walk = (schemas: readonly Json[], steps: readonly string[]): void => {
    const { fields, entries, anyName } = placesOf(document, schemas)
    const names = Object.keys(fields)
    if (names.length > 0 || anyName.length > 0) {
      const closed = schemas.flatMap(one => branchesOf(document, one)).every(isClosed)
      found.push({ steps, known: new Set(names), anyName: anyName.length > 0, closed })
    }
    for (const name of names) walk(fields[name] ?? [], [...steps, name])
    if (entries.length > 0) walk(entries, [...steps, '[]'])
  }
  if (bodySchema) walk([bodySchema], [])
  return found
}

/** A choice is as closed as its branches, which are looked at beside it. */
const isClosed = ({ type, properties, additionalProperties, oneOf }: Json) =>
  oneOf !== undefined || (type !== 'object' && !properties) || additionalProperties === false

/** Rows as `path: who`, in the order of the paths. */
export function tableOf(rows: ReadonlyMap<string, readonly string[]>): string[] {
  const width = Math.max(0, ...[...rows.keys()].map(path => path.length))
  return [...rows]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([path, who]) => `  ${path.padEnd(width)}  ${who.join(' ')}`.trimEnd())
}
