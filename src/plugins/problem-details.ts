import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { errorForLog } from '../lib/log.ts'
import { problemFromPostgres } from '../lib/postgres-errors.ts'
import { catalogue, notFound, Problem, type ProblemCode } from '../lib/problems.ts'

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
  FST_ERR_BAD_URL: 'not-found',
  FST_ERR_MAX_PARAM_LENGTH: 'not-found',
}

/** Renders everything thrown as RFC 9457 problem+json. The only place that does. */
export default fp(
  async (app: FastifyInstance, { publicUrl }: { publicUrl: string }) => {
    app.decorateRequest('problemCode', null)
    app.setErrorHandler((error: FastifyError, request, reply) => {
      const problem = toProblem(error)
      if (problem.status >= 500) {
        request.log.error(
          { code: problem.code, cause: errorForLog(problem.options.cause ?? error) },
          'request failed',
        )
      }
      return sendProblem(problem, request, reply, publicUrl)
    })
    app.setNotFoundHandler((request, reply) => sendProblem(notFound(), request, reply, publicUrl))
  },
  { name: 'problem-details' },
)

/** What was thrown, as one of the catalogue. Anything unknown is a fault of ours and says nothing. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  const known = problemFromPostgres(error)
  if (known) return known
  const { code, statusCode } = error as Partial<FastifyError>
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
  const [status, title, advice] = catalogue[problem.code]
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
      type: `${publicUrl}/docs/problems#${problem.code}`,
      title,
      status,
      code: problem.code,
      detail: detail ?? advice,
      requestId: request.id,
      ...(errors ? { errors } : {}),
      ...extra,
    })
}
