import { type GlobalQueries, onGlobalTables } from '../../lib/database/global-tables.ts'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { limits } from '../../lib/limits.ts'
import { Problem } from '../../lib/problems.ts'
import { beginProof } from './attempts.ts'
import { logAuthentication, type RequestTrace } from './authentication-log.ts'
import { confirmEnrollment, removeFactor, startEnrollment } from './enrollment.ts'
import { secondFactorChangedMail } from './mail-texts.ts'
import { queueMail } from './mails.ts'
import { changeAndTell } from './notices.ts'
import { verifyPassword } from './passwords.ts'
import { keepSession, type Person, requirePerson } from './people.ts'
import type { Enrollment, RecoveryCodes } from './second-factor.schemas.ts'
import { replaceRecoveryCodes } from './second-factor.ts'
import { changeSession } from './sessions.repository.ts'
import type { IdentityTools } from './tools.ts'
import { ownerOfToken, useToken } from './user-tokens.repository.ts'
import { findUser, type UserRow } from './users.repository.ts'

/**
 * Starts to enroll an authenticator, or to replace the one there is.
 *
 * @throws Problem `sign-in-failed` for a wrong password, `step-up-required` to replace, `too-many-requests`
 */
export async function startOwnEnrollment(
  tools: IdentityTools,
  trx: PracticeTransaction,
  password: string,
): Promise<Enrollment> {
  const { user, global } = await requirePerson(trx)
  trx.audit({ resourceType: 'user', resourceId: user.id, fields: ['secondFactor'] })
  if (user.totp_confirmed_at && !provenLately(tools, trx)) throw new Problem('step-up-required')
  const attempt = await beginProof(tools, user.id)
  const { ok } = await verifyPassword(user.password_hash, password)
  if (!ok) throw new Problem('sign-in-failed')
  await attempt.succeed(global)
  return startEnrollment(tools, global, user)
}

function provenLately({ clock }: IdentityTools, { scope }: PracticeTransaction): boolean {
  const limitMs = limits.tokens.stepUpMinutes * 60_000
  return scope.mfaAt !== null && clock.now().getTime() - scope.mfaAt.getTime() < limitMs
}

/** Confirms by a first code. Other sessions end. @throws Problem `invalid-request` for a wrong code */
export async function confirmOwnEnrollment(
  tools: IdentityTools,
  trx: PracticeTransaction,
  code: string,
): Promise<RecoveryCodes> {
  const person = await requirePerson(trx)
  trx.audit({ resourceType: 'user', resourceId: person.user.id, fields: ['secondFactor'] })
  const recoveryCodes = await confirmEnrollment(tools, person.global, person.user, code)
  await factorChanged(trx, person)
  await changeSession(trx, person.sessionId, { factor: 'proven' })
  return { recoveryCodes }
}

/**
 * Removes the second factor. Other sessions end. Where there is none any more, nothing is to be done.
 *
 * @throws Problem `invalid-state` where this practice requires one: replace it instead
 */
export async function removeOwnFactor(trx: PracticeTransaction): Promise<void> {
  const person = await requirePerson(trx)
  trx.audit({ resourceType: 'user', resourceId: person.user.id, fields: ['secondFactor'] })
  if (person.member.mfaRequired) {
    throw new Problem('invalid-state', {
      detail: 'This practice requires a second factor. Replace it at `POST /v1/me/totp` instead.',
    })
  }
  await removeFactor(person.global, person.user.id)
  if (person.user.totp_confirmed_at) await factorChanged(trx, person)
  await changeSession(trx, person.sessionId, { factor: 'none' })
}

async function factorChanged(trx: PracticeTransaction, person: Person): Promise<void> {
  await keepSession(trx, person)
  await queueMail(trx, { to: person.member.email, ...secondFactorChangedMail() })
}

/** Ten new codes; those before are void. @throws Problem `invalid-state` without a second factor */
export async function renewRecoveryCodes(trx: PracticeTransaction): Promise<RecoveryCodes> {
  const { user, global } = await requirePerson(trx)
  trx.audit({ resourceType: 'user', resourceId: user.id, fields: ['recoveryCodes'] })
  if (!user.totp_confirmed_at) throw new Problem('invalid-state', { detail: 'Enroll a second factor first.' })
  return { recoveryCodes: await replaceRecoveryCodes(global, user.id) }
}

/** The same before the first sign-in, for whoever holds a setup token. @throws Problem `token-not-valid` */
export function startSetup(tools: IdentityTools, setupToken: string): Promise<Enrollment> {
  return onGlobalTables(tools.database, async global => {
    return startEnrollment(tools, global, await findEnrollable(global, setupToken))
  })
}

/** @throws Problem `token-not-valid`, `invalid-request` for a wrong code */
export async function confirmSetup(
  tools: IdentityTools,
  { setupToken, totp }: { setupToken: string; totp: string },
  request: RequestTrace,
): Promise<RecoveryCodes> {
  const operation = 'confirmSecondFactorSetup'
  const user = await onGlobalTables(tools.database, global => findEnrollable(global, setupToken))
  const text = secondFactorChangedMail()
  return changeAndTell(tools, { userId: user.id, operation, text }, async global => {
    // The token before the person, as whoever sets a password takes them: neither waits for the other.
    if (!(await useToken(global, 'mfa_setup', setupToken))) throw new Problem('token-not-valid')
    const recoveryCodes = await confirmEnrollment(tools, global, user, totp)
    await logAuthentication(global, request, { operation, outcome: 'ok', userId: user.id })
    return { recoveryCodes }
  })
}

/** A setup token enrolls a first factor; it never replaces one. */
async function findEnrollable(global: GlobalQueries, setupToken: string): Promise<UserRow> {
  const userId = await ownerOfToken(global, 'mfa_setup', setupToken)
  const user = userId === undefined ? undefined : await findUser(global, userId)
  if (user?.status !== 'active' || user.totp_confirmed_at) throw new Problem('token-not-valid')
  return user
}
