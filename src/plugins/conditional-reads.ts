import { hash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/**
 * Completes the ETag of what is read, and answers 304 where If-None-Match still holds. The version alone would not do:
 * names of members, a care team and the like are shown with a record and change without it.
 */
export default fp(
  async (app: FastifyInstance) => {
    app.addHook('onSend', async (request, reply, payload) => {
      const versioned = reply.getHeader('etag')
      const isRead = request.method === 'GET' && (typeof payload === 'string' || Buffer.isBuffer(payload))
      if (!isRead || typeof versioned !== 'string') return payload
      const etag = versioned.replace(/"$/, `-${hash('sha256', payload, 'base64url').slice(0, 10)}"`)
      reply.header('etag', etag)
      if (request.headers['if-none-match'] !== etag) return payload
      reply.status(304).removeHeader('content-type').removeHeader('content-disposition')
      return null
    })
  },
  { name: 'conditional-reads' },
)
