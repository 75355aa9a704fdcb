import type { FastifyInstance } from 'fastify'
import practice from './practice/index.ts'

/** Every module, in reading order. This list is the only place that wires them. */
export default async function modules(app: FastifyInstance) {
  await app.register(practice)
}
