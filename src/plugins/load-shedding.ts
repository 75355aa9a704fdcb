import underPressure from '@fastify/under-pressure'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { limits } from '../lib/limits.ts'
import { Problem } from '../lib/problems.ts'

/** Answers 503 at once while the process cannot keep up: a queue that only grows helps nobody. Probes still answer. */
export default fp(
  async (app: FastifyInstance) => {
    await app.register(underPressure, {
      maxEventLoopDelay: limits.http.eventLoopDelayMs,
      pressureHandler: request => {
        if (!request.routeOptions.config?.outsideContract) throw new Problem('service-busy', { retryAfter: 2 })
      },
    })
  },
  { name: 'load-shedding' },
)
