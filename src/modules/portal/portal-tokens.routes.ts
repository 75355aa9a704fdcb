import type { FastifyInstance } from 'fastify'
import { limits } from '../../lib/limits.ts'
import { done, operation, unaddressed } from '../../plugins/operations/index.ts'
import * as schemas from './portal-tokens.schemas.ts'
import * as service from './portal-tokens.service.ts'

const common = { tag: 'Portal' } as const
const ofClient = {
  ...common,
  method: 'DELETE',
  params: schemas.PortalTokensOf,
  success: { status: 204, description: 'None of them works any more.' },
} as const

export const portalTokenRoutes = ({ signPortalToken }: FastifyInstance) => [
  operation({
    ...common,
    method: 'POST',
    path: '/v1/portal-tokens',
    operationId: 'issuePortalToken',
    summary: 'Get a token for a client',
    description: [
      `For a front-end that has signed in a client by its own means. The token lives at most ${limits.tokens.portalMinutes} minutes and opens that client's own things at \`/v1/portal/…\`, nothing else.`,
      "It ends at once when the front-end, a representative's role or the client's record no longer allows it.",
    ].join('\n\n'),
    permission: 'portal:issue',
    body: schemas.NewPortalToken,
    success: {
      status: 201,
      schema: schemas.PortalToken,
      description: 'The token. It is shown only here.',
      unaddressed: true,
    },
    problems: ['unknown-reference'],
    handler: async (trx, { body }) => unaddressed(await service.issuePortalToken(trx, signPortalToken, body)),
  }),
  operation({
    ...ofClient,
    path: '/v1/portal-clients/{clientId}/tokens',
    operationId: 'endPortalTokens',
    summary: 'End the tokens of a client',
    description: 'All that this front-end got for the client: for a sign-out everywhere, or a lost device.',
    permission: 'portal:issue',
    handler: async (trx, { params }) => ended(service.endTokensOfFrontEnd(trx, params.clientId)),
  }),
  operation({
    ...common,
    method: 'DELETE',
    path: '/v1/portal-tokens/{portalTokenId}',
    operationId: 'endPortalToken',
    summary: 'End a token',
    description: 'One that this front-end got: the client signed out. Ending it twice does no harm.',
    permission: 'portal:issue',
    params: schemas.PortalTokenParams,
    success: { status: 204, description: 'It works no more.' },
    handler: async (trx, { params }) => ended(service.endPortalToken(trx, params.portalTokenId)),
  }),
  operation({
    ...ofClient,
    path: '/v1/clients/{clientId}/portal-tokens',
    operationId: 'endPortalTokensOfClient',
    summary: "End a client's access from the portal",
    description:
      "All of the client's tokens, whichever front-end got them. It does not keep one from getting another.",
    permission: 'clients:write',
    handler: async (trx, { params }) => ended(service.endTokensOfClient(trx, params.clientId)),
  }),
]

async function ended(work: Promise<void>) {
  await work
  return done()
}
