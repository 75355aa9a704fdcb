import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { checkReadiness } from '../lib/readiness.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Set when the process starts to drain: readiness goes first, so that balancers look elsewhere. */
    draining: boolean
  }
}

/** `/livez`: the process. `/readyz`: the database, the migrations, tz rules, and not draining. */
export default fp(
  async (app: FastifyInstance) => {
    app.decorate('draining', false)
    // Closing waits for connections, and one that stays open for a next request would hold it up for a minute.
    app.addHook('onSend', async (_request, reply) => {
      if (app.draining) reply.header('connection', 'close')
    })
    const outsideContract = 'probes of the operator, no API'
    app.get('/livez', { config: { outsideContract } }, async () => ({ status: 'ok' }))
    app.get('/readyz', { config: { outsideContract } }, async (_request, reply) => {
      const checks = await checkReadiness(app.house, app.draining)
      const ready = Object.values(checks).every(check => check === 'ok')
      return reply.status(ready ? 200 : 503).send({ status: ready ? 'ok' : 'not ready', checks })
    })
  },
  { name: 'health' },
)
