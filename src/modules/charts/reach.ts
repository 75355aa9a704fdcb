import { type RawBuilder, sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { practiceToday } from '../practice/index.ts'
import type { Permission } from './access-policy.ts'
import { type ChartNeed, type Ways, waysInto } from './ways.rules.ts'

/** True of a `care_team_members t` that is current today. */
export const isCurrent = (trx: PracticeTransaction) =>
  sql<boolean>`daterange(t.starts_on, t.ends_on) @> ${practiceToday(trx)}`

/**
 * True of a column that refers to charts whose data of this class the actor may read. For one chart use `openChart`;
 * lists and searches use this.
 *
 * @param need.permission counts only the roles that hold it
 */
export function isChartWithin(
  trx: PracticeTransaction,
  column: string,
  need: Pick<ChartNeed, 'dataClass' | 'permission'>,
): RawBuilder<boolean> {
  return isWithin(column, waysInto(trx.scope.actor, need), ways => reachableCharts(trx, ways))
}

/**
 * The same asked of each row by itself, without gathering what the actor may read: for what is narrowed already to a
 * few rows, where the caseload would cost more than they do.
 */
export function isChartReached(
  trx: PracticeTransaction,
  column: string,
  need: Pick<ChartNeed, 'dataClass' | 'permission' | 'write'>,
): RawBuilder<boolean> {
  const ways = waysInto(trx.scope.actor, need)
  if (ways.everywhere || ways.limited) return sql<boolean>`${sql.ref(column)} is not null`
  const found = waysThrough(trx, ways, chart => sql`and ${chart} = ${sql.ref(column)}`)
  // Not `exists`: PostgreSQL may hash that, which gathers the caseload after all.
  const each = found.map(way => sql`(${way} limit 1) is not null`)
  return sql<boolean>`(${sql.join([sql`false`, ...each], sql` or `)})`
}

/**
 * Those of these charts of which `isChartReached` is true, looked for together: for what is shown on one page.
 *
 * @param chartIds an array of ids, in SQL
 * @returns a subquery of ids
 */
export function chartsReached(
  trx: PracticeTransaction,
  chartIds: RawBuilder<unknown>,
  need: Pick<ChartNeed, 'dataClass' | 'permission' | 'write'>,
): RawBuilder<unknown> {
  const ways = waysInto(trx.scope.actor, need)
  if (ways.everywhere || ways.limited) return sql`(select unnest(${chartIds}))`
  const found = waysThrough(trx, ways, chart => sql`and ${chart} = any(${chartIds})`)
  return sql`(${sql.join([sql`select null::uuid where false`, ...found], sql` union all `)})`
}

/**
 * True of a column that refers to clients whose administrative data (name, contact, addresses) the actor may read. It
 * leads through individual charts only: who treats a couple or a group reaches none of its members'
 * contact data, or one partner's could be had through the other.
 *
 * @param options.fully leaves out those of whom only name and insurance may be seen
 * @param options.permission counts only the roles that hold it
 */
export function isClientWithin(
  trx: PracticeTransaction,
  column: string,
  { fully = false, permission }: { fully?: boolean; permission?: Permission } = {},
): RawBuilder<boolean> {
  const all = waysInto(trx.scope.actor, {
    dataClass: 'administrative',
    ...(permission ? { permission } : {}),
  })
  return isWithin(column, fully ? { ...all, limited: false } : all, ways => reachableClients(trx, ways))
}

/**
 * An array is gathered once, and rows are then found by it in the order of their index: a caseload costs its own size,
 * not the practice's. Whoever sees everything gathers nothing.
 */
function isWithin(column: string, ways: Ways, reachable: (ways: Ways) => RawBuilder<unknown>) {
  if (ways.everywhere || ways.limited) return sql<boolean>`${sql.ref(column)} is not null`
  return sql<boolean>`${sql.ref(column)} = any(array${reachable(ways)})`
}

/** The ids of the clients these ways lead to. */
export function reachableClients(trx: PracticeTransaction, ways: Ways): RawBuilder<{ client_id: string }> {
  if (ways.everywhere || ways.limited) {
    return sql`(select k.id as client_id from clients k where k.practice_id = ${trx.practiceId})`
  }
  return sql`(select m.client_id from chart_members m
    join charts c on c.practice_id = m.practice_id and c.id = m.chart_id and c.kind = 'individual'
    where m.practice_id = ${trx.practiceId} and m.left_at is null
      and m.chart_id in ${reachableCharts(trx, ways)})`
}

/** The ids of the charts these ways lead to. */
export function reachableCharts(trx: PracticeTransaction, ways: Ways): RawBuilder<{ chart_id: string }> {
  const all = sql`select c.id as chart_id from charts c where c.practice_id = ${trx.practiceId}`
  if (ways.everywhere || ways.limited) return sql`(${all})`
  const found = waysThrough(trx, ways, () => sql``)
  return sql`(${sql.join([sql`${all} and false`, ...found], sql` union all `)})`
}

/** The ids of charts by each way that leads through a relation, of those that also fit. */
function waysThrough(
  trx: PracticeTransaction,
  ways: Ways,
  fitting: (chartId: RawBuilder<string>) => RawBuilder<unknown>,
): RawBuilder<unknown>[] {
  const { practiceId } = trx
  const { staffId } = trx.scope.actor
  const ofTeam = fitting(sql`t.chart_id`)
  const careTeam = sql`select t.chart_id from care_team_members t
    where t.practice_id = ${practiceId} and t.staff_id = ${staffId} and ${isCurrent(trx)} ${ofTeam}`
  const supervision = sql`select t.chart_id from staff_members s
    join care_team_members t on t.practice_id = s.practice_id and t.staff_id = s.id
    where s.practice_id = ${practiceId} and s.supervisor_id = ${staffId} and ${isCurrent(trx)} ${ofTeam}`
  const emergency = sql`select e.chart_id from emergency_accesses e
    where e.practice_id = ${practiceId} and e.staff_id = ${staffId} and e.ended_at is null
      and e.expires_at > now() ${fitting(sql`e.chart_id`)}`
  return [
    ...(ways.careTeam ? [careTeam] : []),
    ...(ways.supervision ? [supervision] : []),
    ...(ways.emergency ? [emergency] : []),
  ]
}
