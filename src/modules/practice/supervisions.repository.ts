import { type Insertable, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { StaffSupervisions } from '../../lib/database/schema.ts'
import type { StaffRow } from './staff.repository.ts'

export type SupervisionRow = Selectable<StaffSupervisions>

interface PageOf {
  limit: number
  after: string | undefined
}

/**
 * Ids of those whom a person supervises now, as a query to use inside another one:
 * `where('staff_id', 'in', superviseeIds(trx, id))`.
 */
export function superviseeIds(trx: PracticeTransaction, supervisorStaffId: string) {
  return trx
    .selectFrom('staff_members')
    .select('id')
    .where('practice_id', '=', trx.practiceId)
    .where('supervisor_id', '=', supervisorStaffId)
}

export function listSupervisees(
  trx: PracticeTransaction,
  supervisorId: string,
  { limit, after }: PageOf,
): Promise<StaffRow[]> {
  let query = trx
    .selectFrom('staff_members')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('supervisor_id', '=', supervisorId)
  if (after) query = query.where('id', '>', after)
  return query
    .orderBy('id')
    .limit(limit + 1)
    .execute()
}

export function listSupervisions(
  trx: PracticeTransaction,
  staffId: string,
  { limit, after }: PageOf,
): Promise<SupervisionRow[]> {
  let query = trx
    .selectFrom('staff_supervisions')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('staff_id', '=', staffId)
  if (after) query = query.where('id', '>', after)
  return query
    .orderBy('id')
    .limit(limit + 1)
    .execute()
}

/**
 * Makes changes of supervision wait for each other: a circle is closed by several rows together, which no
 * constraint sees. It is a rare act, so one lock for the practice is enough.
 */
export async function lockSupervisions(trx: PracticeTransaction): Promise<void> {
  await trx
    .selectFrom('practices')
    .select('practice_id')
    .where('practice_id', '=', trx.practiceId)
    .forNoKeyUpdate()
    .execute()
}

/** A would-be supervisor, who can be neither disabled nor lose roles until this transaction ends. */
export function lockSupervisor(trx: PracticeTransaction, id: string): Promise<StaffRow | undefined> {
  return trx
    .selectFrom('staff_members')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .forShare()
    .executeTakeFirst()
}

/** Whether the chain of supervisors above `fromId`, itself included, reaches `toId`. */
export async function chainReaches(trx: PracticeTransaction, fromId: string, toId: string): Promise<boolean> {
  // UNION drops a row it has seen, so the walk ends even if a circle were there already.
  const found = await trx
    .withRecursive('chain', chain =>
      chain
        .selectFrom('staff_members')
        .select(['id', 'supervisor_id'])
        .where('practice_id', '=', trx.practiceId)
        .where('id', '=', fromId)
        .union(
          chain
            .selectFrom('staff_members')
            .innerJoin('chain', 'chain.supervisor_id', 'staff_members.id')
            .select(['staff_members.id', 'staff_members.supervisor_id'])
            .where('staff_members.practice_id', '=', trx.practiceId),
        ),
    )
    .selectFrom('chain')
    .select('id')
    .where('id', '=', toId)
    .executeTakeFirst()
  return found !== undefined
}

export function insertSupervision(
  trx: PracticeTransaction,
  values: Omit<Insertable<StaffSupervisions>, 'practice_id'>,
): void {
  trx.later(trx.insertInto('staff_supervisions').values({ ...values, practice_id: trx.practiceId }))
}

/** Ends the present supervision of one person, or by one person. */
export function endPresent(
  trx: PracticeTransaction,
  whose: 'staff_id' | 'supervisor_id',
  id: string,
  endsOn: string,
): void {
  trx.later(
    trx
      .updateTable('staff_supervisions')
      .set({ ends_on: endsOn })
      .where('practice_id', '=', trx.practiceId)
      .where(whose, '=', id)
      .where('ends_on', 'is', null),
  )
}

/** Takes the supervisor from everybody who has this one. Answers whom, with their new versions. */
export function releaseSupervisees(
  trx: PracticeTransaction,
  supervisorId: string,
): Promise<Pick<StaffRow, 'id' | 'version'>[]> {
  return trx
    .updateTable('staff_members')
    .set(eb => ({
      supervisor_id: null,
      supervision_for_training: false,
      version: eb('version', '+', 1),
      updated_at: sql<Date>`now()`,
    }))
    .where('practice_id', '=', trx.practiceId)
    .where('supervisor_id', '=', supervisorId)
    .returning(['id', 'version'])
    .execute()
}
