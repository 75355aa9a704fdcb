import fastJson from 'fast-json-stringify'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

type Json = Record<string, unknown>
type Serialize = (answer: unknown) => string

/**
 * Answers are written by their schema, so that nothing leaves that is not documented. A writer is compiled when it is
 * first needed, and once for all operations that answer alike: compiling all of them was half of the time to start.
 */
export default fp(
  async (app: FastifyInstance) => {
    const writers = new WeakMap<object, Serialize>()
    app.setSerializerCompiler(({ schema }) => answer => {
      const known = writers.get(schema as object)
      if (known) return known(answer)
      const write = compile(schema as fastJson.Schema)
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
