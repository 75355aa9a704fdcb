import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Answer } from './types.ts'

/** The strong ETag of a version. */
export const etagOf = (version: number) => `"v${version}"`

/** Sends an answer with its ETag; a GET whose If-None-Match still holds gets 304. */
export function sendAnswer(request: FastifyRequest, reply: FastifyReply, answer: Answer<unknown>) {
  reply.status(answer.status)
  if (answer.headers) reply.headers(answer.headers)
  const version = versionOf(answer.body)
  if (version !== undefined) {
    const etag = etagOf(version)
    reply.header('etag', etag)
    if (request.method === 'GET' && request.headers['if-none-match'] === etag) return reply.status(304).send()
  }
  if (answer.body === null) return reply.send()
  return reply.type('application/json; charset=utf-8').send(answer.body)
}

function versionOf(body: unknown): number | undefined {
  if (body === null || typeof body !== 'object' || !('version' in body)) return undefined
  return typeof body.version === 'number' ? body.version : undefined
}
