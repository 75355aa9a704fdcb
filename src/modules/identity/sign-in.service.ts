import { v7 as uuidv7 } from 'uuid'
import { writeAudit } from '../../lib/audit.ts'
import { globalTablesOf, onGlobalTables } from '../../lib/database/global-tables.ts'
import { inPractice } from '../../lib/database/in-practice.ts'
import { normalizeEmail } from '../../lib/email-addresses.ts'
import { limits } from '../../lib/limits.ts'
import { hashSecret, newSecret } from '../../lib/opaque-tokens.ts'
import { Problem } from '../../lib/problems.ts'
import { systemScope } from '../../lib/scope.ts'
import { type Attempt, beginSignIn } from './attempts.ts'
import { logAuthentication, type RequestTrace } from './authentication-log.ts'
import { refreshTokenOf, toSignedIn } from './issue-tokens.ts'
import { findMembership, type Membership } from './memberships.repository.ts'
import { hashPassword, verifyPassword } from './passwords.ts'
import { personScope } from './person-scope.ts'
import { hasProof, type MatchedFactor, matchFactor, useFactor } from './second-factor.ts'
import { insertSession } from './sessions.repository.ts'
import type { SignedIn, SignIn, SignInResult } from './sign-in.schemas.ts'
import type { IdentityTools } from './tools.ts'
import { newUserToken } from './user-tokens.repository.ts'
import { findUserByEmail, listDirectory, replaceHash, type UserRow } from './users.repository.ts'

const operation = 'createSession'

/**
 * Signs a person in. There is no half signed-in state: what is missing (a choice of practice, a second
 * factor) is answered as such, and the client repeats the whole request with it.
 *
 * Unknown address, wrong password, wrong code and no active practice are one answer. The names of practices
 * are shown only after everything the person can prove is proven.
 *
 * @throws Problem `sign-in-failed`, `mfa-setup-required`, `too-many-requests`, `service-busy`
 */
export async function signIn(
  tools: IdentityTools,
  input: SignIn,
  request: RequestTrace,
): Promise<SignInResult> {
  const account = normalizeEmail(input.email)
  const attempt = await beginSignIn(tools, { account, address: request.remoteAddress })
  const { user, needsRehash } = await provePassword(tools, account, input.password, request)
  const members = await membershipsOf(tools, user.id, input.practiceId)
  const enrolled = user.totp_confirmed_at !== null
  if (enrolled && !hasProof(input)) {
    await onGlobalTables(tools.database, attempt.release)
    return { status: 'mfa_required' }
  }
  const factor = await onGlobalTables(tools.database, global => matchFactor(tools, global, user, input))
  if (enrolled && !factor) throw await refusal(tools, request, user, members)
  const [member, ...others] = members
  if (!member) throw await refusal(tools, request, user, members)
  if (others.length > 0) {
    await onGlobalTables(tools.database, attempt.release)
    return { status: 'practice_choice', practices: members.map(toChoice) }
  }
  if (member.mfaRequired && !factor) throw await setupRequired(tools, request, user, attempt)
  const newHash = needsRehash ? await hashPassword(input.password) : undefined
  return startSession(tools, { user, member, factor, newHash, attempt, request })
}

async function provePassword(
  tools: IdentityTools,
  account: string,
  password: string,
  request: RequestTrace,
): Promise<{ user: UserRow; needsRehash: boolean }> {
  const found = await onGlobalTables(tools.database, global => findUserByEmail(global, account))
  const user = found?.status === 'active' ? found : undefined
  const { ok, needsRehash } = await verifyPassword(user?.password_hash, password)
  if (!user || !ok) throw await refusal(tools, request, user, [])
  return { user, needsRehash }
}

const toChoice = ({ practiceId, practiceName }: Membership) => ({ id: practiceId, name: practiceName })

/** What the person is in each practice, or in the one that was asked for. */
async function membershipsOf(
  tools: IdentityTools,
  userId: string,
  practiceId: string | undefined,
): Promise<Membership[]> {
  const directory = await onGlobalTables(tools.database, global => listDirectory(global, userId))
  const asked = directory.filter(entry => !practiceId || entry.practice_id === practiceId.toLowerCase())
  const members: Membership[] = []
  for (const { practice_id } of asked) {
    const member = await inPractice(
      tools.database,
      systemScope(practice_id, operation),
      trx => findMembership(trx, userId),
      { readsOnly: true },
    )
    if (member) members.push(member)
  }
  return members
}

/** Writes down a refusal and returns it. The attempt stays counted. */
async function refusal(
  tools: IdentityTools,
  request: RequestTrace,
  user: UserRow | undefined,
  members: readonly Membership[],
): Promise<Problem> {
  const outcome = 'sign-in-failed'
  await onGlobalTables(tools.database, global =>
    logAuthentication(global, request, { operation, outcome, userId: user?.id ?? null }),
  )
  const [member, ...others] = members
  if (user && member && others.length === 0) {
    const scope = personScope({ ...member, userId: user.id }, request, operation)
    await inPractice(tools.database, scope, async trx => writeAudit(trx, { decision: 'denied', outcome }))
  }
  return new Problem(outcome)
}

/** The practice demands a second factor that this person does not have yet: a token that can do nothing but enroll. */
async function setupRequired(
  tools: IdentityTools,
  request: RequestTrace,
  user: UserRow,
  attempt: Attempt,
): Promise<Problem> {
  const outcome = 'mfa-setup-required'
  const setupToken = await onGlobalTables(tools.database, async global => {
    await attempt.release(global)
    await logAuthentication(global, request, { operation, outcome, userId: user.id })
    return newUserToken(global, { user, purpose: 'mfa_setup', minutes: limits.tokens.mfaSetupMinutes })
  })
  return new Problem(outcome, { extra: { setupToken } })
}

interface Proven {
  user: UserRow
  member: Membership
  factor: MatchedFactor | undefined
  /** The password at today's cost, where the stored hash is older. */
  newHash: string | undefined
  attempt: Attempt
  request: RequestTrace
}

function startSession(tools: IdentityTools, proven: Proven): Promise<SignedIn> {
  const { user, member, factor, newHash, attempt, request } = proven
  const scope = personScope({ ...member, userId: user.id }, request, operation)
  return inPractice(tools.database, scope, async trx => {
    const global = globalTablesOf(trx)
    if (factor && !(await useFactor(global, user.id, factor))) throw new Problem('sign-in-failed')
    const secret = newSecret()
    const session = await insertSession(trx, {
      id: uuidv7(),
      user_id: user.id,
      staff_id: member.staffId,
      refresh_hash: hashSecret(secret),
      credentials_version: user.credentials_version,
      withFactor: factor !== undefined,
    })
    if (newHash && user.password_hash) await replaceHash(global, user.id, user.password_hash, newHash)
    await attempt.succeed(global)
    await logAuthentication(global, request, { operation, outcome: 'ok', userId: user.id })
    trx.audit({ resourceType: 'session', resourceId: session.id })
    writeAudit(trx, { decision: 'granted' })
    return toSignedIn(tools, member, session, refreshTokenOf(session, secret))
  })
}
