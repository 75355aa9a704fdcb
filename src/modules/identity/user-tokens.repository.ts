import { sql } from 'kysely'
import type { GlobalQueries } from '../../lib/database/global-tables.ts'
import { decodeToken, encodeToken, hashSecret, newSecret } from '../../lib/opaque-tokens.ts'
import type { UserRow } from './users.repository.ts'

/** Single-use credentials of a person who is not signed in, by what they are for. */
const kinds = { password_reset: 'cairn_pr', mfa_setup: 'cairn_ms' } as const
export type TokenPurpose = keyof typeof kinds

/**
 * Makes a token; those of the same purpose before it are void. It is good for as long as the person keeps the password
 * that `user` was read with.
 *
 * @returns it, for the only time
 */
export async function newUserToken(
  global: GlobalQueries,
  { user, purpose, minutes }: { user: UserRow; purpose: TokenPurpose; minutes: number },
): Promise<string> {
  await dropTokens(global, user.id, purpose)
  const secret = newSecret()
  const { id } = await global
    .insertInto('user_tokens')
    .values({
      user_id: user.id,
      credentials_version: user.credentials_version,
      purpose,
      secret_hash: hashSecret(secret),
      expires_at: sql<Date>`now() + make_interval(mins => ${minutes})`,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return encodeToken(kinds[purpose], [id], secret)
}

/** Whose token this is, while it is good. Looking does not use it up. */
export async function ownerOfToken(
  global: GlobalQueries,
  purpose: TokenPurpose,
  token: string,
): Promise<string | undefined> {
  const decoded = decodeToken(kinds[purpose], 1, token)
  if (!decoded) return undefined
  const row = await global
    .selectFrom('user_tokens')
    .select('user_id')
    .where('id', '=', decoded.ids[0] ?? '')
    // The hash of 256 random bits: comparing it in an index tells nobody anything.
    .where('secret_hash', '=', decoded.secretHash)
    .where('purpose', '=', purpose)
    .where('used_at', 'is', null)
    .where('expires_at', '>', sql<Date>`now()`)
    .where(isOfPresentPassword)
    .executeTakeFirst()
  return row?.user_id
}

/** Uses a token up. @returns false when another request did so first, or a new password voided it */
export async function useToken(
  global: GlobalQueries,
  purpose: TokenPurpose,
  token: string,
): Promise<boolean> {
  const decoded = decodeToken(kinds[purpose], 1, token)
  const row = await global
    .updateTable('user_tokens')
    .set({ used_at: sql<Date>`now()` })
    .where('id', '=', decoded?.ids[0] ?? '')
    .where('used_at', 'is', null)
    .where(isOfPresentPassword)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Setting a password deletes tokens, but not the one that is being given at that very moment for the former one. */
const isOfPresentPassword = sql<boolean>`coalesce(user_tokens.credentials_version = (
  select users.credentials_version from users where users.id = user_tokens.user_id), true)`

/** Those of one purpose, or all that a person has. */
export async function dropTokens(
  global: GlobalQueries,
  userId: string,
  purpose?: TokenPurpose,
): Promise<void> {
  const ofPerson = global.deleteFrom('user_tokens').where('user_id', '=', userId)
  await (purpose ? ofPerson.where('purpose', '=', purpose) : ofPerson).execute()
}
