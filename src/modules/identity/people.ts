import { type GlobalQueries, globalTablesOf } from '../../lib/database/global-tables.ts'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { notFound, Problem } from '../../lib/problems.ts'
import { accessTokenOf } from './issue-tokens.ts'
import { findMembership, type Membership } from './memberships.repository.ts'
import { changeSession } from './sessions.repository.ts'
import type { IdentityTools } from './tools.ts'
import { findUser, type UserRow } from './users.repository.ts'

/** A signed-in person, in the transaction of the request. */
export interface Person {
  user: UserRow
  member: Membership
  sessionId: string
  global: GlobalQueries
}

/** @throws Problem `not-permitted` for an API client: it has no account, session or second factor */
export async function requirePerson(trx: PracticeTransaction): Promise<Person> {
  const { actor, sessionId } = trx.scope
  if (actor.kind !== 'user' || !sessionId) throw new Problem('not-permitted')
  const global = globalTablesOf(trx)
  const user = await findUser(global, actor.id)
  const member = await findMembership(trx, actor.id)
  if (!user || !member) throw notFound()
  return { user, member, sessionId, global }
}

/** New credentials end every session of a person, in every practice, but the one they were changed in. */
export async function keepSession(
  trx: PracticeTransaction,
  { user, sessionId, global }: Person,
): Promise<void> {
  const { credentials_version } = await global
    .updateTable('users')
    .set(({ eb }) => ({ credentials_version: eb('credentials_version', '+', 1) }))
    .where('id', '=', user.id)
    .returning('credentials_version')
    .executeTakeFirstOrThrow()
  await changeSession(trx, sessionId, { credentialsVersion: credentials_version })
}

/** An access token that says a second factor was proven now. */
export function provenToken(tools: IdentityTools, { user, member, sessionId }: Person): string {
  return accessTokenOf(tools, member, { userId: user.id, sessionId, mfaAt: tools.clock.now() })
}
