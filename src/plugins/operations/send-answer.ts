import type { FastifyReply } from 'fastify'
import type { Answer } from './types.ts'

/** The strong ETag of a version; `conditional-reads` completes that of what is read. */
export const etagOf = (version: number) => `"v${version}"`

/** The version an ETag names, as `If-Match` gives it back; undefined for a tag that is none of ours. */
export function versionInEtag(etag: string): number | undefined {
  const [, version] = /^"v([1-9]\d{0,8})(?:-[\w-]{10})?"$/.exec(etag) ?? []
  return version === undefined ? undefined : Number(version)
}

/** Sends an answer with its ETag. */
export function sendAnswer(reply: FastifyReply, answer: Answer<unknown>) {
  reply.status(answer.status)
  if (answer.headers) reply.headers(answer.headers)
  const version = versionOf(answer.body)
  if (version !== undefined) reply.header('etag', etagOf(version))
  if (answer.body === null) return reply.send()
  if (answer.body instanceof Uint8Array) return reply.send(Buffer.from(answer.body))
  return reply.type('application/json; charset=utf-8').send(answer.body)
}

function versionOf(body: unknown): number | undefined {
  if (body === null || typeof body !== 'object' || !('version' in body)) return undefined
  return typeof body.version === 'number' ? body.version : undefined
}
