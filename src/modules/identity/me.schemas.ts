import { type Static, Type } from 'typebox'
import { component, Id, Instant, Nullable, OneOf, strictObject, Text, TimeZone } from '../../lib/schemas.ts'
import { permissions, roles } from '../charts/access-policy.ts'
import { OneTimeCode, practiceExample, RecoveryCode, tokenExample } from './sign-in.schemas.ts'

export const Me = component(
  'Me',
  strictObject(
    {
      kind: OneOf(['user', 'api_client'] as const),
      practice: strictObject({
        id: Id('The practice of this token.'),
        name: Text(160),
        timeZone: TimeZone('The zone in which the practice counts its days.'),
      }),
      user: Nullable(
        strictObject(
          { id: Id('The person, in all practices.'), email: Type.String() },
          { description: 'Null for an API client.' },
        ),
      ),
      staffMember: Nullable(
        strictObject(
          { id: Id('The person in this practice.'), displayName: Text(160) },
          { description: 'Null for an API client.' },
        ),
      ),
      apiClient: Nullable(
        strictObject({ id: Id('The API client.'), name: Text(120) }, { description: 'Null for a person.' }),
      ),
      sessionId: Nullable(Id('The session of this token; null for an API client.')),
      roles: Type.Array(OneOf(roles)),
      permissions: Type.Array(OneOf(permissions), {
        description: "A person's by role, a client's by scope.",
      }),
      mfa: Nullable(
        strictObject(
          {
            enrolled: Type.Boolean(),
            required: Type.Boolean({ description: 'This practice requires a second factor.' }),
            provenAt: Nullable(Instant('When it was last proven in this session.')),
            recoveryCodesLeft: Type.Integer(),
          },
          { description: 'The second factor; null for an API client.' },
        ),
      ),
    },
    {
      description: 'Who this token speaks for, where, and what it may do.',
      examples: [
        {
          kind: 'user',
          practice: { ...practiceExample, timeZone: 'America/Los_Angeles' },
          user: { id: '019c0000-0000-7000-8000-0000000000e1', email: 'billie@quiet-harbor.example' },
          staffMember: { id: '019c0000-0000-7000-8000-0000000000b1', displayName: 'Billie Example' },
          apiClient: null,
          sessionId: '019c0000-0000-7000-8000-0000000000c1',
          roles: ['biller'],
          permissions: ['practice:read', 'staff:read', 'clients:read', 'appointments:read'],
          mfa: { enrolled: true, required: false, provenAt: null, recoveryCodesLeft: 10 },
        },
      ],
    },
  ),
)

export const StepUp = component(
  'StepUp',
  strictObject(
    { totp: Type.Optional(OneTimeCode), recoveryCode: Type.Optional(RecoveryCode) },
    {
      minProperties: 1,
      maxProperties: 1,
      description: 'One fresh code, of either kind.',
      examples: [{ totp: '123456' }],
    },
  ),
)

export const SteppedUp = component(
  'SteppedUp',
  strictObject(
    {
      accessToken: Type.String({ description: 'Replaces the one of the request.' }),
      tokenType: OneOf(['Bearer'] as const),
      expiresInSeconds: Type.Integer(),
    },
    {
      description: 'An access token that says a second factor was just proven.',
      examples: [{ accessToken: tokenExample, tokenType: 'Bearer', expiresInSeconds: 600 }],
    },
  ),
)

export type Me = Static<typeof Me>
export type StepUp = Static<typeof StepUp>
export type SteppedUp = Static<typeof SteppedUp>
