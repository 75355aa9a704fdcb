import { writeAudit } from '../../lib/audit.ts'
import { globalTablesOf } from '../../lib/database/global-tables.ts'
import { inPractice } from '../../lib/database/in-practice.ts'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { decodeToken, hashSecret, newSecret, sameSecret } from '../../lib/opaque-tokens.ts'
import { Problem } from '../../lib/problems.ts'
import type { RequestTrace } from './authentication-log.ts'
import { refreshPrefix, refreshTokenOf, toSignedIn } from './issue-tokens.ts'
import { tokenReusedMail } from './mail-texts.ts'
import { queueMail } from './mails.ts'
import { findMembership, type Membership } from './memberships.repository.ts'
import { personScope } from './person-scope.ts'
import * as sessions from './sessions.repository.ts'
import type { SignedIn } from './sign-in.schemas.ts'
import type { IdentityTools } from './tools.ts'
import { findUser } from './users.repository.ts'

const operation = 'refreshSession'

type LockedSession = NonNullable<Awaited<ReturnType<typeof sessions.lockSession>>>

/**
 * Renews a session. The rule for its tokens:
 *
 * - the newest one is replaced by a successor, and works no more;
 * - its immediate predecessor, within ten seconds of that, is answered with the same successor: a lost answer
 *   or a second tab is no theft;
 * - any other token that was once given out was copied: the session ends, with every access token of it;
 * - anything else was never ours and changes nothing.
 *
 * @throws Problem `authentication-required`
 */
export async function refreshSession(
  tools: IdentityTools,
  refreshToken: string,
  request: RequestTrace,
): Promise<SignedIn> {
  const token = decodeToken(refreshPrefix, 3, refreshToken)
  const [practiceId, sessionId, userId] = token?.ids ?? []
  if (!token || !practiceId || !sessionId || !userId) throw new Problem('authentication-required')
  const scope = personScope({ practiceId, userId, staffId: null, roles: [] }, request, operation)
  // What a refusal writes must be kept, so it is thrown after the commit.
  const renewed = await inPractice(tools.database, scope, trx =>
    renew(tools, trx, { sessionId, userId, secretHash: token.secretHash }),
  )
  if (!renewed) throw new Problem('authentication-required')
  return renewed
}

async function renew(
  tools: IdentityTools,
  trx: PracticeTransaction,
  shown: { sessionId: string; userId: string; secretHash: Buffer },
): Promise<SignedIn | undefined> {
  const session = await sessions.lockSession(trx, shown)
  if (!session) return undefined
  const member = await findMembership(trx, shown.userId)
  const user = await findUser(globalTablesOf(trx), shown.userId)
  if (!member || user?.status !== 'active') return undefined
  if (user.credentials_version !== session.credentials_version) return undefined
  if (member.mfaRequired && !session.mfa_at) return undefined
  const standing = await standingOf(trx, session, shown.secretHash)
  if (standing === 'unknown') return undefined
  if (standing === 'reused') return end(trx, session, member, 'reused')
  if (!session.is_alive) return end(trx, session, member, 'expired')
  trx.audit({ resourceType: 'session', resourceId: session.id })
  writeAudit(trx, { decision: 'granted' })
  const next = standing === 'newest' ? await rotate(trx, session) : await successorOf(trx, session)
  return toSignedIn(tools, member, next.session, next.token)
}

/** What the token shown is to its session. */
async function standingOf(
  trx: PracticeTransaction,
  session: LockedSession,
  shown: Buffer,
): Promise<'newest' | 'predecessor' | 'reused' | 'unknown'> {
  if (sameSecret(shown, session.refresh_hash)) return 'newest'
  const { previous_hash, is_fresh } = session
  if (is_fresh && previous_hash && sameSecret(shown, previous_hash)) return 'predecessor'
  return (await sessions.wasGivenOut(trx, session.id, shown)) ? 'reused' : 'unknown'
}

async function successorOf(trx: PracticeTransaction, session: LockedSession) {
  if (!session.successor) throw new Problem('authentication-required')
  return { session, token: (await trx.open(placeOf(session), session.successor)).toString() }
}

async function rotate(trx: PracticeTransaction, session: LockedSession) {
  const secret = newSecret()
  const token = refreshTokenOf(session, secret)
  const generation = session.refresh_generation + 1
  const successor = await trx.seal(placeOf({ ...session, refresh_generation: generation }), token)
  const rotated = await sessions.rotateSession(trx, session, { hash: hashSecret(secret), successor })
  return { session: rotated, token }
}

const placeOf = (session: sessions.SessionRow) => ({
  table: 'sessions',
  column: 'successor',
  rowId: session.id,
  rowVersion: session.refresh_generation,
})

async function end(
  trx: PracticeTransaction,
  session: LockedSession,
  member: Membership,
  reason: 'reused' | 'expired',
): Promise<undefined> {
  await sessions.endSession(trx, { sessionId: session.id, userId: session.user_id, reason })
  trx.audit({ resourceType: 'session', resourceId: session.id })
  writeAudit(trx, { decision: 'denied', outcome: `session-${reason}` })
  if (reason !== 'reused') return
  emit(trx, { type: 'session.reused', resourceId: session.id })
  await queueMail(trx, { to: member.email, ...tokenReusedMail() })
}
