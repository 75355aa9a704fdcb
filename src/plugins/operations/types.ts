import type { Static, TObject, TSchema } from 'typebox'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { ProblemCode } from '../../lib/problems.ts'
import type { Permission } from '../../modules/charts/access-policy.ts'
import type { Pause } from './pause.ts'
import type { Tag } from './tags.ts'

/** What an operation answers. `body` must fit the schema of its status. */
export interface Answer<Body> {
  status: number
  body: Body
  headers?: Record<string, string>
}

export interface Input<Params, Query, Body> {
  params: Params
  query: Query
  body: Body
  /** The version in If-Match; only where the operation says `ifMatch`. */
  version: number
  /** How long this request has paused so far; infinite when it must not pause again. */
  waitedMs: number
}

export type Shape<T> = T extends TSchema ? Static<T> : undefined

/** What is read besides JSON. */
export type DocumentType = 'application/pdf' | 'text/calendar'

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
  /**
   * The one success: its status, its schema (absent for 204) and what it means. What is read may be a document of
   * another type than JSON: it is answered with `file`.
   */
  success: {
    status: 200 | 201 | 202 | 204
    schema?: R
    description: string
    mediaType?: DocumentType
    /** Who made it can read it nowhere again: a 201 without a Location, answered with `unaddressed`. */
    unaddressed?: true
  }
  /** Refusals beyond those every operation has. */
  problems?: readonly ProblemCode[]
}

export interface Operation<P, Q, B, R> extends OperationBase<P, Q, B, R> {
  /** Who may: a permission of the access policy, or any signed-in actor. */
  permission: Permission | 'any'
  /** Who may not is answered as if there were nothing here: 404 instead of 403. */
  hidden?: boolean
  /** Needs a second factor proven in the last minutes. */
  stepUp?: boolean
  /** POST only. `required` where a twin does harm (bookings, money, messages, signatures, disclosures). */
  idempotency?: 'accepted' | 'required'
  /** Needs If-Match; the handler gets `input.version`. */
  ifMatch?: boolean
  /** Reads only, whatever its method: its commit may be asynchronous. GET always is. */
  readsOnly?: boolean
  /** Its handler takes a second connection: what counts guesses must stay when its transaction is rolled back. */
  secondConnection?: boolean
  /** How long a read may pause for news, in seconds, on top of the time every route has. */
  pausesSeconds?: number
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
  hidden: boolean
  stepUp: boolean
  idempotency: 'accepted' | 'required' | 'none'
  ifMatch: boolean
}

declare module 'fastify' {
  interface FastifyContextConfig {
    operation?: OperationConfig
  }
}

/** What the documentation needs of an operation, whatever its schemas are. */
export type DocumentedOperation = OperationBase<
  TObject | undefined,
  TObject | undefined,
  TSchema | undefined,
  TSchema | undefined
>
