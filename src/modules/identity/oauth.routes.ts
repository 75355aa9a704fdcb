import formbody from '@fastify/formbody'
import type { FastifyInstance, FastifyReply, RouteOptions } from 'fastify'
import { Problem } from '../../lib/problems.ts'
import { ok, publicOperation } from '../../plugins/operations/index.ts'
import { toProblem } from '../../plugins/problem-details.ts'
import { KeySet, OAuthErrorBody, TokenRequest, TokenResponse } from './oauth.schemas.ts'
import { issueToken } from './oauth.service.ts'
import { invalidClient, OAuthError } from './oauth-error.ts'
import type { IdentityTools } from './tools.ts'

const common = { tag: 'API clients' } as const
const formBytes = 16_384
const formType = 'application/x-www-form-urlencoded'
const formsOnly = { detail: `Send \`Content-Type: ${formType}\`.` }

/** The public halves of the keys that sign access tokens. */
export const keySetRoute = (tools: IdentityTools) =>
  publicOperation({
    ...common,
    method: 'GET',
    path: '/.well-known/jwks.json',
    operationId: 'getKeySet',
    summary: 'Read the signing keys',
    description:
      'The keys by which access tokens can be verified: those that sign, will sign, or did lately.',
    success: { status: 200, schema: KeySet, description: 'The keys.' },
    handler: async () => ok({ keys: [...tools.keyring.jwks().keys] }),
  })

/**
 * `POST /oauth/token` in a scope of its own: it takes forms instead of JSON, refuses in OAuth's words, and
 * ignores parameters that it does not know, as RFC 6749 §3.2 demands.
 */
export function oauthToken(tools: IdentityTools) {
  return async (app: FastifyInstance) => {
    app.removeAllContentTypeParsers()
    await app.register(formbody, { bodyLimit: formBytes })
    app.addHook('preValidation', async request => {
      if (request.body) request.body = knownParameters(request.body as Record<string, unknown>)
    })
    app.setErrorHandler((error, _request, reply) => sendOAuthError(error, reply))
    app.route(tokenRoute(tools))
  }
}

function knownParameters(body: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(body).filter(([name]) => Object.hasOwn(TokenRequest.properties, name)),
  )
}

/** What is wrong with the request is said in OAuth's words; limits and faults stay problems. */
function sendOAuthError(error: unknown, reply: FastifyReply) {
  const { code, status } = toProblem(error)
  const refusal =
    error instanceof OAuthError
      ? error
      : status === 400 && new OAuthError('invalid_request', 'The request is not well-formed.')
  if (!refusal) throw code === 'unsupported-media-type' ? new Problem(code, formsOnly) : error
  if (refusal.status === 401) reply.header('www-authenticate', 'Basic realm="oauth/token", charset="UTF-8"')
  return reply
    .status(refusal.status)
    .type('application/json; charset=utf-8')
    .send({ error: refusal.code, error_description: refusal.message })
}

function tokenRoute(tools: IdentityTools): RouteOptions {
  const route = publicOperation({
    ...common,
    method: 'POST',
    path: '/oauth/token',
    operationId: 'createToken',
    summary: 'Get an access token as an API client',
    description:
      'OAuth 2.0 client credentials: client_secret_basic, client_secret_post or private_key_jwt. The `client_id` is shown with the API client.',
    body: TokenRequest,
    success: { status: 200, schema: TokenResponse, description: 'The token.' },
    handler: async (_house, { body, headers, ...request }) =>
      ok(await issueToken(tools, body, headers.authorization, request)),
  })
  const refused = (description: string) => ({
    description,
    content: { 'application/json': { schema: OAuthErrorBody } },
  })
  const { schema = {} } = route
  return {
    ...route,
    schema: {
      ...schema,
      consumes: [formType],
      response: {
        ...(schema.response as Record<number, unknown>),
        400: refused('`invalid_request`, `invalid_scope` or `unsupported_grant_type`.'),
        401: refused(`\`invalid_client\`: ${invalidClient().message}`),
      },
    },
  }
}
