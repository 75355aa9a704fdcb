import type { RouteOptions } from 'fastify'
import type { TObject, TSchema } from 'typebox'
import { limits } from '../../lib/limits.ts'
import { routeSchema } from './route-schema.ts'
import { runOperation } from './run-operation.ts'
import { etagOf } from './send-answer.ts'
import type { Answer, AnyOperation, DocumentType, Operation, OperationConfig } from './types.ts'

/** 200. A body with a numeric `version` also gets its ETag. */
export const ok = <Body>(body: Body): Answer<Body> => ({ status: 200, body })

/** 201 with the address of what was made. */
export const created = <Body>(location: string, body: Body): Answer<Body> => ({
  status: 201,
  body,
  headers: { location },
})

/** 201 of what its maker can read nowhere again, such as a token: there is no address to give. */
export const unaddressed = <Body>(body: Body): Answer<Body> => ({ status: 201, body })

/**
 * 200 with a document that is not JSON, for saving under this name. The name must not tell of anybody.
 *
 * @param version of what the document shows: its ETag
 */
export const file = (
  version: number,
  { mediaType, name, bytes }: { mediaType: DocumentType; name: string; bytes: Uint8Array },
): Answer<Uint8Array> => ({
  status: 200,
  body: bytes,
  headers: {
    'content-type': mediaType,
    'content-disposition': `attachment; filename="${name}"`,
    etag: etagOf(version),
  },
})

/** 204. */
export const done = (): Answer<null> => ({ status: 204, body: null })

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
  if (typed.success.mediaType && typed.method !== 'GET') {
    throw new Error(`${typed.operationId}: only what is read may be something else than JSON`)
  }
  const idempotency = typed.method === 'POST' && !typed.readsOnly ? (typed.idempotency ?? 'accepted') : 'none'
  const config: OperationConfig = {
    operationId: typed.operationId,
    permission: typed.permission,
    hidden: typed.hidden ?? false,
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
    handlerTimeout: limits.http.routeMs + (typed.pausesSeconds ?? 0) * 1_000,
    handler: (request, reply) =>
      runOperation(request, reply, {
        config,
        readsOnly,
        secondConnection: typed.secondConnection ?? false,
        audit: typed.audit ?? 'each',
        handler: typed.handler,
        success: typed.success.status,
      }),
  }
}
