import { type RawBuilder, sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { OpenChart } from './door.ts'
import { isCurrent } from './reach.ts'

/** The staff member who is the chart's primary clinician today, or null. For use inside another statement. */
export const currentPrimary = (trx: PracticeTransaction, chartId: string): RawBuilder<string | null> =>
  sql<string | null>`(select t.staff_id from care_team_members t
    where t.practice_id = ${trx.practiceId} and t.chart_id = ${chartId} and t.role = 'primary' and ${isCurrent(trx)}
    limit 1)`

/** True of a chart whose care team has somebody today whom the caller supervises. */
export const isTreatedBySupervisee = (
  trx: PracticeTransaction,
  chartId: RawBuilder<unknown>,
): RawBuilder<boolean> =>
  sql<boolean>`exists (select from care_team_members t
    join staff_members m on m.practice_id = t.practice_id and m.id = t.staff_id
    where t.practice_id = ${trx.practiceId} and t.chart_id = ${chartId} and ${isCurrent(trx)}
      and m.supervisor_id = ${trx.scope.actor.staffId})`

/**
 * True of a column that refers to staff on the care team of this chart today.
 *
 * @param options.orSupervises or who supervise somebody on it
 */
export function isOnCareTeam(
  trx: PracticeTransaction,
  chart: OpenChart,
  column: string,
  { orSupervises }: { orSupervises: boolean },
): RawBuilder<boolean> {
  const staff = sql.ref(column)
  const related = orSupervises
    ? sql`(t.staff_id = ${staff} or m.supervisor_id = ${staff})`
    : sql`t.staff_id = ${staff}`
  return sql<boolean>`exists (select from care_team_members t
    join staff_members m on m.practice_id = t.practice_id and m.id = t.staff_id
    where t.practice_id = ${trx.practiceId} and t.chart_id = ${chart.id} and ${isCurrent(trx)} and ${related})`
}
