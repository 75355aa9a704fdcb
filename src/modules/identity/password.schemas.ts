import { type Static } from 'typebox'
import { component, OneOf, strictObject } from '../../lib/schemas.ts'
import { Email, NewPassword, OpaqueToken, Password } from './sign-in.schemas.ts'

export const PasswordChange = component(
  'PasswordChange',
  strictObject(
    { currentPassword: Password, newPassword: NewPassword },
    {
      description: 'The present password and the new one.',
      examples: [{ currentPassword: 'correct horse battery', newPassword: 'four herons over the bay' }],
    },
  ),
)

export const ResetRequest = component(
  'PasswordResetRequest',
  strictObject(
    { email: Email },
    { description: 'Whose password.', examples: [{ email: 'olive@quiet-harbor.example' }] },
  ),
)

export const ResetAccepted = component(
  'PasswordResetAccepted',
  strictObject(
    { status: OneOf(['accepted'] as const) },
    {
      description: 'The same whether or not there is such an account.',
      examples: [{ status: 'accepted' }],
    },
  ),
)

export const ResetCompletion = component(
  'PasswordResetCompletion',
  strictObject(
    { token: OpaqueToken, password: NewPassword },
    {
      description: 'The code from the mail, and a new password.',
      examples: [{ token: `cairn_pr_${'A'.repeat(64)}`, password: 'four herons over the bay' }],
    },
  ),
)

export type PasswordChange = Static<typeof PasswordChange>
export type ResetCompletion = Static<typeof ResetCompletion>
