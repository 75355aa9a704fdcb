import fc from 'fast-check'
import { documentOf, type Json } from '../../api-document.ts'
import { resolveRef } from '../../operations.ts'
import type { TestApp } from '../../test-app.ts'
import { edgeDates, edgeInstants, nearDate, nearInstant, oddIds, textArbitrary } from './values.ts'

/** Stands for the id of that name in whatever world the request is made for. */
export class IdNamed {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/** The same value with the ids of a world where it names them. */
export function withIds(value: unknown, idOf: (name: string) => string): unknown {
  if (value instanceof IdNamed) return idOf(value.name)
  if (Array.isArray(value)) return value.map(entry => withIds(entry, idOf))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, withIds(entry, idOf)]))
}

export interface Field {
  name: string
  schema: Json
  required: boolean
}

/** Reads schemas of the document as a generator needs them. */
export interface Schemas {
  resolve(schema: Json): Json
  /** The schema itself, or the branches it may be. */
  branches(schema: Json): Json[]
  fields(schema: Json): Field[]
  /** Values that fit, odd ones among them. */
  fitting(schema: Json, name: string): fc.Arbitrary<unknown>
}

export function schemasOf({ app }: Pick<TestApp, 'app'>): Schemas {
  const document = documentOf(app)
  const resolve = (schema: Json) => ({ ...resolveRef(document, schema) })
  const branches = (schema: Json): Json[] => {
    const resolved = resolve(schema)
    const choices = (resolved.anyOf ?? resolved.oneOf) as Json[] | undefined
    return choices ? choices.flatMap(branches) : [resolved]
  }
  const fields = (schema: Json): Field[] => {
    const { properties = {}, required = [] } = resolve(schema)
    return Object.entries(properties as Record<string, Json>).map(([name, field]) => ({
      name,
      schema: field,
      required: (required as string[]).includes(name),
    }))
  }
  const fitting = (schema: Json, name: string): fc.Arbitrary<unknown> =>
    fc.oneof(...branches(schema).map(branch => fittingBranch(branch, name)))
  const fittingBranch = (schema: Json, name: string): fc.Arbitrary<unknown> => {
    if (schema.const !== undefined) return fc.constant(schema.const)
    if (schema.enum) return fc.constantFrom(...(schema.enum as unknown[]))
    const byType: Record<string, () => fc.Arbitrary<unknown>> = {
      null: () => fc.constant(null),
      boolean: () => fc.boolean(),
      integer: () => fc.integer(between(schema)),
      number: () => fc.double({ ...between(schema), noNaN: true }),
      string: () => fittingText(schema, name),
      array: () =>
        fc.array(fitting((schema.items ?? {}) as Json, name), {
          minLength: Number(schema.minItems ?? 0),
          maxLength: Math.min(Number(schema.maxItems ?? 4), 4),
        }),
      object: () => fittingObject(schema),
    }
    // A schema that says nothing takes anything that JSON can say.
    const arbitrary = Object.keys(schema).length === 0 ? fc.jsonValue : byType[String(schema.type)]
    if (!arbitrary)
      throw new Error(`The fuzzer cannot make ${JSON.stringify(schema)}: teach it in schemas.ts`)
    return arbitrary()
  }
  const fittingObject = (schema: Json): fc.Arbitrary<unknown> => {
    const known = fields(schema)
    const requiredKeys = known.filter(({ required }) => required).map(field => field.name)
    const record = fc.record(
      Object.fromEntries(known.map(field => [field.name, fitting(field.schema, field.name)])),
      { requiredKeys, noNullPrototype: true },
    )
    const [pattern, value] = Object.entries((schema.patternProperties ?? {}) as Record<string, Json>)[0] ?? []
    if (!pattern || !value) return record
    return fc.dictionary(fc.stringMatching(new RegExp(pattern)), fitting(value, ''), {
      minKeys: Number(schema.minProperties ?? 0),
      maxKeys: Math.min(Number(schema.maxProperties ?? 3), 3),
      noNullPrototype: true,
    })
  }
  return { resolve, branches, fields, fitting }
}

const between = ({ minimum = -2_147_483_648, maximum = 2_147_483_647 }: Json) => ({
  min: Number(minimum),
  max: Number(maximum),
})

function fittingText(schema: Json, name: string): fc.Arbitrary<unknown> {
  const byFormat: Record<string, () => fc.Arbitrary<unknown>> = {
    uuid: () =>
      fc.oneof(
        { weight: 6, arbitrary: fc.constant(new IdNamed(name)) },
        { weight: 1, arbitrary: fc.uuid() },
        { weight: 1, arbitrary: fc.constantFrom(...oddIds) },
      ),
    date: () =>
      fc.oneof({ weight: 4, arbitrary: nearDate }, { weight: 1, arbitrary: fc.constantFrom(...edgeDates) }),
    'date-time': () =>
      fc.oneof(
        { weight: 4, arbitrary: nearInstant },
        { weight: 1, arbitrary: fc.constantFrom(...edgeInstants) },
      ),
    email: () => fc.stringMatching(/^[a-z][a-z0-9.+]{0,10}[a-z]$/).map(local => `${local}@practice.example`),
    'time-zone': () =>
      fc.constantFrom(
        'UTC',
        'America/Phoenix',
        'Asia/Kathmandu',
        'Pacific/Apia',
        'America/Argentina/Ushuaia',
      ),
  }
  const { format, pattern, minLength = 0, maxLength = 400 } = schema
  const formatted = byFormat[String(format)]
  if (formatted) return formatted()
  if (format) throw new Error(`The fuzzer does not know the format ${String(format)}: teach it in schemas.ts`)
  const [least, most] = [Number(minLength), Number(maxLength)]
  if (typeof pattern !== 'string') return textArbitrary(least, most)
  return fc
    .stringMatching(new RegExp(pattern), { size: 'small' })
    .map(text => text.repeat(Math.max(1, Math.ceil(least / Math.max(1, text.length)))).slice(0, most))
    .filter(text => text.length >= least && new RegExp(pattern).test(text))
}
