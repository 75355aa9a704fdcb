import type { FastifyRequest, RouteOptions } from 'fastify'
import type { Static, TObject, TSchema } from 'typebox'
import type { House } from '../../lib/house.ts'
import { limits } from '../../lib/limits.ts'
import { routeSchema } from './route-schema.ts'
import { sendAnswer } from './send-answer.ts'
import type { Answer, OperationBase, OperationConfig, Shape } from './types.ts'

/** An operation before sign-in: it has no practice yet and opens whatever it needs by itself. */
export interface PublicHandlerContext<P, Q, B> {
  params: P
  query: Q
  body: B
  requestId: string
  remoteAddress: string
  headers: FastifyRequest['headers']
}

export interface PublicOperation<
  P extends TObject | undefined = TObject | undefined,
  Q extends TObject | undefined = TObject | undefined,
  B extends TSchema | undefined = TSchema | undefined,
  R extends TSchema | undefined = TSchema | undefined,
> extends OperationBase<P, Q, B, R> {
  handler(
    house: House,
    context: PublicHandlerContext<Shape<P>, Shape<Q>, Shape<B>>,
  ): Promise<Answer<R extends TSchema ? Static<R> : null>>
}

/** Declares an operation that needs no token. Rare: sign-in, tokens, invitations, resets, discovery. */
export function publicOperation<
  P extends TObject | undefined = undefined,
  Q extends TObject | undefined = undefined,
  B extends TSchema | undefined = undefined,
  R extends TSchema | undefined = undefined,
>(definition: PublicOperation<P, Q, B, R>): RouteOptions {
  const typed = definition as PublicOperation
  const config: OperationConfig = {
    operationId: typed.operationId,
    permission: 'public',
    hidden: false,
    stepUp: false,
    idempotency: 'none',
    ifMatch: false,
  }
  return {
    method: typed.method,
    url: typed.path.replace(/\{(\w+)\}/g, ':$1'),
    schema: routeSchema(typed, config),
    config: { operation: config },
    handlerTimeout: limits.http.routeMs,
    handler: async (request, reply) => {
      const context = {
        params: request.params,
        query: request.query,
        body: request.body,
        requestId: request.id,
        remoteAddress: request.ip,
        headers: request.headers,
      } as PublicHandlerContext<never, never, never>
      return sendAnswer(reply, await typed.handler(request.server.house, context))
    },
  }
}
