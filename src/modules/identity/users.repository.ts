import { type Selectable, sql } from 'kysely'
import type { GlobalQueries } from '../../lib/database/global-tables.ts'
import type { Users } from '../../lib/database/schema.ts'
import { dropTokens } from './user-tokens.repository.ts'

export type UserRow = Selectable<Users>

export function findUserByEmail(global: GlobalQueries, normalized: string): Promise<UserRow | undefined> {
  return global.selectFrom('users').selectAll().where('email_normalized', '=', normalized).executeTakeFirst()
}

export function findUser(global: GlobalQueries, id: string): Promise<UserRow | undefined> {
  return global.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Two at once with one address: the constraint lets one through. */
export async function insertUser(
  global: GlobalQueries,
  user: { id: string; email: string; normalized: string; passwordHash: string },
): Promise<void> {
  await global
    .insertInto('users')
    .values({
      id: user.id,
      email: user.email,
      email_normalized: user.normalized,
      password_hash: user.passwordHash,
      password_changed_at: sql<Date>`now()`,
    })
    .execute()
}

/**
 * Sets a new password. Sessions of the version before are over, in every practice, and what was given to whoever knew
 * the former one works no more. The tokens first, as whoever completes a reset has its token first.
 */
export async function setPassword(global: GlobalQueries, id: string, hash: string): Promise<number> {
  const [, { credentials_version }] = await Promise.all([
    dropTokens(global, id),
    global
      .updateTable('users')
      .set(({ eb }) => ({
        password_hash: hash,
        password_changed_at: sql<Date>`now()`,
        credentials_version: eb('credentials_version', '+', 1),
      }))
      .where('id', '=', id)
      .returning('credentials_version')
      .executeTakeFirstOrThrow(),
  ])
  return credentials_version
}

/** The same password at today's cost: nothing ends. */
export async function replaceHash(
  global: GlobalQueries,
  id: string,
  before: string,
  hash: string,
): Promise<void> {
  await global
    .updateTable('users')
    .set({ password_hash: hash })
    .where('id', '=', id)
    .where('password_hash', '=', before)
    .execute()
}

/** The practices where a user may sign in; ids only. */
export function listDirectory(global: GlobalQueries, userId: string) {
  return global
    .selectFrom('sign_in_directory')
    .select(['practice_id', 'staff_id'])
    .where('user_id', '=', userId)
    .orderBy('practice_id')
    .execute()
}

/** A user may sign in to this practice from now on. */
export async function addToDirectory(
  global: GlobalQueries,
  entry: { userId: string; practiceId: string; staffId: string },
): Promise<void> {
  await global
    .insertInto('sign_in_directory')
    .values({ user_id: entry.userId, practice_id: entry.practiceId, staff_id: entry.staffId })
    .execute()
}
