import { sql } from 'kysely'
import type { GlobalQueries } from '../../lib/database/global-tables.ts'
import { decodeToken, encodeToken, hashSecret, newSecret } from '../../lib/opaque-tokens.ts'

/** Single-use credentials of a person who is not signed in, by what they are for. */
const kinds = { password_reset: 'cairn_pr', mfa_setup: 'cairn_ms' } as const
export type TokenPurpose = keyof typeof kinds

/** Makes a token; those of the same purpose before it are void. @returns it, for the only time */
export async function newUserToken(
  global: GlobalQueries,
  { userId, purpose, minutes }: { userId: string; purpose: TokenPurpose; minutes: number },
): Promise<string> {
  await dropTokens(global, userId, purpose)
  const secret = newSecret()
  const { id } = await global
    .insertInto('user_tokens')
    .values({
      user_id: userId,
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
    .executeTakeFirst()
  return row?.user_id
}

/** Uses a token up. @returns false when another request did so first */
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
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Those of one purpose, or all that a person has. */
export async function dropTokens(
  global: GlobalQueries,
  userId: string,
  purpose?: TokenPurpose,
): Promise<void> {
  const ofPerson = global.deleteFrom('user_tokens').where('user_id', '=', userId)
  await (purpose ? ofPerson.where('purpose', '=', purpose) : ofPerson).execute()
}
