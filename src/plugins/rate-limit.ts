import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { limits } from '../lib/limits.ts'
import { networkOf } from '../lib/networks.ts'
import { Problem } from '../lib/problems.ts'

/**
 * Requests a minute per signed-in actor, or per address (for IPv6 its /64) where nobody is signed in. Counted per process:
 * it protects the process. What must hold across processes (sign-in failures) is counted in PostgreSQL.
 */
export default fp(
  async (app: FastifyInstance) => {
    await app.register(rateLimit, {
      max: request => Math.ceil(app.house.config.RATE_LIMIT_PER_MINUTE * shareOf(request)),
      timeWindow: '1 minute',
      hook: 'onRequest',
      enableDraftSpec: true,
      keyGenerator: request =>
        request.scope ? `${request.scope.practiceId}|${request.scope.actor.id}` : networkOf(request.ip),
      allowList: request => request.routeOptions.config.outsideContract !== undefined,
      errorResponseBuilder: (_request, context) =>
        new Problem('too-many-requests', { retryAfter: Math.ceil(context.ttl / 1000) }),
    })
  },
  { name: 'rate-limit' },
)

const shareOf = ({ scope }: FastifyRequest) => (scope?.actor.kind === 'client' ? limits.rate.portalShare : 1)
