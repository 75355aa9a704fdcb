import type { Scope } from '../../lib/scope.ts'
import { permissionsOf, type Role } from '../charts/access-policy.ts'
import type { RequestTrace } from './authentication-log.ts'

/**
 * The scope of somebody who just proved who they are (a password, a refresh token, an invitation) and has no
 * access token yet. Work in it only what that proof allows, and audit it.
 */
export function personScope(
  person: { practiceId: string; userId: string; staffId: string | null; roles: readonly Role[] },
  request: RequestTrace,
  operation: string,
): Scope {
  return {
    practiceId: person.practiceId,
    actor: {
      kind: 'user',
      id: person.userId,
      staffId: person.staffId,
      representativeId: null,
      roles: person.roles,
      permissions: permissionsOf(person.roles),
    },
    sessionId: null,
    mfaAt: null,
    requestId: request.requestId,
    operation,
    purpose: 'operations',
    remoteAddress: request.remoteAddress,
    guard: null,
  }
}
