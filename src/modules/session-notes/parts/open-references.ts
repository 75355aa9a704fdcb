import type { TSchema } from 'typebox'

interface Nested {
  type?: string
  format?: string
  properties?: Readonly<Record<string, TSchema>>
  required?: readonly string[]
  items?: TSchema
}

type Named = TSchema & { 'x-component'?: string; examples?: unknown }

interface Opened {
  schema: TSchema
  example: unknown
}

/**
 * A content without the fields that name a record, and an example that fits it. What names nothing stays the very schema
 * it was.
 */
export function openReferences(schema: TSchema, example: unknown): Opened {
  const { items, properties } = schema as Nested
  if (items) return openItems(schema, items, example)
  return properties ? openFields(schema, properties, example) : { schema, example }
}

const isReference = (schema: TSchema) => (schema as Nested).format === 'uuid'

function openItems(schema: TSchema, items: TSchema, example: unknown): Opened {
  const inner = openReferences(items, undefined).schema
  if (inner === items) return { schema, example }
  const opened = Array.isArray(example) ? example.map(one => openReferences(items, one).example) : example
  return { schema: { ...schema, items: inner } as TSchema, example: opened }
}

function openFields(
  schema: TSchema,
  properties: Readonly<Record<string, TSchema>>,
  example: unknown,
): Opened {
  const said = new Map<string, unknown>(isObject(example) ? Object.entries(example) : [])
  const kept = Object.entries(properties).filter(([, field]) => !isReference(field))
  const opened = kept.map(([name, field]) => [name, openReferences(field, said.get(name))] as const)
  const isSame = opened.length === Object.keys(properties).length
  if (isSame && opened.every(([name, { schema: field }]) => field === properties[name]))
    return { schema, example }
  const { required = [] } = schema as Nested
  // Its own examples name records.
  const { 'x-component': _name, examples: _examples, ...unnamed } = schema as Named
  return {
    schema: {
      ...unnamed,
      properties: Object.fromEntries(opened.map(([name, { schema: field }]) => [name, field])),
      ...(required.length > 0
        ? { required: required.filter(name => kept.some(([key]) => key === name)) }
        : {}),
    } as TSchema,
    example: isObject(example)
      ? Object.fromEntries(
          opened.filter(([name]) => said.has(name)).map(([name, one]) => [name, one.example]),
        )
      : example,
  }
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * What a content and the same one with open references have in common, by name: where it stands, the schema and an
 * example. An object that was opened is none of it, but what it holds may be.
 */
export function sharedIn(
  schema: TSchema,
  opened: TSchema,
  example: unknown,
  name: string,
): { name: string; schema: TSchema; example: unknown }[] {
  const { items, properties } = schema as Nested
  const now = opened as Nested
  if (items && now.items)
    return sharedIn(items, now.items, Array.isArray(example) ? example[0] : undefined, name)
  if (!properties || !now.properties) return []
  if (schema === opened) return [{ name, schema, example }]
  const said = new Map<string, unknown>(isObject(example) ? Object.entries(example) : [])
  return Object.entries(now.properties).flatMap(([field, inner]) => {
    const before = properties[field]
    const pascal = field.slice(0, 1).toUpperCase() + field.slice(1)
    return before ? sharedIn(before, inner, said.get(field), name + pascal) : []
  })
}
