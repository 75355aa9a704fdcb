import fc from 'fast-check'
import type { Json } from '../../api-document.ts'
import type { DocumentedOperation } from '../../operations.ts'
import type { World } from '../../world.ts'
import { type Range, seedFor } from './range.ts'
import { type Schemas, withIds } from './schemas.ts'
import { Fault, type Shot } from './shot.ts'

/** Fields of the body and parameters of the query, with other values that fit the schema. */
export interface Variant {
  body: Json
  query: Json
}

/** A field that is left out. */
const absent = Symbol('absent')

/** How a schema-valid request may be answered: done, or refused for a reason beyond the schema, as its size in bytes. */
const documentedRefusals = [400, 401, 403, 404, 409, 412, 413, 422]

/** Such a parameter only makes a request slow, or is a text that nobody can make up. */
const unvaried = new Set(['waitSeconds', 'cursor'])

/** Up to four places of an operation, each with a value that fits. */
export function variantsOf(
  operation: DocumentedOperation,
  schemas: Schemas,
): fc.Arbitrary<Variant> | undefined {
  const inQuery = operation.parameters
    .filter(({ in: where, name }) => where === 'query' && !unvaried.has(name))
    .map(({ name, schema, required = false }) => ({ where: 'query' as const, name, schema, required }))
  const inBody = schemas
    .fields(operation.bodySchema ?? {})
    .map(field => ({ where: 'body' as const, ...field }))
  const places = [...inQuery, ...inBody]
  if (places.length === 0) return undefined
  const one = fc.constantFrom(...places).chain(({ where, name, schema, required }) => {
    const value = schemas.fitting(schema, name)
    const valued = required ? value : fc.oneof({ weight: 5, arbitrary: value }, fc.constant(absent))
    return fc.record({ where: fc.constant(where), name: fc.constant(name), value: valued })
  })
  return fc
    .uniqueArray(one, { minLength: 1, maxLength: 4, selector: ({ where, name }) => `${where} ${name}` })
    .map(chosen => {
      const fieldsIn = (where: 'query' | 'body') =>
        Object.fromEntries(chosen.filter(one => one.where === where).map(({ name, value }) => [name, value]))
      return { body: fieldsIn('body'), query: fieldsIn('query') }
    })
}

/** The request with the variant's values, and the ids of the world where they stand for one. */
export function varied(base: Shot, variant: Variant, idOf: (name: string) => string): Shot {
  const merged = (own: unknown, changed: Json): Json => {
    const all = Object.entries({ ...(own as Json | undefined), ...(withIds(changed, idOf) as Json) })
    return Object.fromEntries(all.filter(([, value]) => value !== absent))
  }
  const places = [...Object.keys(variant.query), ...Object.keys(variant.body)]
  return {
    ...base,
    query: merged(base.query, variant.query),
    ...(base.body === undefined ? {} : { body: merged(base.body, variant.body) }),
    change: `fitting: ${places.join(', ')}`,
  }
}

/** The id that the world has by a name; else one that nobody was given. */
export const idIn =
  ({ ids }: Pick<World, 'ids'>) =>
  (name: string) =>
    ids[name] ?? '019c0000-0000-7000-8000-0000000000ff'

/** Each step of shrinking prepares its request anew. */
const mostMs = 20_000

/**
 * Requests with other values that fit the schema: done, or refused with the place and a documented reason. What
 * was given is what is answered.
 */
export async function tryVariants(
  range: Range,
  operation: DocumentedOperation,
  runs: number,
): Promise<Fault[]> {
  const variants = variantsOf(operation, range.schemas)
  if (!variants) return []
  const fits = range.fitsBody(operation)
  const property = fc.asyncProperty(variants, async variant => {
    const { world, shot } = await range.prepare(operation)
    const request = varied(shot, variant, idIn(world))
    if (operation.bodyType === 'application/json' && fits && !fits(request.body)) return
    const seen = await range.fire(request)
    range.tally.meant(operation.id, seen.status < 400)
    if (seen.status >= 400 && !documentedRefusals.includes(seen.status))
      throw new Fault('what fits the schema is refused', request, seen)
    if (seen.body?.code === 'malformed-request')
      throw new Fault('what fits the schema is malformed', request, seen)
    if (seen.status < 300) keepsTexts(request, variant, seen.body)
  })
  const seed = seedFor(range, operation.id, 'variants')
  const { errorInstance } = await fc.check(property, { numRuns: runs, seed, interruptAfterTimeLimit: mostMs })
  if (errorInstance instanceof Fault) return [errorInstance]
  if (errorInstance) throw errorInstance
  return []
}

/** A text that was stored is read as it was written. */
function keepsTexts(request: Shot, { body }: Variant, answer: Json | undefined): void {
  for (const [name, value] of Object.entries(body)) {
    const answered = answer?.[name]
    if (typeof value !== 'string' || typeof answered !== 'string') continue
    // A word of a list may mean another thing's: the status of the client whom an accepted inquiry becomes.
    if (isWord(request, name)) continue
    if (answered !== value && !isSameInstant(answered, value))
      throw new Fault(`${name} is answered as ${JSON.stringify(answered)}`, request)
  }
}

function isWord({ operation: { bodySchema } }: Shot, name: string): boolean {
  const properties = bodySchema?.properties as Record<string, Json> | undefined
  return properties?.[name]?.enum !== undefined
}

/** Instants are answered in UTC, to the millisecond. */
const isSameInstant = (answered: string, value: string) =>
  /^\d{4}-\d\d-\d\dT/.test(answered) && Date.parse(answered) === Date.parse(value)
