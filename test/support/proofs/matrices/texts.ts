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
    const { items, additionalProperties: further } = schema
    if (items) walk(items as Json, [...steps, '[]'])
    if (further && typeof further === 'object') walk(further as Json, [...steps, '*'])
  }
  if (bodySchema) walk(bodySchema, [])
  return [...found.values()]
}

/** An operation with one kind of body, where a field of the body tells several kinds apart. */
export interface Form extends DocumentedOperation {
  /** The word of that field; empty where there is but one kind. */
  bodyKind: string
}

/** An operation once for each kind of body it takes, or of part that its body may have, with the example of that kind. */
export function formsOf(test: Pick<TestApp, 'app'>, operation: DocumentedOperation): Form[] {
  const document = documentOf(test.app)
  const { discriminator, oneOf = [] } = operation.bodySchema ?? {}
  if (!discriminator) return formsByPart(document, operation)
  const { propertyName } = discriminator as { propertyName: string }
  const kindOf = (body: unknown) => String((body as Json)[propertyName])
  const forms = (oneOf as Json[]).map(member => {
    const bodySchema = resolveRef(document, member)
    const [bodyExample] = bodySchema.examples as unknown[]
    return { ...operation, bodySchema, bodyExample, bodyKind: kindOf(bodyExample) }
  })
  // What is there already has its kind, and a change is of the same.
  if (operation.method === 'POST') return forms
  return forms.filter(({ bodyKind }) => bodyKind === kindOf(operation.bodyExample))
}

/** Where the list of parts of a body stands. */
const partHolders = [[], ['definition']] as const

/** A body with a list of parts, once with each kind of part; any other as it is. */
function formsByPart(document: Json, operation: DocumentedOperation): Form[] {
  for (const holder of partHolders) {
    const list = listAt(document, operation.bodySchema, [...holder, 'parts'])
    const parts = resolveRef(document, (list?.items ?? {}) as Json)
    if (!parts.discriminator) continue
    const { propertyName } = parts.discriminator as { propertyName: string }
    return (parts.oneOf as Json[]).map(member => {
      const items = resolveRef(document, member)
      const [example] = items.examples as Json[]
      return {
        ...operation,
        bodySchema: withList(document, operation.bodySchema ?? {}, [...holder, 'parts'], { ...list, items }),
        bodyExample: withExample(operation.bodyExample as Json, holder, example),
        bodyKind: String(example?.[propertyName]),
      }
    })
  }
  return [{ ...operation, bodyKind: '' }]
}

function listAt(document: Json, schema: Json | undefined, steps: readonly string[]): Json | undefined {
  return steps.reduce<Json | undefined>((part, step) => {
    const found = (part?.properties as Record<string, Json> | undefined)?.[step]
    return found && resolveRef(document, found)
  }, schema)
}

function withList(document: Json, schema: Json, [step = '', ...rest]: readonly string[], list: Json): Json {
  const properties = schema.properties as Record<string, Json>
  const inner = resolveRef(document, properties[step] ?? {})
  const changed = rest.length === 0 ? list : withList(document, inner, rest, list)
  return { ...schema, properties: { ...properties, [step]: changed } }
}

function withExample(body: Json, [step, ...rest]: readonly string[], part: Json | undefined): Json {
  if (step === undefined) return { ...body, parts: [part] }
  return { ...body, [step]: withExample((body[step] ?? {}) as Json, rest, part) }
}

/** The name of a place, with the kind of body where there are several. */
export const nameOfText = ({ bodyKind }: Form, { steps }: TextPlace) =>
  `${bodyKind ? `${bodyKind} ` : ''}${steps.join('/')}`

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
