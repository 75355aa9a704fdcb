import { writeAudit } from '../../lib/audit.ts'
import { inPractice } from '../../lib/database/in-practice.ts'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { decodeToken, encodeToken, hashSecret, newSecret, sameSecret } from '../../lib/opaque-tokens.ts'
import { notFound, Problem } from '../../lib/problems.ts'
import { systemScope } from '../../lib/scope.ts'
import { joinPractice, prepareAccount } from './accounts.ts'
import type { RequestTrace } from './authentication-log.ts'
import * as repository from './invitations.repository.ts'
import type { Acceptance, Accepted, Invitation } from './invitations.schemas.ts'
import { invitationMail } from './mail-texts.ts'
import { queueMail } from './mails.ts'
import { personScope } from './person-scope.ts'
import type { IdentityTools } from './tools.ts'

const prefix = 'cairn_in'

/**
 * Invites a member of staff by mail. An invitation sent before is void.
 *
 * @throws Problem `not-found`, `invalid-state` unless the person is yet to accept
 */
export async function inviteStaff(trx: PracticeTransaction, staffId: string): Promise<Invitation> {
  const invited = await repository.findInvited(trx, staffId)
  if (!invited) throw notFound()
  if (invited.status !== 'invited') {
    throw new Problem('invalid-state', { detail: 'Only somebody who has not accepted yet can be invited.' })
  }
  await repository.revokeOpenInvitation(trx, staffId)
  const secret = newSecret()
  const row = await repository.insertInvitation(trx, { staffId, secretHash: hashSecret(secret) })
  const code = encodeToken(prefix, [trx.practiceId, row.id], secret)
  await queueMail(trx, { to: invited.email, ...invitationMail(invited.practice_name, code) })
  emit(trx, { type: 'invitation.created', resourceId: row.id })
  return { id: row.id, staffId, expiresAt: row.expires_at.toISOString() }
}

/**
 * Accepts an invitation: the person becomes active and may sign in. Whoever has an account confirms with its
 * password. No session is made, so a second factor is asked for as always.
 *
 * @throws Problem `token-not-valid`, `sign-in-failed`, `invalid-request`, `too-many-requests`
 */
export async function acceptInvitation(
  tools: IdentityTools,
  { token, password }: Acceptance,
  request: RequestTrace,
): Promise<Accepted> {
  const operation = 'acceptInvitation'
  const decoded = decodeToken(prefix, 2, token)
  const [practiceId, invitationId] = decoded?.ids ?? []
  if (!decoded || !practiceId || !invitationId) throw new Problem('token-not-valid')
  const invited = await inPractice(
    tools.database,
    systemScope(practiceId, operation),
    trx => repository.findOpenInvitation(trx, invitationId),
    { readsOnly: true },
  )
  if (!invited || !sameSecret(invited.secret_hash, decoded.secretHash)) throw new Problem('token-not-valid')
  const names = [invited.given_name, invited.family_name]
  const account = await prepareAccount(tools, { email: invited.email, password, names, operation }, request)
  const scope = personScope(
    { practiceId, userId: account.userId, staffId: invited.staff_id, roles: [] },
    request,
    operation,
  )
  await inPractice(tools.database, scope, async trx => {
    const isFirst = await repository.markAccepted(trx, invitationId)
    const isInvited = await repository.activateStaff(trx, invited.staff_id, account.userId)
    if (!isFirst || !isInvited) throw new Problem('token-not-valid')
    await joinPractice(trx, account, invited.staff_id)
    emit(trx, { type: 'invitation.accepted', resourceId: invitationId })
    trx.audit({ resourceType: 'staff-member', resourceId: invited.staff_id, fields: ['status'] })
    writeAudit(trx, { decision: 'granted' })
  })
  return {
    email: invited.email,
    practice: { id: practiceId, name: invited.practice_name },
    staffId: invited.staff_id,
  }
}
