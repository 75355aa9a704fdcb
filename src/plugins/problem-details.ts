import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { errorForLog } from '../lib/log.ts'
import type { Outage } from '../lib/outage.ts'
import { problemFromPostgres } from '../lib/postgres-errors.ts'
import { notFound, Problem, type ProblemCode, problemBody } from '../lib/problems.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The code of the problem this request was answered with, for the log. */
    problemCode: ProblemCode | null
  }
}

const byFastifyCode: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed-request',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed-request',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed-request',
}

/** What is answered both for what is not there and for what the caller may not know of. */
const saysNothingIsThere: ReadonlySet<ProblemCode> = new Set(['not-found', 'unknown-reference'])

/**
 * Such refusals leave together, at full turns of this process's clock: to find a row and hide it takes some tenths of a
 * millisecond longer than to find none, and many requests would tell the one from the other.
 */
const refusalTurnMs = 20

const untilNextTurn = () => refusalTurnMs - (performance.now() % refusalTurnMs)

/** Renders everything thrown as RFC 9457 problem+json. Only what is no request yet is answered elsewhere (client-errors.ts). */
export default fp(
  async (app: FastifyInstance, { publicUrl, outage }: { publicUrl: string; outage: Outage }) => {
    app.decorateRequest('problemCode', null)
    app.setErrorHandler(async (error: FastifyError, request, reply) => {
      const problem = toProblem(error)
      if (problem.status >= 500) {
        const { code } = problem
        const cause = problem.options.cause ?? error
        if (problem.status === 503) outage.refused(cause, 'request failed', { code, reqId: request.id })
        else request.log.error({ code, cause: errorForLog(cause) }, 'request failed')
      }
      if (saysNothingIsThere.has(problem.code)) await sleep(untilNextTurn())
      return sendProblem(problem, request, reply, publicUrl)
    })
    app.setNotFoundHandler((request, reply) => sendProblem(notFound(), request, reply, publicUrl))
  },
  { name: 'problem-details' },
)

/**
 * For an address that Fastify cannot read, or that names something too long: no hook would run for it, so that it had
 * neither our headers nor a line in the log. It is answered as any other that leads nowhere.
 */
export function leadNowhere(app: FastifyInstance, request: IncomingMessage, response: ServerResponse): void {
  request.url = '/nowhere'
  app.routing(request, response)
}

/** What was thrown, as one of the catalog. Anything unknown is a fault of ours and says nothing. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  const { code, statusCode } = error as Partial<FastifyError>
  // What has a status is Fastify's own: a client that hangs up within its body is no lost connection of ours.
  const known = statusCode === undefined ? problemFromPostgres(error) : undefined
  if (known) return known
  const mapped = byFastifyCode[code ?? '']
  if (mapped) return new Problem(mapped, { cause: error })
  if (statusCode === 429) return new Problem('too-many-requests', { cause: error })
  if (statusCode === 503) return new Problem('service-busy', { retryAfter: 1, cause: error })
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new Problem('malformed-request', { cause: error })
  }
  return new Problem('internal-error', { cause: error })
}

function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply, publicUrl: string) {
  const { detail, errors, retryAfter, extra, headers } = problem.options
  const { status } = problem
  request.problemCode = problem.code
  const wait = retryAfter ?? (status === 503 ? 1 : undefined)
  if (wait !== undefined) reply.header('retry-after', String(wait))
  if (headers) reply.headers(headers)
  if (status === 401) reply.header('www-authenticate', 'Bearer')
  return reply
    .status(status)
    .type('application/problem+json; charset=utf-8')
    .serializer((body: unknown) => JSON.stringify(body))
    .send({
      ...problemBody(publicUrl, problem.code, request.id),
      ...(detail === undefined ? {} : { detail }),
      ...(errors ? { errors } : {}),
      ...extra,
    })
}
