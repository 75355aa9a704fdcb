import { v7 as uuidv7 } from 'uuid'
import { globalTablesOf, onGlobalTables } from '../../lib/database/global-tables.ts'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { normalizeEmail } from '../../lib/email-addresses.ts'
import { Problem } from '../../lib/problems.ts'
import { type AttemptTools, beginSignIn } from './attempts.ts'
import { logAuthentication, type RequestTrace } from './authentication-log.ts'
import { hashPassword, requireGoodPassword, verifyPassword } from './passwords.ts'
import { addToDirectory, findUserByEmail, insertUser, setPassword, type UserRow } from './users.repository.ts'

/** An account that a person may take a place in a practice with: theirs already, or to be made. */
export type PreparedAccount =
  | { userId: string; kind: 'existing' }
  | { userId: string; kind: 'new' | 'without-password'; email: string; passwordHash: string }

interface Claim {
  email: string
  password: string
  names: readonly string[]
  operation: string
}

/**
 * Gets an account ready before the transaction that needs it: hashing takes a while. Whoever has an account
 * confirms with its password; anybody else chooses one.
 *
 * @throws Problem `sign-in-failed`, `invalid-request` for a bad new password, `too-many-requests`
 */
export async function prepareAccount(
  tools: AttemptTools,
  claim: Claim,
  request: RequestTrace,
): Promise<PreparedAccount> {
  const account = normalizeEmail(claim.email)
  const user = await onGlobalTables(tools.database, global => findUserByEmail(global, account))
  if (user?.password_hash) return confirmAccount(tools, claim, user, request)
  requireGoodPassword(claim.password, { email: account, names: claim.names })
  const passwordHash = await hashPassword(claim.password)
  return user
    ? { userId: user.id, kind: 'without-password', email: claim.email, passwordHash }
    : { userId: uuidv7(), kind: 'new', email: claim.email, passwordHash }
}

async function confirmAccount(
  tools: AttemptTools,
  { password, operation }: Claim,
  user: UserRow,
  request: RequestTrace,
): Promise<PreparedAccount> {
  const place = { account: user.email_normalized, address: request.remoteAddress }
  const attempt = await beginSignIn(tools, place)
  const { ok } = await verifyPassword(user.status === 'active' ? user.password_hash : null, password)
  await onGlobalTables(tools.database, async global => {
    if (ok) await attempt.release(global)
    await logAuthentication(global, request, {
      operation,
      outcome: ok ? 'ok' : 'sign-in-failed',
      userId: user.id,
    })
  })
  if (!ok) throw new Problem('sign-in-failed')
  return { userId: user.id, kind: 'existing' }
}

/** Makes the account where it is new, and lets it sign in to this practice as this member of staff. */
export async function joinPractice(
  trx: PracticeTransaction,
  account: PreparedAccount,
  staffId: string,
): Promise<void> {
  const global = globalTablesOf(trx)
  const { userId } = account
  if (account.kind === 'new') {
    const { email, passwordHash } = account
    await insertUser(global, { id: userId, email, normalized: normalizeEmail(email), passwordHash })
  }
  if (account.kind === 'without-password') await setPassword(global, userId, account.passwordHash)
  await addToDirectory(global, { userId, practiceId: trx.practiceId, staffId })
}

/** The first member of staff of a new practice, in the transaction that makes it. */
export async function createOwner(
  trx: PracticeTransaction,
  account: PreparedAccount,
  person: { email: string; givenName: string; familyName: string },
): Promise<void> {
  const staffId = uuidv7()
  await trx
    .insertInto('staff_members')
    .values({
      practice_id: trx.practiceId,
      id: staffId,
      user_id: account.userId,
      email: person.email,
      email_normalized: normalizeEmail(person.email),
      given_name: person.givenName,
      family_name: person.familyName,
      display_name: `${person.givenName} ${person.familyName}`,
      roles: ['owner'],
      status: 'active',
    })
    .execute()
  await joinPractice(trx, account, staffId)
}
