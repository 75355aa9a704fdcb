import { sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { Role } from '../charts/access-policy.ts'

/** What a booking names, as it stands now. A part that does not exist is null throughout. */
export interface Supply {
  practice_time_zone: string
  service_kind: 'individual' | 'couple' | 'group' | 'intensive' | null
  service_status: 'active' | 'retired' | null
  service_modes: string[] | null
  service_duration: number | null
  buffer_before: number | null
  buffer_after: number | null
  clinician_status: 'invited' | 'active' | 'disabled' | null
  clinician_roles: Role[] | null
  location_status: 'active' | 'closed' | null
  location_time_zone: string | null
  room_status: 'active' | 'closed' | null
  room_capacity: number | null
  /** Whether the clinician holds one of the credentials that the service asks for, if it asks for any. */
  clinician_may_give: boolean
  /** Whether the service is given at the location; telehealth is at none. */
  is_given_there: boolean
}

export interface Named {
  serviceId: string | null
  clinicianId: string
  locationId: string | null
  roomId: string | null
}

/** Whether `staff_members s` may give `services v` today. Somebody in training holds no credential yet. */
export const mayGive = sql<boolean>`(coalesce(cardinality(v.credential_codes), 0) = 0
  or exists (select from staff_credentials c where c.practice_id = s.practice_id and c.staff_id = s.id
    and c.code = any(v.credential_codes) and c.status = 'held'
    and (c.expires_on is null or c.expires_on >= current_date)))`

/** A `Supply` of `practices p`, `services v`, `staff_members s`, `locations l` and `rooms r`. */
export const supplyColumns = sql`p.time_zone as practice_time_zone,
  v.kind as service_kind, v.status as service_status, v.modes as service_modes,
  v.duration_minutes as service_duration, v.buffer_before_minutes as buffer_before,
  v.buffer_after_minutes as buffer_after,
  s.status as clinician_status, s.roles as clinician_roles,
  l.status as location_status, l.time_zone as location_time_zone,
  r.status as room_status, r.capacity as room_capacity,
  ${mayGive} as clinician_may_give,
  l.id is null or coalesce(cardinality(v.location_ids), 0) = 0 or l.id = any(v.location_ids) as is_given_there`

/** Everything a booking leans on, in one round trip. A room counts only in the location that is named with it. */
export async function findSupply(trx: PracticeTransaction, named: Named): Promise<Supply> {
  const { rows } = await sql<Supply>`
    select ${supplyColumns} from practices p
    left join services v on v.practice_id = p.practice_id and v.id = ${named.serviceId}
    left join staff_members s on s.practice_id = p.practice_id and s.id = ${named.clinicianId}
    left join locations l on l.practice_id = p.practice_id and l.id = ${named.locationId}
    left join rooms r on r.practice_id = l.practice_id and r.location_id = l.id and r.id = ${named.roomId}
    where p.practice_id = ${trx.practiceId}`.execute(trx)
  const [supply] = rows
  if (!supply) throw new Error('The practice of this transaction does not exist')
  return supply
}

/** The individual chart of a client, the open one if there are several. */
export async function findIndividualChart(
  trx: PracticeTransaction,
  clientId: string,
): Promise<string | undefined> {
  const row = await trx
    .selectFrom('chart_members as m')
    .innerJoin('charts as c', join =>
      join.onRef('c.practice_id', '=', 'm.practice_id').onRef('c.id', '=', 'm.chart_id'),
    )
    .select('c.id')
    .where('m.practice_id', '=', trx.practiceId)
    .where('m.client_id', '=', clientId)
    .where('m.left_at', 'is', null)
    .where('c.kind', '=', 'individual')
    .orderBy('c.status', 'desc')
    .orderBy('c.id')
    .executeTakeFirst()
  return row?.id
}
