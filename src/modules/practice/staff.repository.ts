import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { StaffMembers } from '../../lib/database/schema.ts'
import { updateAtVersion } from '../../lib/versions.ts'
import type { Role } from '../charts/access-policy.ts'
import type { StaffQuery } from './staff.schemas.ts'

export type StaffRow = Selectable<StaffMembers>

/** A member of this practice's staff, whatever the status. */
export function findStaff(trx: PracticeTransaction, id: string): Promise<StaffRow | undefined> {
  return trx
    .selectFrom('staff_members')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** One row more than asked for, ordered by id (creation). */
export function listStaff(
  trx: PracticeTransaction,
  page: { limit: number; after: string | undefined } & Pick<StaffQuery, 'status' | 'role'>,
): Promise<StaffRow[]> {
  let query = trx.selectFrom('staff_members').selectAll().where('practice_id', '=', trx.practiceId)
  if (page.status) query = query.where('status', '=', page.status)
  if (page.role) query = query.where(holds(page.role))
  if (page.after) query = query.where('id', '>', page.after)
  return query
    .orderBy('id')
    .limit(page.limit + 1)
    .execute()
}

export function insertStaff(
  trx: PracticeTransaction,
  values: Omit<Insertable<StaffMembers>, 'practice_id'>,
): Promise<StaffRow> {
  return trx
    .insertInto('staff_members')
    .values({ ...values, practice_id: trx.practiceId })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Changes the row if it still has this version. */
export const updateStaff = (
  trx: PracticeTransaction,
  id: string,
  version: number,
  changes: Updateable<StaffMembers>,
) => updateAtVersion(trx, 'staff_members', { id, version }, changes)

/**
 * Every owner, locked until the end of the transaction and always in the same order. Whoever waited here
 * sees the owners as the other left them, so two requests can never take the last two owners away.
 */
export function lockOwners(trx: PracticeTransaction): Promise<StaffRow[]> {
  return trx
    .selectFrom('staff_members')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where(holds('owner'))
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
}

const holds = (role: Role) => sql<boolean>`${role} = any(roles)`
