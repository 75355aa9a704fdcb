import type { Static } from 'typebox'
import { component, Instant, listOf, PageQuery, strictObject } from '../../lib/schemas.ts'
import { exampleAuthorization as example, PsychotherapyAuthorization } from './authorizations.schemas.ts'

const { id, scope, signedOn, expiresOn, revokedAt, version, createdAt } =
  PsychotherapyAuthorization.properties

export const OwnAuthorization = component(
  'OwnPsychotherapyAuthorization',
  strictObject(
    { id, scope, signedOn, expiresOn, revokedAt, version, createdAt },
    {
      description:
        'What a client signed, as far as it tells one authorization from another: no words of it, and not whether there are such notes.',
      examples: [
        {
          id: example.id,
          scope: example.scope,
          signedOn: example.signedOn,
          expiresOn: example.expiresOn,
          revokedAt: null,
          version: 1,
          createdAt: example.createdAt,
        },
      ],
    },
  ),
)

export const OwnAuthorizationPage = listOf('OwnPsychotherapyAuthorizationPage', OwnAuthorization)
export const OwnAuthorizationsQuery = strictObject({ ...PageQuery })

export const AuthorizationWithdrawal = component(
  'PsychotherapyAuthorizationWithdrawal',
  strictObject(
    { id, revokedAt: Instant('When it was revoked.', '2026-11-24T17:00:00.000Z') },
    {
      description: 'That an authorization holds no longer. What it was for is not told.',
      examples: [{ id: example.id, revokedAt: '2026-11-24T17:00:00.000Z' }],
    },
  ),
)

export type OwnAuthorization = Static<typeof OwnAuthorization>
export type OwnAuthorizationsQuery = Static<typeof OwnAuthorizationsQuery>
export type AuthorizationWithdrawal = Static<typeof AuthorizationWithdrawal>
