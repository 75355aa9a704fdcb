import { limits } from '../../lib/limits.ts'
import { done, ok, operation, publicOperation } from '../../plugins/operations/index.ts'
import { refreshSession } from './refresh.service.ts'
import * as schemas from './sessions.schemas.ts'
import * as service from './sessions.service.ts'
import { Refresh, SignedIn, SignIn, SignInResult } from './sign-in.schemas.ts'
import { signIn } from './sign-in.service.ts'
import type { IdentityTools } from './tools.ts'

const common = { tag: 'Signing in' } as const

export const sessionRoutes = (tools: IdentityTools) => [
  publicOperation({
    ...common,
    method: 'POST',
    path: '/v1/sessions',
    operationId: 'createSession',
    summary: 'Sign in',
    description: [
      'Answers a session, or what is still missing: a second factor (`mfa_required`) or a choice of practice (`practice_choice`). Repeat the request with it; nothing is remembered in between.',
      `An account may fail ${limits.signIn.failuresPerAccount} times in ${limits.signIn.windowMinutes} minutes, an address ${limits.signIn.failuresPerAddress} times. Failures elsewhere do not lock an account at an address where it signed in during the last ${limits.signIn.knownAddressDays} days.`,
      'Where the practice requires a second factor and there is none, `mfa-setup-required` carries a `setupToken` that can do nothing but enroll one.',
    ].join('\n\n'),
    body: SignIn,
    success: { status: 200, schema: SignInResult, description: 'A session, or what is missing.' },
    problems: ['sign-in-failed', 'mfa-setup-required'],
    handler: async (_house, { body, ...request }) => ok(await signIn(tools, body, request)),
  }),
  publicOperation({
    ...common,
    method: 'POST',
    path: '/v1/sessions/refresh',
    operationId: 'refreshSession',
    summary: 'Refresh a session',
    description: `Gives a new access token and the next refresh token. The token shown works no more, except that for ${limits.tokens.refreshGraceSeconds} seconds it is answered with the same successor (a lost answer, a second tab). Using an older one ends the session: it was copied.`,
    body: Refresh,
    success: { status: 200, schema: SignedIn, description: 'The session with new tokens.' },
    problems: ['authentication-required'],
    handler: async (_house, { body, ...request }) =>
      ok(await refreshSession(tools, body.refreshToken, request)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/sessions',
    operationId: 'listSessions',
    summary: 'List own sessions',
    description: "The caller's sessions in this practice that can still be used, newest first.",
    permission: 'any',
    success: { status: 200, schema: schemas.SessionPage, description: 'The sessions.' },
    problems: ['not-permitted'],
    handler: async trx => ok(await service.listOwnSessions(trx)),
  }),
  operation({
    ...common,
    method: 'DELETE',
    path: '/v1/sessions/current',
    operationId: 'signOut',
    summary: 'Sign out',
    description: 'Ends this session: its access tokens and its refresh token work no more.',
    permission: 'any',
    success: { status: 204, description: 'Signed out.' },
    problems: ['not-permitted'],
    handler: async trx => {
      await service.signOut(trx)
      return done()
    },
  }),
  operation({
    ...common,
    method: 'DELETE',
    path: '/v1/sessions/{sessionId}',
    operationId: 'endSession',
    summary: 'End one of your sessions',
    description: "Ends a session of the caller's own, for instance on a lost device.",
    permission: 'any',
    params: schemas.SessionParams,
    success: { status: 204, description: 'Ended.' },
    problems: ['not-permitted'],
    handler: async (trx, { params }) => {
      await service.revokeSession(trx, params.sessionId)
      return done()
    },
  }),
]
