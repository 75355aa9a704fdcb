import { done, ok, operation, publicOperation } from '../../plugins/operations/index.ts'
import * as schemas from './me.schemas.ts'
import { readMe, stepUp } from './me.service.ts'
import * as factor from './second-factor.schemas.ts'
import * as service from './second-factor.service.ts'
import type { IdentityTools } from './tools.ts'

const common = { tag: 'Signing in' } as const

export const meRoutes = (tools: IdentityTools) => [
  operation({
    ...common,
    method: 'GET',
    path: '/v1/me',
    operationId: 'getMe',
    summary: 'Who am I',
    description: 'Who this token speaks for, in which practice, and what it may do. For API clients too.',
    permission: 'any',
    success: { status: 200, schema: schemas.Me, description: 'The caller.' },
    problems: ['not-found'],
    handler: async trx => ok(await readMe(trx)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/me/step-up',
    operationId: 'stepUp',
    summary: 'Prove the second factor anew',
    description:
      'Gives an access token with which operations that need a recent second factor can be called. A code is good once. Without an authenticator app, enroll one at `POST /v1/me/totp` first.',
    permission: 'any',
    secondConnection: true,
    body: schemas.StepUp,
    success: { status: 200, schema: schemas.SteppedUp, description: 'The new access token.' },
    problems: ['sign-in-failed', 'not-permitted', 'not-found'],
    handler: async (trx, { body }) => ok(await stepUp(tools, trx, body)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/me/totp',
    operationId: 'startSecondFactor',
    summary: 'Set up an authenticator app',
    description:
      'Makes a secret for an authenticator app. It counts once its first code is confirmed; to replace an app that is enrolled, prove it first (step-up).',
    permission: 'any',
    secondConnection: true,
    body: factor.EnrollmentStart,
    success: { status: 200, schema: factor.Enrollment, description: 'The secret, shown this one time.' },
    problems: ['sign-in-failed', 'step-up-required', 'not-permitted', 'not-found'],
    handler: async (trx, { body }) => ok(await service.startOwnEnrollment(tools, trx, body.password)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/me/totp/confirmation',
    operationId: 'confirmSecondFactor',
    summary: 'Confirm an authenticator app',
    description: 'Enrolls the app by its first code. Other sessions of this person end.',
    permission: 'any',
    body: factor.EnrollmentConfirmation,
    success: { status: 200, schema: factor.RecoveryCodes, description: 'Recovery codes.' },
    problems: ['not-permitted', 'not-found'],
    handler: async (trx, { body }) => ok(await service.confirmOwnEnrollment(tools, trx, body.totp)),
  }),
  operation({
    ...common,
    method: 'DELETE',
    path: '/v1/me/totp',
    operationId: 'removeSecondFactor',
    summary: 'Remove the second factor',
    description: 'Not where the practice requires one. Other sessions of this person end.',
    permission: 'any',
    stepUp: true,
    success: { status: 204, description: 'Removed.' },
    problems: ['invalid-state', 'not-permitted', 'not-found'],
    handler: async trx => {
      await service.removeOwnFactor(trx)
      return done()
    },
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/me/recovery-codes',
    operationId: 'renewRecoveryCodes',
    summary: 'Make new recovery codes',
    description: 'Ten new codes; those before are void.',
    permission: 'any',
    stepUp: true,
    success: { status: 200, schema: factor.RecoveryCodes, description: 'Recovery codes.' },
    problems: ['invalid-state', 'not-permitted', 'not-found'],
    handler: async trx => ok(await service.renewRecoveryCodes(trx)),
  }),
  publicOperation({
    ...common,
    method: 'POST',
    path: '/v1/totp-enrollments',
    operationId: 'startSecondFactorSetup',
    summary: 'Set up an authenticator app before sign-in',
    description:
      'For people whose practice requires a second factor that they do not have yet. The setup token of the refused sign-in can do this and nothing else.',
    body: factor.SetupStart,
    success: { status: 200, schema: factor.Enrollment, description: 'The secret, shown this one time.' },
    problems: ['token-not-valid'],
    handler: async (_house, { body }) => ok(await service.startSetup(tools, body.setupToken)),
  }),
  publicOperation({
    ...common,
    method: 'POST',
    path: '/v1/totp-enrollments/confirmation',
    operationId: 'confirmSecondFactorSetup',
    summary: 'Confirm an authenticator app before sign-in',
    description: 'Enrolls the app by its first code. Then sign in with password and a next code.',
    body: factor.SetupConfirmation,
    success: { status: 200, schema: factor.RecoveryCodes, description: 'Recovery codes.' },
    problems: ['token-not-valid'],
    handler: async (_house, { body, ...request }) => ok(await service.confirmSetup(tools, body, request)),
  }),
]
