import { type RawBuilder, sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { isCurrent } from './reach.ts'
import type { Ways } from './ways.rules.ts'

export interface DoorRow {
  id: string
  kind: 'individual' | 'couple' | 'group'
  status: 'open' | 'closed'
  version: number
  client_ids: string[]
  care_team_role: string | null
  supervises: boolean
  emergency_access_id: string | null
  emergency_expires_at: Date | null
}

/** The chart, its present members and how this actor is related to it, in one statement. */
export async function findAtDoor(trx: PracticeTransaction, chartId: string): Promise<DoorRow | undefined> {
  return (await atDoor(trx, sql`c.id = ${chartId}`))[0]
}

/** The same of the open individual charts of these clients, in one statement, however many. */
export const findIndividualAtDoor = (
  trx: PracticeTransaction,
  clientIds: readonly string[],
): Promise<DoorRow[]> =>
  atDoor(
    trx,
    sql`c.id = any(array(select ${ownChartOf(trx, sql`k.id`)} from unnest(${[...clientIds]}::uuid[]) as k(id)))`,
  )

async function atDoor(trx: PracticeTransaction, which: RawBuilder<unknown>): Promise<DoorRow[]> {
  const { practiceId } = trx
  const { staffId } = trx.scope.actor
  const { rows } = await sql<DoorRow>`
    select c.id, c.kind, c.status, c.version,
      array(select m.client_id from chart_members m
        where m.practice_id = c.practice_id and m.chart_id = c.id and m.left_at is null order by m.id) as client_ids,
      (select t.role from care_team_members t
        where t.practice_id = c.practice_id and t.chart_id = c.id and t.staff_id = ${staffId}
          and ${isCurrent(trx)} limit 1) as care_team_role,
      exists (select from care_team_members t
        join staff_members s on s.practice_id = t.practice_id and s.id = t.staff_id
        where t.practice_id = c.practice_id and t.chart_id = c.id and s.supervisor_id = ${staffId}
          and ${isCurrent(trx)}) as supervises,
      e.id as emergency_access_id, e.expires_at as emergency_expires_at
    from charts c
    left join lateral (select e.id, e.expires_at from emergency_accesses e
      where e.practice_id = c.practice_id and e.chart_id = c.id and e.staff_id = ${staffId}
        and e.ended_at is null and e.expires_at > now() limit 1) e on true
    where c.practice_id = ${practiceId} and ${which}`.execute(trx)
  return rows
}

/**
 * The id of the individual chart a client is a member of, if it is open, or null; of several the one they have been in
 * longest: a record that was joined to theirs later comes after their own. For use inside another statement.
 */
export const ownChartOf = (
  trx: PracticeTransaction,
  clientId: string | RawBuilder<unknown>,
): RawBuilder<string | null> =>
  sql<string | null>`(select m.chart_id from chart_members m
    join charts own on own.practice_id = m.practice_id and own.id = m.chart_id
      and own.kind = 'individual' and own.status = 'open'
    where m.practice_id = ${trx.practiceId} and m.client_id = ${clientId} and m.left_at is null
    order by m.joined_at, m.id limit 1)`

/** A client's own chart. Nobody else's relation to it is looked at. */
export const findOwnAtDoor = (trx: PracticeTransaction, clientId: string): Promise<DoorRow | undefined> =>
  ownAtDoor(trx, sql`c.id = ${ownChartOf(trx, clientId)}`)

/** The same of one chart: the client's own, or one of theirs that is closed. */
export const findOwnRecordAtDoor = (
  trx: PracticeTransaction,
  clientId: string,
  chartId: string,
): Promise<DoorRow | undefined> =>
  ownAtDoor(
    trx,
    sql`c.id = ${chartId} and (c.id = ${ownChartOf(trx, clientId)} or (c.kind = 'individual' and c.status = 'closed'
      and exists (select from chart_members m where m.practice_id = c.practice_id and m.chart_id = c.id
        and m.client_id = ${clientId} and m.left_at is null)))`,
  )

async function ownAtDoor(trx: PracticeTransaction, which: RawBuilder<unknown>): Promise<DoorRow | undefined> {
  const { rows } = await sql<DoorRow>`
    select c.id, c.kind, c.status, c.version,
      array(select o.client_id from chart_members o
        where o.practice_id = c.practice_id and o.chart_id = c.id and o.left_at is null order by o.id) as client_ids,
      null as care_team_role, false as supervises, null as emergency_access_id, null as emergency_expires_at
    from charts c
    where c.practice_id = ${trx.practiceId} and ${which}`.execute(trx)
  return rows[0]
}

export interface ClientReachRow {
  on_care_team: boolean
  supervises: boolean
  emergency_access_id: string | null
  emergency_expires_at: Date | null
}

/**
 * How this actor is related to a client through individual charts, in one statement that looks only for what
 * could lead there.
 */
export async function findClientAtDoor(
  trx: PracticeTransaction,
  clientId: string,
  ways: Ways,
): Promise<ClientReachRow | undefined> {
  const { staffId } = trx.scope.actor
  const charts = sql`chart_members m
      join charts c on c.practice_id = m.practice_id and c.id = m.chart_id and c.kind = 'individual'`
  const ofClient = sql`m.practice_id = k.practice_id and m.client_id = k.id and m.left_at is null`
  const onCareTeam = sql`exists (select from ${charts}
      join care_team_members t on t.practice_id = c.practice_id and t.chart_id = c.id
      where ${ofClient} and t.staff_id = ${staffId} and ${isCurrent(trx)})`
  const supervises = sql`exists (select from ${charts}
      join care_team_members t on t.practice_id = c.practice_id and t.chart_id = c.id
      join staff_members s on s.practice_id = t.practice_id and s.id = t.staff_id
      where ${ofClient} and s.supervisor_id = ${staffId} and ${isCurrent(trx)})`
  const emergency = sql`(select e.id, e.expires_at from ${charts}
      join emergency_accesses e on e.practice_id = c.practice_id and e.chart_id = c.id
      where ${ofClient} and e.staff_id = ${staffId} and e.ended_at is null and e.expires_at > now()
      order by e.expires_at desc limit 1)`
  const { rows } = await sql<ClientReachRow>`
    select ${ways.careTeam ? onCareTeam : no} as on_care_team, ${ways.supervision ? supervises : no} as supervises,
      e.id as emergency_access_id, e.expires_at as emergency_expires_at
    from clients k
    left join lateral ${ways.emergency ? emergency : noEmergency} e on true
    where k.practice_id = ${trx.practiceId} and k.id = ${clientId}`.execute(trx)
  return rows[0]
}

const no = sql`false`
const noEmergency = sql`(select null::uuid as id, null::timestamptz as expires_at)`
