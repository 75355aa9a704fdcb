import { sql } from 'kysely'
import type { GlobalQueries } from '../../lib/database/global-tables.ts'
import { invalidField } from '../../lib/problems.ts'
import { matchTotp, newTotpSecret, totpSecretText, totpUri } from '../../lib/totp.ts'
import type { Enrollment } from './second-factor.schemas.ts'
import { openTotpSecret, replaceRecoveryCodes, sealTotpSecret } from './second-factor.ts'
import type { IdentityTools } from './tools.ts'
import type { UserRow } from './users.repository.ts'

/** Makes a seed that counts once its first code is confirmed. What is enrolled already stays until then. */
export async function startEnrollment(
  tools: IdentityTools,
  global: GlobalQueries,
  user: UserRow,
): Promise<Enrollment> {
  const secret = newTotpSecret()
  await global
    .updateTable('users')
    .set({ totp_pending: await sealTotpSecret(tools.keyring, user.id, secret) })
    .where('id', '=', user.id)
    .execute()
  return { secret: totpSecretText(secret), uri: totpUri(secret, { issuer: 'Cairn', account: user.email }) }
}

/** @returns recovery codes. @throws Problem `invalid-request` for a wrong code, or when nothing was started */
export async function confirmEnrollment(
  tools: IdentityTools,
  global: GlobalQueries,
  user: UserRow,
  code: string,
): Promise<string[]> {
  const pending = user.totp_pending
  const counter = pending && (await matchPending(tools, user.id, pending, code))
  if (!pending || counter === undefined) throw wrongCode()
  const confirmed = await global
    .updateTable('users')
    .set({
      totp_secret: pending,
      totp_pending: null,
      totp_confirmed_at: sql<Date>`now()`,
      totp_last_step: counter,
    })
    .where('id', '=', user.id)
    .where('totp_pending', '=', pending)
    .returning('id')
    .executeTakeFirst()
  if (!confirmed) throw wrongCode()
  return replaceRecoveryCodes(global, user.id)
}

async function matchPending(
  { keyring, clock }: IdentityTools,
  userId: string,
  sealed: Buffer,
  code: string,
): Promise<number | undefined> {
  const secret = await openTotpSecret(keyring, userId, sealed)
  return matchTotp(secret, code, { now: clock.now(), lastCounter: null })
}

const wrongCode = () =>
  invalidField('/totp', 'not-accepted', 'This is not a code of the authenticator that was set up last.')

export async function removeFactor(global: GlobalQueries, userId: string): Promise<void> {
  await global
    .updateTable('users')
    .set({ totp_secret: null, totp_pending: null, totp_confirmed_at: null, totp_last_step: null })
    .where('id', '=', userId)
    .execute()
  await global.deleteFrom('user_recovery_codes').where('user_id', '=', userId).execute()
}
