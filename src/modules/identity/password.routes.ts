import { done, operation, publicOperation } from '../../plugins/operations/index.ts'
import * as schemas from './password.schemas.ts'
import * as service from './password.service.ts'
import type { IdentityTools } from './tools.ts'

const common = { tag: 'Signing in' } as const

export const passwordRoutes = (tools: IdentityTools) => [
  operation({
    ...common,
    method: 'POST',
    path: '/v1/me/password',
    operationId: 'changePassword',
    summary: 'Change the password',
    description: 'Every other session of this person ends, in every practice.',
    permission: 'any',
    secondConnection: true,
    body: schemas.PasswordChange,
    success: { status: 204, description: 'Changed.' },
    problems: ['sign-in-failed', 'not-permitted', 'not-found'],
    handler: async (trx, { body }) => {
      await service.changePassword(tools, trx, body)
      return done()
    },
  }),
  publicOperation({
    ...common,
    method: 'POST',
    path: '/v1/password-resets',
    operationId: 'requestPasswordReset',
    summary: 'Ask for a password reset',
    description: 'Mails a code where the account exists. The answer is always the same, in time too.',
    body: schemas.ResetRequest,
    success: { status: 202, schema: schemas.ResetAccepted, description: 'Accepted.' },
    handler: async (_house, { body, ...request }) => {
      await service.requestReset(tools, body.email, request)
      return { status: 202, body: { status: 'accepted' as const } }
    },
  }),
  publicOperation({
    ...common,
    method: 'POST',
    path: '/v1/password-resets/completion',
    operationId: 'completePasswordReset',
    summary: 'Set a new password',
    description:
      'Takes the code from the mail, once. Every session of the person ends. It is no sign-in: a second factor is asked for there as always.',
    body: schemas.ResetCompletion,
    success: { status: 204, description: 'The new password is set.' },
    problems: ['token-not-valid'],
    handler: async (_house, { body, ...request }) => {
      await service.completeReset(tools, body, request)
      return done()
    },
  }),
]
