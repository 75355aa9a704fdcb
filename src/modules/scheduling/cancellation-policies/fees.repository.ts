import type { Selectable } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { AppointmentFees } from '../../../lib/database/schema.ts'
import { type SeenAs, sightOf } from '../appointments.access.ts'
import type { FeeQuery } from './policies.schemas.ts'

export type FeeRow = Selectable<AppointmentFees> & { seen_as: SeenAs }

export const sealedWaiver = (rowId: string) => ({
  table: 'appointment_fees',
  column: 'waiver_note_sealed',
  rowId,
  rowVersion: 1,
})

/** Fees of appointments that this caller may see. */
const visibleFees = (trx: PracticeTransaction, few: boolean) => {
  const { seenAs, visible } = sightOf(trx, few)
  const query = trx
    .selectFrom('appointment_fees as f')
    .innerJoin('appointments as a', join =>
      join.onRef('a.practice_id', '=', 'f.practice_id').onRef('a.id', '=', 'f.appointment_id'),
    )
    .selectAll('f')
    .select(seenAs.as('seen_as'))
    .where('f.practice_id', '=', trx.practiceId)
  return visible ? query.where(visible) : query
}

/** One row more than asked for, by time. */
export function listFees(
  trx: PracticeTransaction,
  filter: Pick<FeeQuery, 'appointmentId' | 'chartId' | 'status'>,
  page: { limit: number; after: { occurredAt: string; id: string } | undefined },
): Promise<FeeRow[]> {
  let query = visibleFees(trx, Boolean(filter.appointmentId ?? filter.chartId))
  if (filter.appointmentId) query = query.where('f.appointment_id', '=', filter.appointmentId)
  if (filter.chartId) query = query.where('f.chart_id', '=', filter.chartId)
  if (filter.status) query = query.where('f.status', '=', filter.status)
  if (page.after) {
    const { occurredAt, id } = page.after
    query = query
      .where('f.occurred_at', '>=', new Date(occurredAt))
      .where(e => e.or([e('f.occurred_at', '>', new Date(occurredAt)), e('f.id', '>', id)]))
  }
  return query
    .orderBy('f.occurred_at')
    .orderBy('f.id')
    .limit(page.limit + 1)
    .execute()
}

export function findFee(trx: PracticeTransaction, id: string): Promise<FeeRow | undefined> {
  return visibleFees(trx, true).where('f.id', '=', id).executeTakeFirst()
}
