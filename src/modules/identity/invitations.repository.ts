import { sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { limits } from '../../lib/limits.ts'

export function findInvited(trx: PracticeTransaction, staffId: string) {
  return trx
    .selectFrom('staff_members as m')
    .innerJoin('practices as p', 'p.practice_id', 'm.practice_id')
    .select(['m.id', 'm.email', 'm.status', 'p.name as practice_name'])
    .where('m.practice_id', '=', trx.practiceId)
    .where('m.id', '=', staffId)
    .executeTakeFirst()
}

export async function revokeOpenInvitation(trx: PracticeTransaction, staffId: string): Promise<void> {
  await trx
    .updateTable('invitations')
    .set({ revoked_at: sql<Date>`now()` })
    .where('practice_id', '=', trx.practiceId)
    .where('staff_id', '=', staffId)
    .where('accepted_at', 'is', null)
    .where('revoked_at', 'is', null)
    .execute()
}

export function insertInvitation(
  trx: PracticeTransaction,
  values: { staffId: string; secretHash: Buffer },
): Promise<{ id: string; expires_at: Date }> {
  return trx
    .insertInto('invitations')
    .values({
      practice_id: trx.practiceId,
      staff_id: values.staffId,
      secret_hash: values.secretHash,
      expires_at: sql<Date>`now() + make_interval(days => ${limits.tokens.invitationDays})`,
      created_by: trx.scope.actor.id,
    })
    .returning(['id', 'expires_at'])
    .executeTakeFirstOrThrow()
}

/** The invitation that can be accepted now, and whom it is for. */
export function findOpenInvitation(trx: PracticeTransaction, id: string) {
  return trx
    .selectFrom('invitations as i')
    .innerJoin('staff_members as m', join =>
      join.onRef('m.practice_id', '=', 'i.practice_id').onRef('m.id', '=', 'i.staff_id'),
    )
    .innerJoin('practices as p', 'p.practice_id', 'i.practice_id')
    .select([
      'i.id',
      'i.secret_hash',
      'm.id as staff_id',
      'm.email',
      'm.given_name',
      'm.family_name',
      'p.name as practice_name',
    ])
    .where('i.practice_id', '=', trx.practiceId)
    .where('i.id', '=', id)
    .where('i.accepted_at', 'is', null)
    .where('i.revoked_at', 'is', null)
    .where('i.expires_at', '>', sql<Date>`now()`)
    .where('m.status', '=', 'invited')
    .executeTakeFirst()
}

/** @returns false when another request accepted, or somebody revoked it meanwhile */
export async function markAccepted(trx: PracticeTransaction, id: string): Promise<boolean> {
  const row = await trx
    .updateTable('invitations')
    .set({ accepted_at: sql<Date>`now()` })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .where('accepted_at', 'is', null)
    .where('revoked_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** @returns false when the person was disabled meanwhile */
export async function activateStaff(
  trx: PracticeTransaction,
  staffId: string,
  userId: string,
): Promise<boolean> {
  const row = await trx
    .updateTable('staff_members')
    .set(({ eb }) => ({
      user_id: userId,
      status: 'active',
      version: eb('version', '+', 1),
      updated_at: sql<Date>`now()`,
    }))
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', staffId)
    .where('status', '=', 'invited')
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}
