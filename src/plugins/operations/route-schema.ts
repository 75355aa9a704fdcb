import type { FastifySchema } from 'fastify'
import { type TProperties, type TSchema, Type } from 'typebox'
import { limits } from '../../lib/limits.ts'
import { catalog, type ProblemCode } from '../../lib/problems.ts'
import { ProblemBody, strictObject } from '../../lib/schemas.ts'
import { apiClientScopes } from '../../modules/charts/access-policy.ts'
import type { DocumentedOperation, OperationConfig } from './types.ts'

/** The Fastify schema of an operation: what is validated is what is documented. */
export function routeSchema(definition: DocumentedOperation, config: OperationConfig): FastifySchema {
  const { params, query, body, success } = definition
  return {
    operationId: definition.operationId,
    tags: [definition.tag],
    summary: definition.summary,
    description: definition.description,
    security: securityOf(config.permission),
    'x-permission': config.permission,
    ...(params ? { params } : {}),
    querystring: query ?? strictObject({}),
    ...(body ? { body } : {}),
    headers: headersOf(config),
    response: { [success.status]: successResponse(success) },
    'x-problem-codes': [...problemsOf(definition, config)],
    ...(success.unaddressed ? { 'x-unaddressed': true } : {}),
  } as FastifySchema
}

/** API clients may hold some of the permissions as scopes; people hold theirs by role. */
function securityOf(permission: OperationConfig['permission']): Record<string, string[]>[] {
  if (permission === 'public') return []
  const forPeople = { bearer: [] }
  if (permission === 'any') return [forPeople, { oauth: [] }]
  return apiClientScopes.some(scope => scope === permission)
    ? [forPeople, { oauth: [permission] }]
    : [forPeople]
}

function headersOf(config: OperationConfig): TSchema {
  const headers: TProperties = {}
  if (config.ifMatch) {
    headers['if-match'] = Type.Optional(
      Type.String({
        maxLength: 40,
        description: 'The ETag of the version you read; 428 when it is missing.',
        examples: ['"v1"'],
      }),
    )
  }
  if (config.idempotency !== 'none') {
    headers['idempotency-key'] = Type.Optional(
      Type.String({
        minLength: 8,
        maxLength: 80,
        pattern: '^[\\x21-\\x7e]+$',
        description: `A fresh UUID per action, repeated on retry: the work is done once and answered alike for ${limits.idempotencyHours} hours.${config.idempotency === 'required' ? ' Required here.' : ''}`,
        examples: ['0b0f3c1e-9f43-4a3e-8d6a-3f1f2f0b7c11'],
      }),
    )
  }
  return Type.Object(headers)
}

function successResponse({ status, schema, description, mediaType }: DocumentedOperation['success']) {
  if (status === 204 || !schema) return { description, type: 'null' }
  return { description, content: { [mediaType ?? 'application/json']: { schema } } }
}

function problemsOf(definition: DocumentedOperation, config: OperationConfig): ReadonlySet<ProblemCode> {
  const codes = new Set<ProblemCode>([
    'invalid-request',
    'too-many-requests',
    'service-busy',
    'internal-error',
  ])
  // Also where everybody who works here may: a client's portal token does not.
  if (config.permission !== 'public')
    codes.add('authentication-required').add(config.hidden ? 'not-found' : 'not-permitted')
  if (definition.params) codes.add('not-found')
  if (definition.body)
    for (const code of ['malformed-request', 'unsupported-media-type', 'body-too-large'] as const)
      codes.add(code)
  if (config.ifMatch) codes.add('stale-version').add('precondition-required')
  if (config.idempotency !== 'none') {
    // A replay passes the doors of the first request again: who lost sight of the record gets its 404.
    codes.add('idempotency-key-in-use').add('idempotency-key-reused').add('not-found')
  }
  if (config.idempotency === 'required') codes.add('idempotency-key-required')
  if (config.stepUp) codes.add('step-up-required')
  for (const code of definition.problems ?? []) codes.add(code)
  return codes
}

/** The documentation of refusals. Not part of a route: problems are rendered in one place, not by schema. */
export function problemResponses(codes: readonly ProblemCode[]): Record<number, unknown> {
  const byStatus = new Map<number, ProblemCode[]>()
  for (const code of codes) {
    const status = catalog[code][0]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  const responses: Record<number, unknown> = {}
  for (const [status, listed] of byStatus) {
    responses[status] = {
      description: listed.map(code => `\`${code}\`: ${catalog[code][1]}.`).join('\n\n'),
      content: { 'application/problem+json': { schema: ProblemBody } },
    }
  }
  return responses
}
