import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { limits } from '../../lib/limits.ts'
import { notFound, Problem } from '../../lib/problems.ts'
import { findApiClient } from './api-clients.repository.ts'
import { beginProof } from './attempts.ts'
import type { Me, SteppedUp, StepUp } from './me.schemas.ts'
import { findPracticeName } from './memberships.repository.ts'
import { provenToken, requirePerson } from './people.ts'
import { countRecoveryCodes, matchFactor, useFactor } from './second-factor.ts'
import { changeSession } from './sessions.repository.ts'
import type { IdentityTools } from './tools.ts'

/** Who the caller is. @throws Problem `not-found` when the practice is closed */
export function readMe(trx: PracticeTransaction): Promise<Me> {
  return trx.scope.actor.kind === 'api_client' ? readClient(trx) : readPerson(trx)
}

async function readPerson(trx: PracticeTransaction): Promise<Me> {
  const { user, member, sessionId, global } = await requirePerson(trx)
  const { scope } = trx
  trx.audit({ resourceType: 'user', resourceId: user.id })
  return {
    kind: 'user',
    practice: { id: trx.practiceId, name: member.practiceName, timeZone: member.timeZone },
    user: { id: user.id, email: user.email },
    staffMember: { id: member.staffId, displayName: member.displayName },
    apiClient: null,
    sessionId,
    roles: member.roles,
    permissions: [...scope.actor.permissions],
    mfa: {
      enrolled: user.totp_confirmed_at !== null,
      required: member.mfaRequired,
      provenAt: scope.mfaAt?.toISOString() ?? null,
      recoveryCodesLeft: await countRecoveryCodes(global, user.id),
    },
  }
}

async function readClient(trx: PracticeTransaction): Promise<Me> {
  const { actor } = trx.scope
  trx.audit({ resourceType: 'api-client', resourceId: actor.id })
  const practice = await findPracticeName(trx)
  const client = await findApiClient(trx, actor.id)
  if (!practice || !client) throw notFound()
  return {
    kind: 'api_client',
    practice: { id: trx.practiceId, name: practice.name, timeZone: practice.time_zone },
    user: null,
    staffMember: null,
    apiClient: { id: client.id, name: client.name },
    sessionId: null,
    roles: [],
    permissions: [...actor.permissions],
    mfa: null,
  }
}

const wrongCode = { detail: 'Check the one-time or recovery code: each is good once.' }
const noFactor = {
  detail: 'No authenticator app is enrolled. Enroll one at `POST /v1/me/totp`, then send its next code here.',
}

/**
 * Proves the second factor anew, for what needs it to be recent. A code is good once, here or at sign-in.
 *
 * @throws Problem `sign-in-failed`, `too-many-requests`, `not-permitted` for an API client
 */
export async function stepUp(
  tools: IdentityTools,
  trx: PracticeTransaction,
  proof: StepUp,
): Promise<SteppedUp> {
  const person = await requirePerson(trx)
  const { user, sessionId, global } = person
  trx.audit({ resourceType: 'session', resourceId: sessionId })
  // Nothing can be guessed here: it does not count, so that enrolling one stays possible.
  if (!user.totp_confirmed_at) throw new Problem('sign-in-failed', noFactor)
  const attempt = await beginProof(tools, user.id)
  const matched = await matchFactor(tools, global, user, proof)
  if (!matched || !(await useFactor(global, user.id, matched))) throw new Problem('sign-in-failed', wrongCode)
  await attempt.succeed(global)
  await changeSession(trx, sessionId, { factor: 'proven' })
  return {
    accessToken: provenToken(tools, person),
    tokenType: 'Bearer',
    expiresInSeconds: limits.tokens.accessSeconds,
  }
}
