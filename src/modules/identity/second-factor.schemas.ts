import { type Static, Type } from 'typebox'
import { component, strictObject } from '../../lib/schemas.ts'
import { OneTimeCode, OpaqueToken, Password } from './sign-in.schemas.ts'

const setupExample = `cairn_ms_${'A'.repeat(64)}`

export const EnrollmentStart = component(
  'EnrollmentStart',
  strictObject(
    { password: Password },
    {
      description: 'The present password: a found device must not enroll one of its own.',
      examples: [{ password: 'correct horse battery' }],
    },
  ),
)

export const Enrollment = component(
  'Enrollment',
  strictObject(
    {
      secret: Type.String({ description: 'To type into an authenticator app (base32).' }),
      uri: Type.String({ description: 'To show as a QR code.' }),
    },
    {
      description: 'A second factor to be confirmed by its first code.',
      examples: [
        {
          secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
          uri: 'otpauth://totp/Cairn:olive%40quiet-harbor.example?issuer=Cairn&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&algorithm=SHA1&digits=6&period=30',
        },
      ],
    },
  ),
)

export const EnrollmentConfirmation = component(
  'EnrollmentConfirmation',
  strictObject(
    { totp: OneTimeCode },
    { description: 'A first code from the app.', examples: [{ totp: '123456' }] },
  ),
)

export const RecoveryCodes = component(
  'RecoveryCodes',
  strictObject(
    { recoveryCodes: Type.Array(Type.String()) },
    {
      description: 'Each is good once, when the authenticator is not at hand. Shown this one time.',
      examples: [{ recoveryCodes: ['0a1b-2c3d-4e5f-6g7h-8j9k-0m1n'] }],
    },
  ),
)

export const SetupStart = component(
  'SetupStart',
  strictObject(
    { setupToken: OpaqueToken },
    {
      description: 'The `setupToken` of a refused sign-in.',
      examples: [{ setupToken: setupExample }],
    },
  ),
)

export const SetupConfirmation = component(
  'SetupConfirmation',
  strictObject(
    { setupToken: OpaqueToken, totp: OneTimeCode },
    {
      description: 'The same `setupToken`, and a first code from the app.',
      examples: [{ setupToken: setupExample, totp: '123456' }],
    },
  ),
)

export type Enrollment = Static<typeof Enrollment>
export type RecoveryCodes = Static<typeof RecoveryCodes>
