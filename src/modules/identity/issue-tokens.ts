import { limits } from '../../lib/limits.ts'
import { encodeToken } from '../../lib/opaque-tokens.ts'
import { permissionsOf } from '../charts/access-policy.ts'
import type { Membership } from './memberships.repository.ts'
import type { SessionRow } from './sessions.repository.ts'
import type { SignedIn } from './sign-in.schemas.ts'
import type { IdentityTools } from './tools.ts'

export const refreshPrefix = 'cairn_rt'

/** A refresh token names practice, session and user: row security lets nobody search across practices. */
export const refreshTokenOf = (
  session: Pick<SessionRow, 'practice_id' | 'id' | 'user_id'>,
  secret: Uint8Array,
) => encodeToken(refreshPrefix, [session.practice_id, session.id, session.user_id], secret)

export interface SessionClaims {
  userId: string
  sessionId: string
  mfaAt: Date | null
}

export function accessTokenOf(
  tools: Pick<IdentityTools, 'signAccessToken'>,
  member: Pick<Membership, 'practiceId' | 'staffId' | 'roles' | 'rolesVersion'>,
  session: SessionClaims,
): string {
  return tools.signAccessToken({
    kind: 'user',
    pid: member.practiceId,
    sub: session.userId,
    sid: session.sessionId,
    staff: member.staffId,
    roles: member.roles,
    rv: member.rolesVersion,
    ...(session.mfaAt ? { mfa: Math.floor(session.mfaAt.getTime() / 1000) } : {}),
  })
}

export function toSignedIn(
  tools: Pick<IdentityTools, 'signAccessToken'>,
  member: Membership,
  session: SessionRow,
  refreshToken: string,
): SignedIn {
  const claims = { userId: session.user_id, sessionId: session.id, mfaAt: session.mfa_at }
  return {
    status: 'signed_in',
    accessToken: accessTokenOf(tools, member, claims),
    tokenType: 'Bearer',
    expiresInSeconds: limits.tokens.accessSeconds,
    refreshToken,
    session: {
      id: session.id,
      idleExpiresAt: session.idle_expires_at.toISOString(),
      absoluteExpiresAt: session.absolute_expires_at.toISOString(),
    },
    practice: { id: member.practiceId, name: member.practiceName },
    staffMember: { id: member.staffId, displayName: member.displayName },
    roles: member.roles,
    permissions: [...permissionsOf(member.roles)],
  }
}
