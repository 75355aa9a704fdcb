import { type Static, Type } from 'typebox'
import {
  component,
  Id,
  Instant,
  listOf,
  Name,
  Nullable,
  OneOf,
  PageQuery,
  strictObject,
  Version,
} from '../../lib/schemas.ts'
import { apiClientScopes } from '../charts/access-policy.ts'

const idExample = '019c0000-0000-7000-8000-0000000000f1'
const clientIdExample = `019c0000-0000-7000-8000-000000000001.${idExample}`

/** Base64url without padding, as in RFC 7518. */
const Bytes = (maxLength: number) => Type.String({ pattern: '^[A-Za-z0-9_-]+$', minLength: 2, maxLength })
const keyCommon = {
  kid: Type.Optional(Type.String({ maxLength: 120 })),
  use: Type.Optional(OneOf(['sig'] as const)),
  alg: Type.Optional(OneOf(['EdDSA', 'ES256', 'PS256', 'RS256'] as const)),
}

export const PublicKey = component(
  'PublicKey',
  Type.Union(
    [
      strictObject({
        kty: OneOf(['OKP'] as const),
        crv: OneOf(['Ed25519'] as const),
        x: Bytes(60),
        ...keyCommon,
      }),
      strictObject({
        kty: OneOf(['EC'] as const),
        crv: OneOf(['P-256'] as const),
        x: Bytes(60),
        y: Bytes(60),
        ...keyCommon,
      }),
      strictObject({ kty: OneOf(['RSA'] as const), n: Bytes(1_400), e: Bytes(12), ...keyCommon }),
    ],
    {
      description:
        'The public half (JWK) of the key that signs `private_key_jwt` assertions: Ed25519, P-256, or RSA of 2048 bits and more.',
      examples: [{ kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }],
    },
  ),
)

const fields = {
  name: Name(120, { description: 'What it is for.' }),
  scopes: Type.Array(OneOf(apiClientScopes), {
    minItems: 1,
    maxItems: apiClientScopes.length,
    uniqueItems: true,
    description: 'The most its tokens may do.',
  }),
  expiresAt: Nullable(Instant('From when on it gets no more tokens; null for never.')),
}

const shown = {
  id: Id('The API client.', idExample),
  clientId: Type.String({ description: 'Its `client_id` at `POST /oauth/token`.' }),
  ...fields,
  authentication: OneOf(['client_secret', 'private_key_jwt'] as const),
  status: OneOf(['active', 'expired', 'revoked'] as const),
  lastUsedAt: Nullable(Instant('When it last got a token.')),
  createdById: Id('The staff member who made it.'),
  version: Version,
  createdAt: Instant('When it was created.'),
  updatedAt: Instant('When it last changed.'),
}

const example = {
  id: idExample,
  clientId: clientIdExample,
  name: 'Billing service (fictional)',
  scopes: ['clients:read', 'appointments:read'],
  expiresAt: '2027-11-23T16:00:00.000Z',
  authentication: 'client_secret',
  status: 'active',
  lastUsedAt: null,
  createdById: '019c0000-0000-7000-8000-0000000000e1',
  version: 1,
  createdAt: '2026-11-23T16:00:00.000Z',
  updatedAt: '2026-11-23T16:00:00.000Z',
}

export const ApiClient = component(
  'ApiClient',
  strictObject(shown, { description: 'A program that works for the practice.', examples: [example] }),
)

export const ApiClientWithSecret = component(
  'ApiClientWithSecret',
  strictObject(
    {
      ...shown,
      clientSecret: Nullable(
        Type.String({ description: 'Shown this one time; null for a client that signs with its own key.' }),
      ),
    },
    {
      description: 'The client, with its secret.',
      examples: [{ ...example, clientSecret: `cairn_cs_${'A'.repeat(43)}` }],
    },
  ),
)

export const NewApiClient = component(
  'NewApiClient',
  strictObject(
    {
      name: fields.name,
      scopes: fields.scopes,
      expiresAt: Type.Optional(fields.expiresAt),
      publicKey: Type.Optional(PublicKey),
    },
    {
      description: 'A client to create. With a `publicKey` it signs its own assertions, and has no secret.',
      examples: [{ name: 'Billing service (fictional)', scopes: ['clients:read', 'appointments:read'] }],
    },
  ),
)

export const ApiClientChange = component(
  'ApiClientChange',
  Type.Partial(strictObject(fields), {
    additionalProperties: false,
    minProperties: 1,
    description: 'The fields to change. Tokens made before work no more.',
    examples: [{ scopes: ['clients:read'] }],
  }),
)

export const ApiClientParams = strictObject({ apiClientId: Id('The API client.', idExample) })
export const ApiClientQuery = strictObject(PageQuery)
export const ApiClientPage = listOf('ApiClientPage', ApiClient)

export type ApiClient = Static<typeof ApiClient>
export type ApiClientWithSecret = Static<typeof ApiClientWithSecret>
export type NewApiClient = Static<typeof NewApiClient>
export type ApiClientChange = Static<typeof ApiClientChange>
export type ApiClientQuery = Static<typeof ApiClientQuery>
export type PublicKey = Static<typeof PublicKey>
