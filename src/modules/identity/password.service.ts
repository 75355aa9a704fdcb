import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { onGlobalTables } from '../../lib/database/global-tables.ts'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { normalizeEmail } from '../../lib/email-addresses.ts'
import { limits } from '../../lib/limits.ts'
import { Problem } from '../../lib/problems.ts'
import { beginProof, mayAskForReset } from './attempts.ts'
import { logAuthentication, type RequestTrace } from './authentication-log.ts'
import { passwordChangedMail, passwordResetMail } from './mail-texts.ts'
import { queueMail } from './mails.ts'
import { changeAndTell, mailUser } from './notices.ts'
import type { PasswordChange, ResetCompletion } from './password.schemas.ts'
import { hashPassword, requireGoodPassword, verifyPassword } from './passwords.ts'
import { requirePerson } from './people.ts'
import { changeSession } from './sessions.repository.ts'
import type { IdentityTools } from './tools.ts'
import { newUserToken, ownerOfToken, useToken } from './user-tokens.repository.ts'
import { findUser, findUserByEmail, setPassword } from './users.repository.ts'

/**
 * Changes the caller's password. Every other session ends, in every practice.
 *
 * @throws Problem `sign-in-failed` for a wrong present password, `invalid-request` for a bad new one
 */
export async function changePassword(
  tools: IdentityTools,
  trx: PracticeTransaction,
  { currentPassword, newPassword }: PasswordChange,
): Promise<void> {
  const { user, member, sessionId, global } = await requirePerson(trx)
  trx.audit({ resourceType: 'user', resourceId: user.id, fields: ['password'] })
  const names = [member.displayName, ...member.displayName.split(' ')]
  requireGoodPassword(newPassword, { email: user.email, names }, '/newPassword')
  const attempt = await beginProof(tools, user.id)
  const { ok } = await verifyPassword(user.password_hash, currentPassword)
  if (!ok) throw new Problem('sign-in-failed')
  await attempt.succeed(global)
  const version = await setPassword(global, user.id, await hashPassword(newPassword))
  await changeSession(trx, sessionId, { credentialsVersion: version })
  await queueMail(trx, { to: member.email, ...passwordChangedMail() })
}

/**
 * Mails a reset code where the account exists. Who asks learns nothing, from the answer or its time: the
 * answer is held until a fixed time has passed, which is longer than the work takes, and a random one.
 */
export async function requestReset(
  tools: IdentityTools,
  email: string,
  request: RequestTrace,
): Promise<void> {
  const { answerMs, jitterMs } = limits.passwordReset
  const held = sleep(answerMs + randomInt(jitterMs + 1))
  await Promise.all([sendReset(tools, normalizeEmail(email), request), held])
}

async function sendReset(tools: IdentityTools, account: string, request: RequestTrace): Promise<void> {
  const operation = 'requestPasswordReset'
  const allowed = await mayAskForReset(tools, { account, address: request.remoteAddress })
  const made = await onGlobalTables(tools.database, async global => {
    const user = await findUserByEmail(global, account)
    const outcome = allowed ? 'ok' : 'too-many-requests'
    await logAuthentication(global, request, { operation, outcome, userId: user?.id ?? null })
    if (!allowed || user?.status !== 'active') return undefined
    const minutes = limits.tokens.passwordResetMinutes
    const token = await newUserToken(global, { user, purpose: 'password_reset', minutes })
    return { userId: user.id, token }
  })
  if (made) await mailUser(tools, made.userId, operation, passwordResetMail(made.token))
}

/**
 * Sets a new password with a code from the mail. Every session ends; a second factor stays, and is asked for
 * at the next sign-in.
 *
 * @throws Problem `token-not-valid`, `invalid-request` for a bad password
 */
export async function completeReset(
  tools: IdentityTools,
  { token, password }: ResetCompletion,
  request: RequestTrace,
): Promise<void> {
  const operation = 'completePasswordReset'
  const user = await onGlobalTables(tools.database, async global => {
    const userId = await ownerOfToken(global, 'password_reset', token)
    return userId ? findUser(global, userId) : undefined
  })
  if (user?.status !== 'active') throw new Problem('token-not-valid')
  requireGoodPassword(password, { email: user.email, names: [] })
  const hash = await hashPassword(password)
  await changeAndTell(tools, { userId: user.id, operation, text: passwordChangedMail() }, async global => {
    if (!(await useToken(global, 'password_reset', token))) throw new Problem('token-not-valid')
    await setPassword(global, user.id, hash)
    await logAuthentication(global, request, { operation, outcome: 'ok', userId: user.id })
  })
}
