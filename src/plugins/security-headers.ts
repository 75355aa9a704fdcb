import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import cors from '@fastify/cors'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import helmet from 'helmet'

/**
 * What OWASP asks of a REST API, as the library says it. The headers are the same for every answer: they are asked for
 * once, because working them out for each request cost more than routing it.
 */
function headersOf(crossOriginResourcePolicy: 'cross-origin' | 'same-origin') {
  const answer = new ServerResponse(new IncomingMessage(new Socket()))
  const write = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    crossOriginResourcePolicy: { policy: crossOriginResourcePolicy },
    referrerPolicy: { policy: 'no-referrer' },
  })
  write(answer.req, answer, () => {})
  return { ...answer.getHeaders(), 'cache-control': 'no-store' }
}

/** No answer may be stored, framed or sniffed. The docs page relaxes its own content policy. */
export default fp(
  async (app: FastifyInstance) => {
    const origins = app.house.config.CORS_ORIGINS.split(',')
      .map(origin => origin.trim())
      .filter(Boolean)
    const headers = headersOf(origins.length > 0 ? 'cross-origin' : 'same-origin')
    app.addHook('onRequest', async (_request, reply) => {
      reply.headers(headers)
    })
    if (origins.length > 0) {
      await app.register(cors, {
        origin: origins,
        methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
        allowedHeaders: ['authorization', 'content-type', 'if-match', 'if-none-match', 'idempotency-key'],
        exposedHeaders: [
          'etag',
          'location',
          'retry-after',
          'idempotency-replayed',
          'ratelimit-limit',
          'ratelimit-remaining',
          'ratelimit-reset',
        ],
        maxAge: 600,
      })
    }
  },
  { name: 'security-headers' },
)
