import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Problem } from '../lib/problems.ts'
import { parseStrictJson } from '../lib/strict-json.ts'

/** An exact list: Fastify had schema bypasses through odd spellings of the content type. */
const allowed = /^application\/json(; ?charset=utf-8)?$/i

/** Accepts JSON in UTF-8 and nothing else. Routes that need another type register it in their own scope. */
export default fp(
  async (app: FastifyInstance) => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
      try {
        if (!allowed.test(request.headers['content-type'] ?? '')) throw new Problem('unsupported-media-type')
        done(null, parseStrictJson(decode(body as Buffer)))
      } catch (error) {
        done(error as Error)
      }
    })
  },
  { name: 'bodies' },
)

function decode(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch (cause) {
    throw new Problem('malformed-request', { detail: 'The body is not valid UTF-8.', cause })
  }
}
