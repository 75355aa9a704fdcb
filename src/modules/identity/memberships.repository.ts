import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { Role } from '../charts/access-policy.ts'

/** What a user is in one practice, as far as signing in needs to know. */
export interface Membership {
  practiceId: string
  practiceName: string
  timeZone: string
  mfaRequired: boolean
  staffId: string
  displayName: string
  email: string
  roles: Role[]
  rolesVersion: number
}

/** @returns undefined unless person and practice are active */
export async function findMembership(
  trx: PracticeTransaction,
  userId: string,
): Promise<Membership | undefined> {
  const row = await trx
    .selectFrom('staff_members as m')
    .innerJoin('practices as p', 'p.practice_id', 'm.practice_id')
    .select([
      'p.name',
      'p.time_zone',
      'p.policies',
      'm.id',
      'm.display_name',
      'm.email',
      'm.roles',
      'm.roles_version',
    ])
    .where('m.practice_id', '=', trx.practiceId)
    .where('m.user_id', '=', userId)
    .where('m.status', '=', 'active')
    .where('p.status', '=', 'active')
    .executeTakeFirst()
  return (
    row && {
      practiceId: trx.practiceId,
      practiceName: row.name,
      timeZone: row.time_zone,
      mfaRequired: requiresMfa(row.policies),
      staffId: row.id,
      displayName: row.display_name,
      email: row.email,
      roles: row.roles as Role[],
      rolesVersion: row.roles_version,
    }
  )
}

const requiresMfa = (policies: unknown) =>
  (policies as { mfaRequired?: boolean } | null)?.mfaRequired === true

export function findPracticeName(trx: PracticeTransaction) {
  return trx
    .selectFrom('practices')
    .select(['name', 'time_zone'])
    .where('practice_id', '=', trx.practiceId)
    .executeTakeFirst()
}
