import { documentOf, type Json } from '../../api-document.ts'
import { type DocumentedOperation, resolveRef } from '../../operations.ts'
import type { TestApp } from '../../test-app.ts'

/** A place of a body where somebody can write: the names that lead there, `[]` for an entry, `*` for any name. */
export interface TextPlace {
  steps: readonly string[]
  schema: Json
}

/** Formats that are not text: they hold no more than they say. */
const notText = ['uuid', 'date', 'date-time', 'time-zone']

const isText = ({ type, enum: listed, const: fixed, format }: Json) =>
  type === 'string' && !listed && fixed === undefined && !notText.includes(String(format))

/** Every place of the body of an operation where text can be written. */
export function textPlacesOf(test: TestApp, { bodySchema }: DocumentedOperation): TextPlace[] {
  const document = documentOf(test.app)
  const found = new Map<string, TextPlace>()
  const walk = (part: Json, steps: readonly string[]): void => {
    const schema = resolveRef(document, part)
    if (isText(schema)) found.set(steps.join('/'), { steps, schema })
    for (const key of ['anyOf', 'oneOf', 'allOf'])
      for (const branch of (schema[key] ?? []) as Json[]) walk(branch, steps)
    for (const [name, field] of Object.entries((schema.properties ?? {}) as Record<string, Json>))
      walk(field, [...steps, name])
    for (const field of Object.values((schema.patternProperties ?? {}) as Record<string, Json>))
      walk(field, [...steps, '*'])
    const { items, additionalProperties: any } = schema
    if (items) walk(items as Json, [...steps, '[]'])
    if (any && typeof any === 'object') walk(any as Json, [...steps, '*'])
  }
  if (bodySchema) walk(bodySchema, [])
  return [...found.values()]
}

/**
 * The body with another text at a place. Entries and names that are not there stay away.
 *
 * @param textFor asked once for each text that stands there
 */
export function withText(
  value: unknown,
  [step, ...rest]: readonly string[],
  textFor: (before: unknown) => string,
): unknown {
  if (step === undefined) return textFor(value)
  if (value === null || typeof value !== 'object') return value
  if (step === '[]') return (value as unknown[]).map(entry => withText(entry, rest, textFor))
  const fields = value as Json
  const names = step === '*' ? Object.keys(fields) : [step]
  const last = rest.length === 0
  const changed = names
    .filter(name => last || name in fields)
    .map(name => [name, withText(fields[name], rest, textFor)])
  return { ...fields, ...Object.fromEntries(changed) }
}
