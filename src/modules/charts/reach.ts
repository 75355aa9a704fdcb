import { type RawBuilder, sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { practiceToday } from '../practice/index.ts'
import type { DataClass, Permission } from './access-policy.ts'
import { type ChartNeed, type Ways, waysInto } from './ways.rules.ts'

/** True of a `care_team_members t` that is current today. */
export const isCurrent = (trx: PracticeTransaction) =>
  sql<boolean>`(t.starts_on <= ${practiceToday(trx)} and (t.ends_on is null or t.ends_on > ${practiceToday(trx)}))`

/**
 * The ids of the charts whose data of this class the actor may read: `where('chart_id', 'in', chartsWithin(…))`.
 * For one chart use `openChart`; lists and searches use this.
 *
 * @param permission counts only the roles that hold it
 */
export function chartsWithin(trx: PracticeTransaction, dataClass: DataClass, permission?: Permission) {
  const ways = waysInto(trx.scope.actor, { dataClass, ...(permission ? { permission } : {}) })
  return trx.selectFrom(reachableCharts(trx, ways).as('reachable')).select('reachable.chart_id')
}

/**
 * The same as a condition on a column that refers to charts. Beside an `or`, `in` would gather the charts of
 * the whole practice for whoever sees all of them.
 */
export function isChartWithin(
  trx: PracticeTransaction,
  column: string,
  need: Pick<ChartNeed, 'dataClass' | 'permission'>,
): RawBuilder<boolean> {
  const ways = waysInto(trx.scope.actor, need)
  if (ways.everywhere || ways.limited) return sql`${sql.ref(column)} is not null`
  return sql`${sql.ref(column)} in ${reachableCharts(trx, ways)}`
}

/**
 * The ids of the clients whose administrative data (name, contact, addresses) the actor may read. It
 * leads through individual charts only: who treats a couple or a group reaches none of its members'
 * contact data, or one partner's could be had through the other.
 *
 * @param options.fully leaves out those of whom only name and insurance may be seen
 * @param options.permission counts only the roles that hold it
 */
export function clientsWithin(
  trx: PracticeTransaction,
  { fully = false, permission }: { fully?: boolean; permission?: Permission } = {},
) {
  const all = waysInto(trx.scope.actor, {
    dataClass: 'administrative',
    ...(permission ? { permission } : {}),
  })
  const ways = fully ? { ...all, limited: false } : all
  return trx.selectFrom(reachableClients(trx, ways).as('reachable')).select('reachable.client_id')
}

/** The same as a condition on a column that refers to clients. */
export function isClientWithin(
  trx: PracticeTransaction,
  column: string,
  permission: Permission,
): RawBuilder<boolean> {
  const ways = waysInto(trx.scope.actor, { dataClass: 'administrative', permission })
  if (ways.everywhere || ways.limited) return sql`${sql.ref(column)} is not null`
  return sql`${sql.ref(column)} in ${reachableClients(trx, ways)}`
}

/** What `clientsWithin` selects from. */
export function reachableClients(trx: PracticeTransaction, ways: Ways): RawBuilder<{ client_id: string }> {
  if (ways.everywhere || ways.limited) {
    return sql`(select k.id as client_id from clients k where k.practice_id = ${trx.practiceId})`
  }
  return sql`(select m.client_id from chart_members m
    join charts c on c.practice_id = m.practice_id and c.id = m.chart_id and c.kind = 'individual'
    where m.practice_id = ${trx.practiceId} and m.left_at is null
      and m.chart_id in ${reachableCharts(trx, ways)})`
}

/** What `chartsWithin` selects from. */
export function reachableCharts(trx: PracticeTransaction, ways: Ways): RawBuilder<{ chart_id: string }> {
  const { practiceId } = trx
  const { staffId } = trx.scope.actor
  const all = sql`select c.id as chart_id from charts c where c.practice_id = ${practiceId}`
  if (ways.everywhere || ways.limited) return sql`(${all})`
  const careTeam = sql`select t.chart_id from care_team_members t
    where t.practice_id = ${practiceId} and t.staff_id = ${staffId} and ${isCurrent(trx)}`
  const supervision = sql`select t.chart_id from staff_members s
    join care_team_members t on t.practice_id = s.practice_id and t.staff_id = s.id
    where s.practice_id = ${practiceId} and s.supervisor_id = ${staffId} and ${isCurrent(trx)}`
  const emergency = sql`select e.chart_id from emergency_accesses e
    where e.practice_id = ${practiceId} and e.staff_id = ${staffId} and e.ended_at is null and e.expires_at > now()`
  const parts = [
    sql`${all} and false`,
    ...(ways.careTeam ? [careTeam] : []),
    ...(ways.supervision ? [supervision] : []),
    ...(ways.emergency ? [emergency] : []),
  ]
  return sql`(${sql.join(parts, sql` union all `)})`
}
