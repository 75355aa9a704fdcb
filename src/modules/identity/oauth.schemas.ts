import { type Static, Type } from 'typebox'
import { component, OneOf, strictObject } from '../../lib/schemas.ts'
import { tokenExample } from './sign-in.schemas.ts'

export const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

const clientIdExample = '019c0000-0000-7000-8000-000000000001.019c0000-0000-7000-8000-0000000000f1'

export const TokenRequest = component(
  'TokenRequest',
  strictObject(
    {
      grant_type: Type.String({ maxLength: 100, description: 'Always `client_credentials`.' }),
      scope: Type.Optional(
        Type.String({
          maxLength: 1_000,
          description: 'Fewer scopes than the client has, separated by spaces; all of them when left out.',
        }),
      ),
      client_id: Type.Optional(Type.String({ maxLength: 100, description: 'Unless it is in the header.' })),
      client_secret: Type.Optional(Type.String({ maxLength: 200, description: 'client_secret_post.' })),
      client_assertion_type: Type.Optional(
        Type.String({ maxLength: 100, description: `private_key_jwt: \`${assertionType}\`.` }),
      ),
      client_assertion: Type.Optional(
        Type.String({
          maxLength: 4_000,
          description:
            'private_key_jwt: a JWT with `iss` = `sub` = the client id, `aud` = this address or the issuer, a `jti` used once and an `exp` at most five minutes ahead.',
        }),
      ),
    },
    {
      description:
        'RFC 6749 §4.4. The client shows who it is in one way: HTTP Basic, `client_secret`, or `client_assertion`.',
      examples: [
        {
          grant_type: 'client_credentials',
          client_id: clientIdExample,
          client_secret: `cairn_cs_${'A'.repeat(43)}`,
          scope: 'clients:read',
        },
      ],
    },
  ),
)

export const TokenResponse = component(
  'TokenResponse',
  strictObject(
    {
      access_token: Type.String(),
      token_type: OneOf(['Bearer'] as const),
      expires_in: Type.Integer({ description: 'Seconds.' }),
      scope: Type.String({ description: 'What this token may do.' }),
    },
    {
      description: 'RFC 6749 §5.1. There is no refresh token: ask again.',
      examples: [
        { access_token: tokenExample, token_type: 'Bearer', expires_in: 600, scope: 'clients:read' },
      ],
    },
  ),
)

export const oauthErrors = [
  'invalid_request',
  'invalid_client',
  'invalid_scope',
  'unsupported_grant_type',
] as const

export const OAuthErrorBody = component(
  'OAuthError',
  strictObject(
    {
      error: OneOf(oauthErrors),
      error_description: Type.String(),
    },
    {
      description: 'RFC 6749 §5.2: this address speaks OAuth, not problem+json.',
      examples: [
        { error: 'invalid_client', error_description: 'Unknown, expired or revoked, or a wrong credential.' },
      ],
    },
  ),
)

export const KeySet = component(
  'JsonWebKeySet',
  strictObject(
    {
      keys: Type.Array(
        strictObject({
          kty: OneOf(['OKP'] as const),
          crv: OneOf(['Ed25519'] as const),
          x: Type.String(),
          kid: Type.String(),
          alg: OneOf(['EdDSA'] as const),
          use: OneOf(['sig'] as const),
        }),
      ),
    },
    {
      description:
        'RFC 7517. Keep it for at most five minutes: a key is published that long before it signs.',
      examples: [
        {
          keys: [
            {
              kty: 'OKP',
              crv: 'Ed25519',
              x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
              kid: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
              alg: 'EdDSA',
              use: 'sig',
            },
          ],
        },
      ],
    },
  ),
)

export type TokenRequest = Static<typeof TokenRequest>
export type TokenResponse = Static<typeof TokenResponse>
