import fastJson from 'fast-json-stringify'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

type Json = Record<string, unknown>
type Serialize = (answer: unknown) => string

const writers = new WeakMap<object, Serialize>()

/**
 * Answers are written by their schema, so that nothing leaves that is not documented. A writer is compiled when it is
 * first needed, and once for all operations that answer alike: compiling all of them was half of the time to start.
 */
export default fp(
  async (app: FastifyInstance) => {
    app.setSerializerCompiler(({ schema }) => answer => {
      const known = writers.get(schema as object)
      if (known) return known(answer)
      const write = hasWideChoice(schema) ? asItIs : compile(schema as fastJson.Schema)
      writers.set(schema as object, write)
      return write(answer)
    })
  },
  { name: 'serialization' },
)

/**
 * Answers are not checked: formats of ours are only to be known. What tells choices apart is small, and polishing its
 * code took longer than it ever saved.
 */
const compile = (schema: fastJson.Schema): Serialize =>
  fastJson(forWriting(schema) as fastJson.Schema, {
    ajv: { formats: { 'time-zone': true }, code: { optimize: false } },
  })

/**
 * The schema as the writer reads it best. It would try "this or null" by validating, with a validator compiled for
 * each such field: half of its time.
 */
function forWriting(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(forWriting)
  if (schema === null || typeof schema !== 'object') return schema
  const { anyOf, ...rest } = mapValues(schema as Json, forWriting)
  const [value, other] = Array.isArray(anyOf) && anyOf.length === 2 ? (anyOf as Json[]) : []
  if (typeof value?.type === 'string' && other?.type === 'null') return { ...rest, ...value, nullable: true }
  return anyOf === undefined ? rest : { ...rest, anyOf }
}

const mapValues = (fields: Json, change: (value: unknown) => unknown): Json =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, change(value)]))

const asItIs: Serialize = answer => JSON.stringify(answer)

/** Components stand in many answers and are looked at once. */
const wideChoices = new WeakMap<object, boolean>()

/** More members than this are not worth telling apart again when an answer is written. */
const widestChoice = 8

/**
 * Whether a schema is a choice between many objects. The serializer would find out by validating against one after the
 * other, which takes half a second of compiling; such answers are written as their service made them.
 */
function hasWideChoice(schema: unknown): boolean {
  if (schema === null || typeof schema !== 'object') return false
  const known = wideChoices.get(schema)
  if (known !== undefined) return known
  const found = looksWide(schema)
  wideChoices.set(schema, found)
  return found
}

function looksWide(schema: object): boolean {
  const { oneOf, anyOf, examples: _examples, ...rest } = schema as Record<string, unknown>
  const choices = [oneOf, anyOf].filter(Array.isArray)
  return (
    choices.some(members => members.length > widestChoice) ||
    [...choices, ...Object.values(rest)].some(hasWideChoice)
  )
}
