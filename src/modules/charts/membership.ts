import { sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { insertMembers } from './charts.repository.ts'

/**
 * Lets members of a couple's chart leave it, or come back, with what happens to the couple. The periods
 * stay: a release of what was written while somebody was a member needs them. The caller has decided that
 * the actor may.
 */
export async function changeMembers(
  trx: PracticeTransaction,
  chartId: string,
  { left, joined }: { left: readonly string[]; joined: readonly string[] },
): Promise<void> {
  await insertMembers(trx, chartId, joined)
  for (const _ of joined) emit(trx, { type: 'chart.member-joined', resourceId: chartId, chartId })
  if (left.length === 0) return
  await trx
    .updateTable('chart_members')
    .set({ left_at: sql<Date>`now()` })
    .where('practice_id', '=', trx.practiceId)
    .where('chart_id', '=', chartId)
    .where('client_id', '=', sql<string>`any(${left}::uuid[])`)
    .where('left_at', 'is', null)
    .execute()
  for (const _ of left) emit(trx, { type: 'chart.member-left', resourceId: chartId, chartId })
}

/**
 * Places in groups' charts go from one record of a person to the other, who may have one already. The caller has decided
 * that the actor may.
 */
export async function passMembership(
  trx: PracticeTransaction,
  chartIds: readonly string[],
  { from, to }: { from: string; to: string },
): Promise<void> {
  if (chartIds.length === 0) return
  await sql`
    with gone as (
      update chart_members set left_at = now() where practice_id = ${trx.practiceId}
        and chart_id = any(${chartIds}::uuid[]) and client_id = ${from} and left_at is null
      returning chart_id)
    insert into chart_members (practice_id, chart_id, client_id)
    select ${trx.practiceId}, g.chart_id, ${to} from gone g
    where not exists (select from chart_members m where m.practice_id = ${trx.practiceId} and m.chart_id = g.chart_id
      and m.client_id = ${to} and m.left_at is null)`.execute(trx)
  for (const chartId of chartIds) {
    emit(trx, { type: 'chart.member-left', resourceId: chartId, chartId })
    emit(trx, { type: 'chart.member-joined', resourceId: chartId, chartId })
  }
}

/** From now on members of this group's chart come and go by its seats only. It leaves with COMMIT. */
export function giveSeats(trx: PracticeTransaction, chartId: string): void {
  trx.later(
    trx
      .updateTable('charts')
      .set({ has_seats: true })
      .where('practice_id', '=', trx.practiceId)
      .where('id', '=', chartId),
  )
}

/** Whether somebody of the first and somebody of the second were ever together in a couple's chart. */
export async function wereCouple(
  trx: PracticeTransaction,
  first: readonly string[],
  second: readonly string[],
): Promise<boolean> {
  const { rows } = await sql`
    select 1 from chart_members a
    join charts c on c.practice_id = a.practice_id and c.id = a.chart_id and c.kind = 'couple'
    join chart_members b on b.practice_id = a.practice_id and b.chart_id = a.chart_id
    where a.practice_id = ${trx.practiceId} and a.client_id = any(${first}::uuid[])
      and b.client_id = any(${second}::uuid[])
    limit 1`.execute(trx)
  return rows.length > 0
}

/**
 * Two records turned out to be one person: the survivor becomes a member of the other's individual charts,
 * beside the record that was merged. The charts themselves stay separate. The caller has decided that the
 * actor may.
 *
 * @returns the charts joined, so that an undone merge leaves them again (`changeMembers`)
 */
export async function joinChartsOfMerged(
  trx: PracticeTransaction,
  { mergedId, survivorId }: { mergedId: string; survivorId: string },
): Promise<string[]> {
  const charts = await trx
    .selectFrom('chart_members as m')
    .innerJoin('charts as c', join =>
      join.onRef('c.practice_id', '=', 'm.practice_id').onRef('c.id', '=', 'm.chart_id'),
    )
    .select('c.id')
    .where('m.practice_id', '=', trx.practiceId)
    .where('m.client_id', '=', mergedId)
    .where('m.left_at', 'is', null)
    .where('c.kind', '=', 'individual')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('chart_members as s')
            .select('s.id')
            .whereRef('s.practice_id', '=', 'm.practice_id')
            .whereRef('s.chart_id', '=', 'm.chart_id')
            .where('s.client_id', '=', survivorId)
            .where('s.left_at', 'is', null),
        ),
      ),
    )
    .execute()
  for (const { id } of charts) await changeMembers(trx, id, { left: [], joined: [survivorId] })
  return charts.map(chart => chart.id)
}
