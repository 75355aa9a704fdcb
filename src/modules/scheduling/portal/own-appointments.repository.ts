import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { AppointmentColumns } from '../appointments.repository.ts'
import { window } from '../appointments.rules.ts'
import { isOwnChart } from './own-charts.ts'

/** An appointment as its client sees it. */
export interface OwnAppointmentRow
  extends Pick<
    AppointmentColumns,
    | 'id'
    | 'chart_id'
    | 'status'
    | 'mode'
    | 'time_zone'
    | 'starts_at'
    | 'ends_at'
    | 'telehealth_link_sealed'
    | 'version'
  > {
  location_name: string | null
  address: string | null
  /** The client's own newest check-in for this start, whoever recorded it. */
  checked_in_at: Date | null
}

const own = (trx: PracticeTransaction) => {
  const checkedIn = (table: 'telehealth_check_ins' | 'client_check_ins') => sql`
    select max(i.checked_in_at) as at from ${sql.table(table)} i
    where i.practice_id = a.practice_id and i.appointment_id = a.id and i.client_id = ${trx.scope.actor.id}
      and i.checked_in_at >= a.starts_at - make_interval(hours => ${window.arrivalHours}::int)`
  return trx
    .selectFrom('appointments as a')
    .leftJoin('locations as l', join =>
      join.onRef('l.practice_id', '=', 'a.practice_id').onRef('l.id', '=', 'a.location_id'),
    )
    .select([
      'a.id',
      'a.chart_id',
      'a.status',
      'a.mode',
      'a.time_zone',
      'a.starts_at',
      'a.ends_at',
      'a.telehealth_link_sealed',
      'a.version',
      'l.name as location_name',
      sql<string | null>`nullif(concat_ws(', ', l.address->>'line1', l.address->>'line2', l.address->>'city',
        nullif(concat_ws(' ', l.address->>'state', l.address->>'postalCode'), '')), '')`.as('address'),
      sql<Date | null>`(select max(at) from (${checkedIn('telehealth_check_ins')} union all
        ${checkedIn('client_check_ins')}) made)`.as('checked_in_at'),
    ])
    .where('a.practice_id', '=', trx.practiceId)
    .where(isOwnChart(trx, 'a.chart_id'))
}

export function findOwn(trx: PracticeTransaction, id: string): Promise<OwnAppointmentRow | undefined> {
  return own(trx).where('a.id', '=', id).executeTakeFirst()
}

/** One row more than asked for, by start: what ends after `from`. */
export function listOwn(
  trx: PracticeTransaction,
  from: Date,
  { limit, after }: { limit: number; after: { startsAt: string; id: string } | undefined },
): Promise<OwnAppointmentRow[]> {
  // Nothing is longer than a day: the index finds them by their start.
  let query = own(trx)
    .where('a.starts_at', '>', sql<Date>`${from}::timestamptz - interval '24 hours'`)
    .where('a.ends_at', '>', from)
  if (after) {
    const startsAt = new Date(after.startsAt)
    query = query
      .where('a.starts_at', '>=', startsAt)
      .where(e => e.or([e('a.starts_at', '>', startsAt), e('a.id', '>', after.id)]))
  }
  return query
    .orderBy('a.starts_at')
    .orderBy('a.id')
    .limit(limit + 1)
    .execute()
}
