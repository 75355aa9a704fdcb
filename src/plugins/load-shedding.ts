import underPressure from '@fastify/under-pressure'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { limits } from '../lib/limits.ts'
import { Problem } from '../lib/problems.ts'

/** Answers 503 at once while the process cannot keep up: a queue that only grows helps nobody. Probes still answer. */
export default fp(
  async (app: FastifyInstance) => {
    let measures = false
    // Starting blocks the event loop for longer than requests ever may. It is measured once a second, so the
    // second measurement is the first that tells of nothing but requests.
    app.addHook('onReady', async () => {
      setTimeout(() => {
        measures = true
      }, limits.http.eventLoopWarmUpMs).unref()
    })
    await app.register(underPressure, {
      maxEventLoopDelay: limits.http.eventLoopDelayMs,
      sampleInterval: limits.http.eventLoopSampleMs,
      pressureHandler: request => {
        if (!measures || request.routeOptions.config?.outsideContract) return
        throw new Problem('service-busy', { retryAfter: 2 })
      },
    })
  },
  { name: 'load-shedding' },
)
