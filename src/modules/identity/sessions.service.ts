import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { Page } from '../../lib/pages.ts'
import { notFound, Problem } from '../../lib/problems.ts'
import * as repository from './sessions.repository.ts'
import type { Session } from './sessions.schemas.ts'

/** The caller's own sessions in this practice. @throws Problem `not-permitted` for an API client */
export async function listOwnSessions(trx: PracticeTransaction): Promise<Page<Session>> {
  const { userId, sessionId } = ownSession(trx)
  trx.audit({ resourceType: 'session' })
  const rows = await repository.listSessions(trx, userId)
  return { data: rows.map(row => toSession(row, sessionId)), nextCursor: null }
}

/** Ends the session of this request. @throws Problem `not-permitted` for an API client */
export async function signOut(trx: PracticeTransaction): Promise<void> {
  const { userId, sessionId } = ownSession(trx)
  trx.audit({ resourceType: 'session', resourceId: sessionId })
  await repository.endSession(trx, { sessionId, userId, reason: 'signed_out' })
}

/** Ends one of the caller's own sessions. @throws Problem `not-found`, `not-permitted` */
export async function revokeSession(trx: PracticeTransaction, sessionId: string): Promise<void> {
  const { userId } = ownSession(trx)
  trx.audit({ resourceType: 'session', resourceId: sessionId })
  if (!(await repository.endSession(trx, { sessionId, userId, reason: 'revoked' }))) throw notFound()
}

/**
 * Ends every session of a member of staff, with all access tokens, on their next use. A change of roles needs
 * no such call: it raises `roles_version`, and tokens with the old one are refused.
 */
export const endSessionsOf = (
  trx: PracticeTransaction,
  staffId: string,
  reason: 'disabled' | 'revoked' = 'disabled',
): Promise<void> => repository.endSessionsOfStaff(trx, staffId, reason)

function ownSession({ scope }: PracticeTransaction): { userId: string; sessionId: string } {
  if (scope.actor.kind !== 'user' || !scope.sessionId) throw new Problem('not-permitted')
  return { userId: scope.actor.id, sessionId: scope.sessionId }
}

function toSession(row: repository.SessionRow, currentId: string): Session {
  return {
    id: row.id,
    current: row.id === currentId,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.rotated_at.toISOString(),
    idleExpiresAt: row.idle_expires_at.toISOString(),
    absoluteExpiresAt: row.absolute_expires_at.toISOString(),
  }
}
