import { documentOf, type Json } from '../../api-document.ts'
import { type DocumentedOperation, resolveRef } from '../../operations.ts'
import type { TestApp } from '../../test-app.ts'

/** A place of a body where a value stands: its steps from the top, `0` for the entry of a list. */
export interface Place {
  steps: readonly string[]
  schema: Json
  /** Set where the last step is a name that the caller chooses. */
  keyPattern?: string
}

export const nameOf = (operation: DocumentedOperation, { steps }: Place) =>
  `${operation.id} ${steps.join('/')}`

/** Every place of an operation's body that takes a single value, whatever its type. */
export function placesOf({ app }: Pick<TestApp, 'app'>, { bodySchema }: DocumentedOperation): Place[] {
  const document = documentOf(app)
  const found = new Map<string, Place>()
  const walk = (part: Json, steps: readonly string[]): void => {
    const schema = resolveRef(document, part)
    for (const branch of branchesOf(schema)) walk(branch, steps)
    for (const [name, field] of entriesOf(schema.properties)) walk(field, [...steps, name])
    if (schema.items) walk(schema.items as Json, [...steps, '0'])
    for (const [keyPattern, field] of entriesOf(schema.patternProperties)) {
      const value = resolveRef(document, field)
      found.set([...steps, '*'].join('/'), { steps: [...steps, '*'], schema: textOf(value), keyPattern })
    }
    if (single.has(String(schema.type))) {
      const known = found.get(steps.join('/'))
      // A place with several forms takes a text where one of them does.
      if (!known || isClosed(known.schema)) found.set(steps.join('/'), { steps, schema })
    }
  }
  if (bodySchema) walk(bodySchema, [])
  return [...found.values()]
}

const single = new Set(['string', 'integer', 'number', 'boolean'])
const entriesOf = (value: unknown) => Object.entries((value ?? {}) as Record<string, Json>)
const branchesOf = (schema: Json) => ['anyOf', 'oneOf', 'allOf'].flatMap(key => (schema[key] ?? []) as Json[])
const textOf = (schema: Json) => branchesOf(schema).find(branch => branch.type === 'string') ?? schema

const closedFormats = new Set(['uuid', 'date', 'date-time', 'time-zone'])

/** Takes nothing that a person could write freely. */
const isClosed = (schema: Json) =>
  schema.type !== 'string' ||
  schema.enum !== undefined ||
  schema.const !== undefined ||
  closedFormats.has(String(schema.format))

/** The marker as this field may hold it; undefined where nothing that a person writes fits. */
export function markerFor({ schema, steps }: Place, marker: string): string | undefined {
  if (isClosed(schema)) return undefined
  const name = steps.at(-1) ?? ''
  if (schema.format === 'email' || /^email$/i.test(name)) return `${marker}@family.example`
  const least = Number(schema.minLength ?? 0)
  const padded = marker.repeat(Math.max(1, Math.ceil(least / marker.length)))
  return [padded, padded.toUpperCase()].find(text => fits(schema, text))
}

function fits({ pattern, minLength = 0, maxLength = Infinity }: Json, text: string): boolean {
  if (text.length < Number(minLength) || text.length > Number(maxLength)) return false
  return pattern === undefined || new RegExp(String(pattern), 'u').test(text)
}

/** A copy of a body with another value at a place; what leads there is made where it is missing. */
export function withValue(body: unknown, [step, ...rest]: readonly string[], value: unknown): unknown {
  if (step === undefined) return value
  if (step === '0') {
    const [first, ...more] = Array.isArray(body) ? body : []
    return [withValue(first, rest, value), ...more]
  }
  const fields = (body ?? {}) as Json
  return { ...fields, [step]: withValue(fields[step], rest, value) }
}

export function valueAt(body: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>((value, step) => (value as Json | null | undefined)?.[step], body)
}

/** A body with what a schema's own example shows at every object or list that leads to a place and is missing. */
export function withParents(
  app: TestApp['app'],
  schema: Json,
  body: unknown,
  steps: readonly string[],
): unknown {
  const document = documentOf(app)
  let filled = body
  let part: Json | undefined = resolveRef(document, schema)
  for (let length = 1; length < steps.length; length++) {
    part = part && fieldOf(document, part, steps[length - 1] ?? '')
    const at = steps.slice(0, length)
    const missing = valueAt(filled, at) === undefined || valueAt(filled, at) === null
    const example = part && exampleOf(document, part)
    if (missing && example !== undefined) filled = withValue(filled, at, example)
  }
  return filled
}

function fieldOf(document: Json, schema: Json, step: string): Json | undefined {
  const parts = [schema, ...branchesOf(schema).map(branch => resolveRef(document, branch))]
  for (const part of parts) {
    const field = step === '0' ? part.items : (part.properties as Json | undefined)?.[step]
    if (field) return resolveRef(document, field as Json)
  }
  return undefined
}

function exampleOf(document: Json, schema: Json): unknown {
  for (const part of [schema, ...branchesOf(schema).map(branch => resolveRef(document, branch))]) {
    const example = (part.examples as unknown[] | undefined)?.find(one => one !== null)
    if (example !== undefined) return example
  }
  return undefined
}
