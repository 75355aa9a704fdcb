import { v7 as uuidv7 } from 'uuid'
import { writeAudit } from '../../lib/audit.ts'
import { inPractice } from '../../lib/database/in-practice.ts'
import type { House } from '../../lib/house.ts'
import { hashSecret, sameSecret } from '../../lib/opaque-tokens.ts'
import { notFound, Problem } from '../../lib/problems.ts'
import type { Scope } from '../../lib/scope.ts'
import { permissionsOf } from '../charts/access-policy.ts'
import { createOwner, prepareAccount } from '../identity/index.ts'
import type { NewPractice, Practice } from './practice.schemas.ts'
import { createPractice } from './practice.service.ts'

interface Request {
  requestId: string
  remoteAddress: string
  authorization: string | undefined
}

/**
 * Creates a practice together with its owner, for whoever sends the setup token. An owner who has an account
 * already gives its password.
 *
 * @throws Problem `not-found` where no setup token is configured, `authentication-required` for a wrong one,
 *   `sign-in-failed` for a wrong password of an existing account, `invalid-request` for a bad new password
 */
export async function signUp(house: House, input: NewPractice, request: Request): Promise<Practice> {
  requireSetupToken(house.config.SETUP_TOKEN, request.authorization)
  const { owner, ...practice } = input
  const names = [owner.givenName, owner.familyName]
  const account = await prepareAccount(
    house,
    { email: owner.email, password: owner.password, names, operation: 'createPractice' },
    request,
  )
  return inPractice(house.database, ownerScope(account.userId, request), async trx => {
    const created = await createPractice(trx, practice)
    await createOwner(trx, account, owner)
    writeAudit(trx, { decision: 'granted' })
    return created
  })
}

function requireSetupToken(expected: string, authorization: string | undefined): void {
  if (expected === '') throw notFound()
  const shown = /^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? ''
  const [a, b] = [expected, shown].map(text => hashSecret(Buffer.from(text)))
  if (!a || !b || !sameSecret(a, b)) throw new Problem('authentication-required')
}

function ownerScope(userId: string, request: Request): Scope {
  return {
    practiceId: uuidv7(),
    actor: {
      kind: 'user',
      id: userId,
      staffId: null,
      representativeId: null,
      roles: ['owner'],
      permissions: permissionsOf(['owner']),
    },
    sessionId: null,
    mfaAt: null,
    requestId: request.requestId,
    operation: 'createPractice',
    purpose: 'operations',
    remoteAddress: request.remoteAddress,
    guard: null,
  }
}
