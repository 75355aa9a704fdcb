import { type Static, Type } from 'typebox'
import { limits } from '../../lib/limits.ts'
import { component, Id, Instant, Nullable, OneOf, strictObject } from '../../lib/schemas.ts'

const portalTokenId = '019c0000-0000-7000-8000-00000000b0a1'
const clientId = '019c0000-0000-7000-8000-0000000000c1'
const representativeId = '019c0000-0000-7000-8000-0000000000f1'
const longest = limits.tokens.portalMinutes

export const NewPortalToken = component(
  'NewPortalToken',
  strictObject(
    {
      clientId: Id('The client who signed in at the front-end.', clientId),
      representativeId: Type.Optional(
        Id(
          "The related person who signed in on the client's behalf: a guardian or personal representative who may know of the treatment.",
          representativeId,
        ),
      ),
      ttlMinutes: Type.Optional(
        Type.Integer({ minimum: 1, maximum: longest, default: 10, description: 'How long it lives.' }),
      ),
    },
    {
      description: 'Whom a front-end vouches for: it has checked who they are.',
      examples: [{ clientId, ttlMinutes: 10 }],
    },
  ),
)

export const PortalToken = component(
  'PortalToken',
  strictObject(
    {
      id: Id('Names the token, to end it.', portalTokenId),
      clientId: Id('The client.', clientId),
      representativeId: Nullable(Id('Who uses it for the client; null for the client.', representativeId)),
      accessToken: Type.String({
        description: 'For `Authorization: Bearer …` at `/v1/portal/…` and nowhere else.',
      }),
      tokenType: OneOf(['Bearer'] as const),
      expiresAt: Instant('Until when it holds. There is no refresh: get another one.'),
    },
    {
      description: "A token for one client's own things.",
      examples: [
        {
          id: portalTokenId,
          clientId,
          representativeId: null,
          accessToken: 'eyJhbGciOiJFZERTQSJ9.fictional.example',
          tokenType: 'Bearer',
          expiresAt: '2026-11-23T16:10:00.000Z',
        },
      ],
    },
  ),
)

export const PortalTokenParams = strictObject({ portalTokenId: Id('The token.', portalTokenId) })
export const PortalTokensOf = strictObject({ clientId: Id('The client.', clientId) })

export type NewPortalToken = Static<typeof NewPortalToken>
export type PortalToken = Static<typeof PortalToken>
