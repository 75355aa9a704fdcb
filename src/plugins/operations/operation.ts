import type { RouteOptions } from 'fastify'
import type { Static, TObject, TSchema } from 'typebox'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { ProblemCode } from '../../lib/problems.ts'
import type { Permission } from '../../modules/charts/access-policy.ts'
import type { Pause } from './pause.ts'
import { routeSchema } from './route-schema.ts'
import { runOperation } from './run-operation.ts'
import type { Tag } from './tags.ts'

/** What an operation answers. `body` must fit the schema of its status. */
export interface Answer<Body> {
  status: number
  body: Body
  headers?: Record<string, string>
}

/** 200. A body with a numeric `version` also gets its ETag. */
export const ok = <Body>(body: Body): Answer<Body> => ({ status: 200, body })

/** 201 with the address of what was made. */
export const created = <Body>(location: string, body: Body): Answer<Body> => ({
  status: 201,
  body,
  headers: { location },
})

/** 204. */
export const done = (): Answer<null> => ({ status: 204, body: null })

export interface Input<Params, Query, Body> {
  params: Params
  query: Query
  body: Body
  /** The version in If-Match; only where the operation says `ifMatch`. */
  version: number
  /** How long this request has paused so far; infinite when it must not pause again. */
  waitedMs: number
}

type Shape<T> = T extends TSchema ? Static<T> : undefined

/** Everything the documentation, the validation and the access check need to know of an operation. */
export interface OperationBase<P, Q, B, R> {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** kebab-case, plural nouns; transitions are nouns too. Params as `{clientId}`. */
  path: string
  operationId: string
  tag: Tag
  summary: string
  description: string
  params?: P
  query?: Q
  body?: B
  /** The one success: its status, its schema (absent for 204) and what it means. */
  success: { status: 200 | 201 | 202 | 204; schema?: R; description: string }
  /** Refusals beyond those every operation has. */
  problems?: readonly ProblemCode[]
}

export interface Operation<P, Q, B, R> extends OperationBase<P, Q, B, R> {
  /** Who may: a permission of the access policy, or any signed-in actor. */
  permission: Permission | 'any'
  /** Needs a second factor proven in the last minutes. */
  stepUp?: boolean
  /** POST only. `required` where a twin does harm (bookings, money, messages, signatures, disclosures). */
  idempotency?: 'accepted' | 'required'
  /** Needs If-Match; the handler gets `input.version`. */
  ifMatch?: boolean
  /** Reads only, whatever its method: its commit may be asynchronous. GET always is. */
  readsOnly?: boolean
  /** `first-of-sitting`: autosaves of one record by one session within minutes are one audit row. */
  audit?: 'each' | 'first-of-sitting'
  handler(
    trx: PracticeTransaction,
    input: Input<Shape<P>, Shape<Q>, Shape<B>>,
  ): Promise<Answer<R extends TSchema ? Static<R> : null> | Pause>
}

export type AnyOperation = Operation<
  TObject | undefined,
  TObject | undefined,
  TSchema | undefined,
  TSchema | undefined
>

/** What a route carries for the boot check, the documentation and the tests that walk all routes. */
export interface OperationConfig {
  operationId: string
  permission: Permission | 'any' | 'public'
  stepUp: boolean
  idempotency: 'accepted' | 'required' | 'none'
  ifMatch: boolean
}

declare module 'fastify' {
  interface FastifyContextConfig {
    operation?: OperationConfig
  }
}

/**
 * Declares one operation of the API as a Fastify route: documented, validated, authorized, in one
 * transaction of the caller's practice, audited, and safe to repeat where it has an Idempotency-Key.
 */
export function operation<
  P extends TObject | undefined = undefined,
  Q extends TObject | undefined = undefined,
  B extends TSchema | undefined = undefined,
  R extends TSchema | undefined = undefined,
>(definition: Operation<P, Q, B, R>): RouteOptions {
  const typed = definition as AnyOperation
  const idempotency = typed.method === 'POST' && !typed.readsOnly ? (typed.idempotency ?? 'accepted') : 'none'
  const config: OperationConfig = {
    operationId: typed.operationId,
    permission: typed.permission,
    stepUp: typed.stepUp ?? false,
    idempotency,
    ifMatch: typed.ifMatch ?? false,
  }
  const readsOnly = typed.readsOnly ?? typed.method === 'GET'
  return {
    method: typed.method,
    url: typed.path.replace(/\{(\w+)\}/g, ':$1'),
    schema: routeSchema(typed, config),
    config: { operation: config },
    handler: (request, reply) =>
      runOperation(request, reply, {
        config,
        readsOnly,
        audit: typed.audit ?? 'each',
        handler: typed.handler,
        success: typed.success.status,
      }),
  }
}
