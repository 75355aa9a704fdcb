import { type Insertable, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { SlotHolds } from '../../../lib/database/schema.ts'
import { mayGive } from '../supply.repository.ts'

export type HoldRow = Selectable<SlotHolds>

export function findHold(trx: PracticeTransaction, id: string): Promise<HoldRow | undefined> {
  return trx
    .selectFrom('slot_holds')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .executeTakeFirst()
}

export function insertHold(
  trx: PracticeTransaction,
  values: Omit<Insertable<SlotHolds>, 'practice_id'>,
): Promise<HoldRow> {
  return trx
    .insertInto('slot_holds')
    .values({ ...values, practice_id: trx.practiceId })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Ends a hold that was neither released nor booked. @returns undefined where it was, perhaps just now */
export function endHold(
  trx: PracticeTransaction,
  id: string,
  status: 'released' | 'booked',
): Promise<HoldRow | undefined> {
  return trx
    .updateTable('slot_holds')
    .set({ status })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .where('status', '=', 'held')
    .returningAll()
    .executeTakeFirst()
}

/** How many holds this actor has now. */
export async function countHolds(trx: PracticeTransaction): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from slot_holds
    where practice_id = ${trx.practiceId} and actor_id = ${trx.scope.actor.id} and status = 'held'
      and expires_at > now()`.execute(trx)
  return rows[0]?.count ?? 0
}

/** Which of these give sessions, and may give those of this service. */
export async function findGivers(
  trx: PracticeTransaction,
  serviceId: string,
  ids: readonly string[],
): Promise<{ id: string }[]> {
  const { rows } = await sql<{ id: string }>`
    select s.id from staff_members s
    left join services v on v.practice_id = s.practice_id and v.id = ${serviceId}
    where s.practice_id = ${trx.practiceId} and s.id = any(${ids}::uuid[])
      and s.status = 'active' and 'clinician' = any(s.roles) and ${mayGive}`.execute(trx)
  return rows
}
