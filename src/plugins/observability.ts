import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/**
 * One log line and one set of figures per request, from an allow-list: route pattern (never the URL),
 * ids, status and duration. Bodies, headers and query strings are never logged.
 */
export default fp(
  async (app: FastifyInstance) => {
    const registry = new Registry()
    collectDefaultMetrics({ register: registry })
    const duration = new Histogram({
      name: 'cairn_request_seconds',
      help: 'Time to answer, by operation and status',
      labelNames: ['operation', 'status'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers: [registry],
    })
    const problems = new Counter({
      name: 'cairn_problems_total',
      help: 'Refusals, by operation and problem code',
      labelNames: ['operation', 'code'],
      registers: [registry],
    })
    new Gauge({
      name: 'cairn_pool_connections',
      help: 'Database connections, by state',
      labelNames: ['state'],
      registers: [registry],
      collect() {
        const { pool } = app.house.database
        this.set({ state: 'idle' }, pool.idleCount)
        this.set({ state: 'busy' }, pool.totalCount - pool.idleCount)
        this.set({ state: 'waiting' }, pool.waitingCount)
      },
    })
    new Gauge({
      name: 'cairn_commits_held',
      help: '1 while writes are turned away because the synchronous standby does not answer',
      registers: [registry],
      collect() {
        this.set(app.house.database.commits.closed ? 1 : 0)
      },
    })
    app.addHook('onResponse', async (request, reply) => {
      const operation =
        request.routeOptions.config?.operation?.operationId ?? request.routeOptions.url ?? 'unknown'
      duration.observe({ operation, status: String(reply.statusCode) }, reply.elapsedTime / 1000)
      if (request.problemCode) problems.inc({ operation, code: request.problemCode })
      request.log.info(
        {
          operation,
          method: request.method,
          route: request.routeOptions.url ?? null,
          status: reply.statusCode,
          durationMs: Math.round(reply.elapsedTime * 10) / 10,
          ...(request.problemCode ? { code: request.problemCode } : {}),
          ...(request.scope ? { practiceId: request.scope.practiceId, actorId: request.scope.actor.id } : {}),
        },
        'request',
      )
    })
    if (app.house.config.METRICS) {
      app.get(
        '/metrics',
        { config: { outsideContract: 'for the operator, no API' } },
        async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()),
      )
    }
  },
  { name: 'observability', dependencies: ['problem-details'] },
)
