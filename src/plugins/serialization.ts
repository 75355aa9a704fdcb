import fastJson from 'fast-json-stringify'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

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

/** Answers are not checked: formats of ours are only to be known. */
const compile = (schema: fastJson.Schema): Serialize =>
  fastJson(schema, { ajv: { formats: { 'time-zone': true } } })
