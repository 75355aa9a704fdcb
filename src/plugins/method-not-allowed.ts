import type { FastifyInstance, HTTPMethods } from 'fastify'
import fp from 'fastify-plugin'
import { Problem } from '../lib/problems.ts'

const methods: readonly HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/** A known address with an undeclared method answers 405 and says in `Allow` what is possible. */
export default fp(
  async (app: FastifyInstance) => {
    app.addHook('onRequest', async request => {
      if (!request.is404) return
      const path = request.url.split('?', 1)[0] ?? ''
      const allow = methods.filter(method => app.findRoute({ method, url: path }) !== null)
      if (allow.length > 0) throw new Problem('method-not-allowed', { headers: { allow: allow.join(', ') } })
    })
  },
  { name: 'method-not-allowed', dependencies: ['problem-details'] },
)
