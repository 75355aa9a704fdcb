import { sql } from 'kysely'
import { type GlobalQueries, onGlobalTables } from '../../lib/database/global-tables.ts'
import type { Database } from '../../lib/database/in-practice.ts'
import { type KeyProvider, openSecret, resealSecret, sealSecret } from '../../lib/sealing/key-provider.ts'
import { hashRecoveryCode, matchTotp, newRecoveryCodes } from '../../lib/totp.ts'
import type { IdentityTools } from './tools.ts'
import type { UserRow } from './users.repository.ts'

/** What somebody shows as a second factor: a code of now, or one of the recovery codes. */
export interface FactorProof {
  totp?: string
  recoveryCode?: string
}

/** A proof that fits. It is used up by `useFactor`, in the transaction it pays for. */
export type MatchedFactor = { kind: 'totp'; counter: number } | { kind: 'recovery'; hash: Buffer }

export const hasProof = (proof: FactorProof) => proof.totp !== undefined || proof.recoveryCode !== undefined

/** @returns undefined for a wrong, old or used code, and for somebody who is not enrolled */
export async function matchFactor(
  tools: Pick<IdentityTools, 'keyring' | 'clock'>,
  global: GlobalQueries,
  user: UserRow,
  proof: FactorProof,
): Promise<MatchedFactor | undefined> {
  if (!user.totp_confirmed_at || !user.totp_secret) return undefined
  if (proof.totp !== undefined) {
    const secret = await openTotpSecret(tools.keyring, user.id, user.totp_secret)
    const now = tools.clock.now()
    const counter = matchTotp(secret, proof.totp, { now, lastCounter: user.totp_last_step })
    return counter === undefined ? undefined : { kind: 'totp', counter }
  }
  return proof.recoveryCode === undefined ? undefined : matchUnused(global, user.id, proof.recoveryCode)
}

async function matchUnused(global: GlobalQueries, userId: string, code: string) {
  const hash = hashRecoveryCode(code)
  const found = await unusedCodes(global, userId).where('code_hash', '=', hash).executeTakeFirst()
  return found && { kind: 'recovery' as const, hash }
}

const unusedCodes = (global: GlobalQueries, userId: string) =>
  global
    .selectFrom('user_recovery_codes')
    .select('code_hash')
    .where('user_id', '=', userId)
    .where('used_at', 'is', null)

/** Uses a proof up. @returns false when another request did so first: each code is good once */
export async function useFactor(
  global: GlobalQueries,
  userId: string,
  matched: MatchedFactor,
): Promise<boolean> {
  const used =
    matched.kind === 'totp'
      ? await global
          .updateTable('users')
          .set({ totp_last_step: matched.counter })
          .where('id', '=', userId)
          .where(eb => eb.or([eb('totp_last_step', 'is', null), eb('totp_last_step', '<', matched.counter)]))
          .returning('id')
          .executeTakeFirst()
      : await global
          .updateTable('user_recovery_codes')
          .set({ used_at: sql<Date>`now()` })
          .where('user_id', '=', userId)
          .where('code_hash', '=', matched.hash)
          .where('used_at', 'is', null)
          .returning('code_hash')
          .executeTakeFirst()
  return used !== undefined
}

/** Makes ten new recovery codes; the ones before are void. @returns them, for the only time */
export async function replaceRecoveryCodes(global: GlobalQueries, userId: string): Promise<string[]> {
  const { codes, hashes } = newRecoveryCodes()
  await global.deleteFrom('user_recovery_codes').where('user_id', '=', userId).execute()
  await global
    .insertInto('user_recovery_codes')
    .values(hashes.map(hash => ({ user_id: userId, code_hash: hash })))
    .execute()
  return codes
}

export async function countRecoveryCodes(global: GlobalQueries, userId: string): Promise<number> {
  return (await unusedCodes(global, userId).execute()).length
}

const contextOf = (userId: string) => ({ purpose: 'totp', userId })

export const sealTotpSecret = (provider: KeyProvider, userId: string, secret: Uint8Array) =>
  sealSecret(provider, secret, contextOf(userId))

export const openTotpSecret = (provider: KeyProvider, userId: string, sealed: Uint8Array) =>
  openSecret(provider, sealed, contextOf(userId))

/** After the key-encryption key rotated: seals every enrolled seed again. @returns how many */
export async function resealTotpSecrets(database: Database, provider: KeyProvider): Promise<number> {
  const rows = await onGlobalTables(database, global =>
    global
      .selectFrom('users')
      .select(['id', 'totp_secret', 'totp_pending'])
      .where(eb => eb.or([eb('totp_secret', 'is not', null), eb('totp_pending', 'is not', null)]))
      .execute(),
  )
  let count = 0
  for (const row of rows) {
    for (const column of ['totp_secret', 'totp_pending'] as const) {
      const before = row[column]
      const fresh = before && (await resealSecret(provider, before, contextOf(row.id)))
      if (!fresh) continue
      // Only over what was read: somebody may enroll anew meanwhile.
      await onGlobalTables(database, global =>
        global
          .updateTable('users')
          .set({ [column]: fresh })
          .where('id', '=', row.id)
          .where(column, '=', before)
          .execute(),
      )
      count += 1
    }
  }
  return count
}
