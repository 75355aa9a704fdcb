import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type {
  CoupleIdentifiedPatients,
  CoupleMemberPeriods,
  CoupleStatusChanges,
  Couples,
} from '../../lib/database/schema.ts'
import { updateAtVersion } from '../../lib/versions.ts'
import { isChartWithin, isClientWithin } from '../charts/index.ts'
import type { CoupleQuery } from './couples.schemas.ts'

export type CoupleRow = Selectable<Couples>
export type PeriodRow = Selectable<CoupleMemberPeriods>
export type StatusChangeRow = Selectable<CoupleStatusChanges>
export type IdentifiedPatientRow = Selectable<CoupleIdentifiedPatients>

/** Those who are clients of the two. */
export const clientIdsOf = (row: Pick<CoupleRow, 'first_client_id' | 'second_client_id'>): string[] =>
  [row.first_client_id, row.second_client_id].filter(id => id !== null)

const couples = (trx: PracticeTransaction) =>
  trx.selectFrom('couples as c').selectAll('c').where('c.practice_id', '=', trx.practiceId)

/** Without asking who may see it: `openCouple` does. */
export function findCouple(trx: PracticeTransaction, id: string): Promise<CoupleRow | undefined> {
  return couples(trx).where('c.id', '=', id).executeTakeFirst()
}

/** Current couples of this related person: one that still waits for them, and those whose partner they became. */
export function findCurrentOf(trx: PracticeTransaction, relatedPersonId: string): Promise<CoupleRow[]> {
  return couples(trx)
    .where('c.status', '<>', 'ended')
    .where('c.related_person_id', '=', relatedPersonId)
    .execute()
}

/** The current couple of these two, or the one that waits for this related person. */
export function findCurrent(
  trx: PracticeTransaction,
  { clientIds, relatedPersonId }: { clientIds: readonly string[]; relatedPersonId: string | null },
): Promise<CoupleRow | undefined> {
  const current = couples(trx).where('c.status', '<>', 'ended')
  if (relatedPersonId) {
    return current
      .where('c.related_person_id', '=', relatedPersonId)
      .where('c.second_client_id', 'is', null)
      .executeTakeFirst()
  }
  return current
    .where('c.first_client_id', '=', sql<string>`any(${clientIds}::uuid[])`)
    .where('c.second_client_id', '=', sql<string>`any(${clientIds}::uuid[])`)
    .executeTakeFirst()
}

/**
 * One row more than asked for, ordered by id (creation): only couples the actor may see, by the joint
 * chart or, before there is one, by the first client's record.
 */
export function listCouples(
  trx: PracticeTransaction,
  {
    limit,
    status,
    clientId,
    updatedSince,
    after,
  }: CoupleQuery & { limit: number; after: string | undefined },
): Promise<CoupleRow[]> {
  let query = couples(trx).where(eb =>
    eb.or([
      isChartWithin(trx, 'c.chart_id', { dataClass: 'administrative', permission: 'couples:read' }),
      eb.and([
        eb('c.chart_id', 'is', null),
        isClientWithin(trx, 'c.first_client_id', { permission: 'couples:read' }),
      ]),
    ]),
  )
  if (status) query = query.where('c.status', '=', status)
  if (updatedSince) query = query.where('c.updated_at', '>=', new Date(updatedSince))
  if (clientId) {
    query = query.where(eb =>
      eb.or([eb('c.first_client_id', '=', clientId), eb('c.second_client_id', '=', clientId)]),
    )
  }
  if (after) query = query.where('c.id', '>', after)
  return query
    .orderBy('c.id')
    .limit(limit + 1)
    .execute()
}

/** Undefined when the two are a current couple already. */
export function insertCouple(
  trx: PracticeTransaction,
  values: Omit<Insertable<Couples>, 'practice_id'>,
): Promise<CoupleRow | undefined> {
  return trx
    .insertInto('couples')
    .values({ ...values, practice_id: trx.practiceId })
    .onConflict(conflict => conflict.doNothing())
    .returningAll()
    .executeTakeFirst()
}

/** Changes the row if it still has this version. */
export const updateCouple = (
  trx: PracticeTransaction,
  id: string,
  version: number,
  changes: Updateable<Couples>,
) => updateAtVersion(trx, 'couples', { id, version }, changes)

/** Holds the couple until the end of the transaction, so that changes of its policies and agreements queue up. */
export async function lockCouple(trx: PracticeTransaction, id: string): Promise<void> {
  await trx
    .selectFrom('couples')
    .select('id')
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .forNoKeyUpdate()
    .execute()
}

export function startPeriods(trx: PracticeTransaction, coupleId: string, clientIds: readonly string[]): void {
  for (const clientId of clientIds) {
    trx.later(
      trx
        .insertInto('couple_member_periods')
        .values({ practice_id: trx.practiceId, couple_id: coupleId, client_id: clientId }),
    )
  }
}

export function endPeriods(trx: PracticeTransaction, coupleId: string, clientIds: readonly string[]): void {
  if (clientIds.length === 0) return
  trx.later(
    trx
      .updateTable('couple_member_periods')
      .set({ left_at: sql<Date>`now()` })
      .where('practice_id', '=', trx.practiceId)
      .where('couple_id', '=', coupleId)
      .where('client_id', '=', sql<string>`any(${clientIds}::uuid[])`)
      .where('left_at', 'is', null),
  )
}

/** Oldest first. */
export function listPeriods(trx: PracticeTransaction, coupleId: string): Promise<PeriodRow[]> {
  return trx
    .selectFrom('couple_member_periods')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('couple_id', '=', coupleId)
    .orderBy('joined_at')
    .orderBy('id')
    .execute()
}

/** The partners who are in the joint care now. */
export async function presentClientIds(trx: PracticeTransaction, coupleId: string): Promise<string[]> {
  const periods = await listPeriods(trx, coupleId)
  return periods.filter(period => period.left_at === null).map(period => period.client_id)
}

export function insertStatusChange(
  trx: PracticeTransaction,
  values: Omit<Insertable<CoupleStatusChanges>, 'practice_id'>,
): void {
  trx.later(trx.insertInto('couple_status_changes').values({ ...values, practice_id: trx.practiceId }))
}

/** Oldest first. */
export function listStatusChanges(trx: PracticeTransaction, coupleId: string): Promise<StatusChangeRow[]> {
  return trx
    .selectFrom('couple_status_changes')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('couple_id', '=', coupleId)
    .orderBy('recorded_at')
    .orderBy('id')
    .execute()
}

export function insertIdentifiedPatient(
  trx: PracticeTransaction,
  values: Omit<Insertable<CoupleIdentifiedPatients>, 'practice_id'>,
): Promise<unknown> {
  return trx
    .insertInto('couple_identified_patients')
    .values({ ...values, practice_id: trx.practiceId })
    .execute()
}

/** Of these couples, by the day they hold from; of two for one day the later recorded comes last and holds. */
export function listIdentifiedPatients(
  trx: PracticeTransaction,
  coupleIds: readonly string[],
): Promise<IdentifiedPatientRow[]> {
  return trx
    .selectFrom('couple_identified_patients')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('couple_id', '=', sql<string>`any(${coupleIds}::uuid[])`)
    .orderBy('effective_from')
    .orderBy('recorded_at')
    .orderBy('id')
    .execute()
}
