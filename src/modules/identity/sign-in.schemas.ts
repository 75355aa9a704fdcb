import { type Static, Type } from 'typebox'
import { component, Id, Instant, OneOf, strictObject, Text } from '../../lib/schemas.ts'
import { permissions, roles } from '../charts/access-policy.ts'

export const Email = Type.String({ format: 'email', maxLength: 254 })
export const Password = Type.String({ minLength: 1, maxLength: 256 })
export const NewPassword = Type.String({
  minLength: 1,
  maxLength: 256,
  description: '15 to 128 characters, not a common one, without the e-mail address or name.',
})
export const OneTimeCode = Type.String({
  pattern: '^[0-9]{6}$',
  description: 'Six digits from the authenticator app. Good once.',
})
export const RecoveryCode = Type.String({
  minLength: 10,
  maxLength: 60,
  description: 'One of the recovery codes instead. Good once; case, spaces and dashes do not matter.',
})
export const OpaqueToken = Type.String({ minLength: 20, maxLength: 300, pattern: '^[A-Za-z0-9_-]+$' })

export const practiceExample = {
  id: '019c0000-0000-7000-8000-000000000001',
  name: 'Quiet Harbor Counseling (fictional)',
}
export const PracticeReference = component(
  'PracticeReference',
  strictObject(
    { id: Id('The practice.'), name: Text(160) },
    { description: 'A practice by its name.', examples: [practiceExample] },
  ),
)
export const refreshExample = `cairn_rt_${'A'.repeat(106)}E`
export const tokenExample = 'eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.e30.c2lnbmF0dXJl'

export const SignIn = component(
  'SignIn',
  strictObject(
    {
      email: Email,
      password: Password,
      practiceId: Type.Optional(Id('Which practice, for people who work in several.')),
      totp: Type.Optional(OneTimeCode),
      recoveryCode: Type.Optional(RecoveryCode),
    },
    {
      description: 'Who signs in, and where.',
      examples: [{ email: 'olive@quiet-harbor.example', password: 'correct horse battery' }],
    },
  ),
)

export const SignedIn = component(
  'SignedIn',
  strictObject(
    {
      status: OneOf(['signed_in'] as const),
      accessToken: Type.String({ description: 'Send it as `Authorization: Bearer …`.' }),
      tokenType: OneOf(['Bearer'] as const),
      expiresInSeconds: Type.Integer({ description: 'Life of the access token.' }),
      refreshToken: Type.String({ description: 'For `POST /v1/sessions/refresh`. Replaced with each use.' }),
      session: strictObject({
        id: Id('The session.'),
        idleExpiresAt: Instant('When it ends unless it is refreshed.'),
        absoluteExpiresAt: Instant('When it ends in any case.'),
      }),
      practice: PracticeReference,
      staffMember: strictObject({ id: Id('The member of staff.'), displayName: Text(160) }),
      roles: Type.Array(OneOf(roles)),
      permissions: Type.Array(OneOf(permissions)),
    },
    {
      description: 'A session in one practice.',
      examples: [
        {
          status: 'signed_in',
          accessToken: tokenExample,
          tokenType: 'Bearer',
          expiresInSeconds: 600,
          refreshToken: refreshExample,
          session: {
            id: '019c0000-0000-7000-8000-0000000000c1',
            idleExpiresAt: '2026-12-07T16:00:00.000Z',
            absoluteExpiresAt: '2027-01-22T16:00:00.000Z',
          },
          practice: practiceExample,
          staffMember: { id: '019c0000-0000-7000-8000-0000000000b1', displayName: 'Olive Example' },
          roles: ['biller'],
          permissions: ['practice:read', 'staff:read', 'clients:read', 'appointments:read'],
        },
      ],
    },
  ),
)

const PracticeChoice = component(
  'PracticeChoice',
  strictObject(
    { status: OneOf(['practice_choice'] as const), practices: Type.Array(PracticeReference) },
    {
      description: 'The person works in several practices: repeat the request with one `practiceId`.',
      examples: [{ status: 'practice_choice', practices: [practiceExample] }],
    },
  ),
)

const MfaRequired = component(
  'MfaRequired',
  strictObject(
    { status: OneOf(['mfa_required'] as const) },
    {
      description: 'E-mail and password are right: repeat the request with `totp` or `recoveryCode`.',
      examples: [{ status: 'mfa_required' }],
    },
  ),
)

export const SignInResult = component(
  'SignInResult',
  Type.Union([SignedIn, PracticeChoice, MfaRequired], {
    description: 'A session, or what is still missing. `status` says which.',
    examples: [{ status: 'mfa_required' }],
  }),
)

export const Refresh = component(
  'Refresh',
  strictObject(
    { refreshToken: OpaqueToken },
    { description: 'The newest refresh token of a session.', examples: [{ refreshToken: refreshExample }] },
  ),
)

export type SignIn = Static<typeof SignIn>
export type SignedIn = Static<typeof SignedIn>
export type SignInResult = Static<typeof SignInResult>
