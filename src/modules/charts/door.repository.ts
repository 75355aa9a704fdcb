import { sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { isCurrent } from './reach.ts'

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
    where c.practice_id = ${practiceId} and c.id = ${chartId}`.execute(trx)
  return rows[0]
}

export interface ClientReachRow {
  on_care_team: boolean
  supervises: boolean
  emergency_access_id: string | null
  emergency_expires_at: Date | null
}

/** How this actor is related to a client through individual charts, in one statement. */
export async function findClientAtDoor(
  trx: PracticeTransaction,
  clientId: string,
): Promise<ClientReachRow | undefined> {
  const { staffId } = trx.scope.actor
  const { rows } = await sql<ClientReachRow>`
    select coalesce(bool_or(t.staff_id = ${staffId}), false) as on_care_team,
      coalesce(bool_or(s.supervisor_id = ${staffId}), false) as supervises,
      (array_agg(e.id order by e.expires_at desc) filter (where e.id is not null))[1] as emergency_access_id,
      max(e.expires_at) as emergency_expires_at
    from clients k
    left join chart_members m on m.practice_id = k.practice_id and m.client_id = k.id and m.left_at is null
    left join charts c on c.practice_id = m.practice_id and c.id = m.chart_id and c.kind = 'individual'
    left join care_team_members t on t.practice_id = c.practice_id and t.chart_id = c.id and ${isCurrent(trx)}
    left join staff_members s on s.practice_id = t.practice_id and s.id = t.staff_id
    left join emergency_accesses e on e.practice_id = c.practice_id and e.chart_id = c.id
      and e.staff_id = ${staffId} and e.ended_at is null and e.expires_at > now()
    where k.practice_id = ${trx.practiceId} and k.id = ${clientId}
    group by k.id`.execute(trx)
  return rows[0]
}
