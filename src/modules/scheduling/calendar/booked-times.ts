import { type RawBuilder, sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { statusOf } from '../appointments.rules.ts'

export type BookedKind = 'appointment' | 'intensive_block' | 'group_session'

/** Something that takes the time of people, or did until it was canceled. */
export interface BookedTime {
  kind: BookedKind
  id: string
  chartId: string
  /** Of a couple's joint chart, also when one of the two has left. */
  isOfCouple: boolean
  /** The intensive of a block, the group of a session; null of an appointment. */
  wholeId: string | null
  /** The word that the thing itself has for how it stands. */
  status: string
  isCanceled: boolean
  startsAt: Date
  endsAt: Date
  /** Of the location; of the practice for telehealth. */
  timeZone: string
  mode: 'in_person' | 'telehealth'
  locationId: string | null
  roomId: string | null
  clinicianIds: string[]
  /** Who comes, without those who left. */
  clientIds: string[]
  /** Grows with every change of it. */
  version: number
  /** When it was first written down: of a block, when it was planned. */
  madeAt: Date
  changedAt: Date
}

/** What touches `[from, to)`. */
export interface BookedWithin {
  from: Date
  to: Date
  /** Only what this clinician gives. */
  clinicianId?: string
  /** Only what this client comes to, alone, as a couple or in a group. */
  clientId?: string
  /** What was canceled too; left out otherwise. */
  canceled?: boolean
  /** Only these of them; `bookedTimes` alone asks for it. */
  ids?: readonly string[]
}

/**
 * Everything that takes time, by start: appointments, blocks of intensives and sessions of groups, in one statement.
 * It asks nobody's right: for the practice's own work, like feeds and reminders, which say themselves what they tell.
 */
export async function bookedTimes(trx: PracticeTransaction, within: BookedWithin): Promise<BookedTime[]> {
  const { rows } = await sql<BookedTime>`
    select kind, id, chart_id as "chartId",
      exists (select from charts c where c.practice_id = b.practice_id and c.id = b.chart_id and c.kind = 'couple')
        as "isOfCouple", whole_id as "wholeId", status, is_canceled as "isCanceled",
      starts_at as "startsAt", ends_at as "endsAt", time_zone as "timeZone", mode, location_id as "locationId",
      room_id as "roomId", clinician_ids as "clinicianIds", client_ids as "clientIds", version,
      made_at as "madeAt", changed_at as "changedAt"
    from ${allBooked(trx, within)} b
    ${within.ids ? sql`where b.id = any(${within.ids}::uuid[])` : sql``}
    order by starts_at, id`.execute(trx)
  return rows.map(row => (row.kind === 'appointment' ? { ...row, status: statusOf(row.status) } : row))
}

/** The same as a table, for use inside another statement. */
export const allBooked = (trx: PracticeTransaction, within: BookedWithin): RawBuilder<unknown> =>
  sql`(${appointments(trx, within)} union all ${blocks(trx, within)} union all ${meetings(trx, within)})`

/** Blocks of intensives and sessions of groups alone. */
export const bookedBeside = (trx: PracticeTransaction, within: BookedWithin): RawBuilder<unknown> =>
  sql`(${blocks(trx, within)} union all ${meetings(trx, within)})`

/** What touches the time, as an index finds it: nothing is longer than a day. */
const touching = (table: 'a' | 'b' | 'm', { from, to }: BookedWithin) => {
  const [starts, ends] = [sql.ref(`${table}.starts_at`), sql.ref(`${table}.ends_at`)]
  return sql`${starts} < ${to} and ${starts} > ${from}::timestamptz - interval '24 hours' and ${ends} > ${from}`
}

function appointments(trx: PracticeTransaction, within: BookedWithin): RawBuilder<unknown> {
  const { clinicianId, clientId, canceled = false } = within
  const ofClinician = clinicianId ? sql`and a.clinician_id = ${clinicianId}` : sql``
  const ofClient = clientId
    ? sql`and a.chart_id in (select m.chart_id from chart_members m
        where m.practice_id = ${trx.practiceId} and m.client_id = ${clientId} and m.left_at is null)`
    : sql``
  const isCanceled = sql`a.status in ('canceled', 'late_canceled')`
  return sql`
    select 'appointment' as kind, a.practice_id, a.id, a.chart_id, null::uuid as whole_id, a.service_id, a.status,
      ${isCanceled} as is_canceled, a.starts_at, a.ends_at, a.time_zone, a.mode, a.location_id, a.room_id,
      array[a.clinician_id] as clinician_ids,
      array(select m.client_id from chart_members m where m.practice_id = a.practice_id and m.chart_id = a.chart_id
        and m.left_at is null order by m.id) as client_ids,
      a.version, a.created_at as made_at, a.updated_at as changed_at
    from appointments a
    where a.practice_id = ${trx.practiceId} and ${touching('a', within)}
      ${canceled ? sql`` : sql`and not ${isCanceled}`} ${ofClinician} ${ofClient}`
}

/** A block that is only planned takes no time. */
function blocks(trx: PracticeTransaction, within: BookedWithin): RawBuilder<unknown> {
  const { clinicianId, clientId, canceled = false } = within
  return sql`
    select 'intensive_block' as kind, b.practice_id, b.id, i.chart_id, i.id as whole_id, i.service_id, b.status,
      b.status in ('canceled', 'not_delivered') as is_canceled, b.starts_at, b.ends_at, i.time_zone, 'in_person' as mode, i.location_id,
      b.room_id, b.clinician_ids, b.client_ids, b.version, b.created_at as made_at,
      b.updated_at as changed_at
    from intensive_blocks b
    join intensives i on i.practice_id = b.practice_id and i.id = b.intensive_id
    where b.practice_id = ${trx.practiceId} and ${touching('b', within)}
      and b.status <> 'planned' ${canceled ? sql`` : sql`and b.status not in ('canceled', 'not_delivered')`}
      ${clinicianId ? sql`and ${clinicianId} = any(b.clinician_ids)` : sql``}
      ${clientId ? sql`and ${clientId} = any(b.client_ids)` : sql``}`
}

function meetings(trx: PracticeTransaction, within: BookedWithin): RawBuilder<unknown> {
  const { clinicianId, clientId, canceled = false } = within
  const ofClient = clientId
    ? sql`and exists (select from therapy_group_members t where t.practice_id = m.practice_id
        and t.group_id = m.group_id and t.client_id = ${clientId} and t.left_at is null)`
    : sql``
  return sql`
    select 'group_session' as kind, m.practice_id, m.id, g.chart_id, g.id as whole_id, g.service_id, m.status,
      m.status = 'canceled' as is_canceled, m.starts_at, m.ends_at, m.time_zone, m.mode, m.location_id, m.room_id,
      m.facilitator_ids as clinician_ids,
      array(select t.client_id from therapy_group_members t where t.practice_id = m.practice_id
        and t.group_id = m.group_id and t.left_at is null order by t.id) as client_ids,
      m.version, m.created_at as made_at, m.updated_at as changed_at
    from group_meetings m
    join therapy_groups g on g.practice_id = m.practice_id and g.id = m.group_id
    where m.practice_id = ${trx.practiceId} and ${touching('m', within)}
      ${canceled ? sql`` : sql`and m.status <> 'canceled'`}
      ${clinicianId ? sql`and ${clinicianId} = any(m.facilitator_ids)` : sql``} ${ofClient}`
}
