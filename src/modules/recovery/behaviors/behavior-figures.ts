import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { OpenChart } from '../../charts/index.ts'
import { clientToday } from '../../clients/index.ts'
import { dayAfter } from '../days.rules.ts'
import { harmReductionOf } from '../records/figures/harm-reduction.rules.ts'
import { harmReductionRows } from '../records/figures/insights.repository.ts'
import type { FigureRow } from '../records/figures/rows.ts'
import type { BehaviorFigures } from './behavior-figures.schemas.ts'

const span = 28

interface LapseDay {
  behavior_id: string
  occurred_on: string
}

/**
 * How these behaviors of a chart have gone lately: three statements that leave together. They are restricted: the caller
 * sees that class of the chart.
 */
export async function behaviorFigures(
  trx: PracticeTransaction,
  chart: OpenChart,
  ids: readonly string[],
): Promise<BehaviorFigures[]> {
  if (ids.length === 0) return []
  const [today, lapses, rows] = await Promise.all([
    clientToday(trx, chart),
    lapseDays(trx, chart, ids),
    harmReductionRows(trx, chart, ids, earliest()),
  ])
  const goals = harmReductionOf(rows, today)
  return ids.map(behaviorId => ({
    behaviorId,
    lapseDaysLast28Days: countUntil(lapses, behaviorId, today),
    lapseDaysPrevious28Days: countUntil(lapses, behaviorId, dayAfter(today, -span)),
    harmReduction: goals.filter(({ recordId }) => isGoalOf(rows, recordId, behaviorId)),
  }))
}

/** No zone is a day away from UTC: a little more is read than the client's own days need. */
const earliest = () => dayAfter(new Date().toISOString().slice(0, 10), -2 * span - 1)

const isGoalOf = (rows: readonly FigureRow[], id: string, behaviorId: string) =>
  rows.some(row => row.id === id && row.behaviorId === behaviorId)

/** Days with a lapse among the 28 that end with a day. */
function countUntil(lapses: readonly LapseDay[], behaviorId: string, last: string): number {
  const first = dayAfter(last, 1 - span)
  return lapses.filter(
    ({ behavior_id, occurred_on }) =>
      behavior_id === behaviorId && occurred_on >= first && occurred_on <= last,
  ).length
}

async function lapseDays(
  trx: PracticeTransaction,
  chart: OpenChart,
  ids: readonly string[],
): Promise<LapseDay[]> {
  const { rows } = await sql<LapseDay>`
    select distinct b.behavior_id, l.occurred_on from lapse_behaviors b
    join lapses l on l.practice_id = b.practice_id and l.id = b.lapse_id and l.chart_id = ${chart.id}
      and l.occurred_on >= ${earliest()}
    join recovery_documents d on d.practice_id = l.practice_id and d.id = l.id and d.status <> 'withdrawn'
    where b.practice_id = ${trx.practiceId} and b.behavior_id = any(${ids}::uuid[])`.execute(trx)
  return rows
}
