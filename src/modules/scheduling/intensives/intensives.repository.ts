import { type Insertable, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { IntensiveGateMarks, IntensiveMoneySteps, Intensives } from '../../../lib/database/schema.ts'
import { limits } from '../../../lib/limits.ts'
import { isChartWithin } from '../../charts/index.ts'
import type { IntensiveQuery } from './intensives.schemas.ts'

export type IntensiveColumns = Selectable<Intensives>
export type IntensiveRow = IntensiveColumns & {
  chart_kind: 'individual' | 'couple' | 'group'
  couple_id: string | null
}
export type MarkRow = Selectable<IntensiveGateMarks>
export type MoneyRow = Selectable<IntensiveMoneySteps>

/** To be told of an intensive: its chart is the door to it. */
export const toReadIntensives = { dataClass: 'administrative', permission: 'appointments:read' } as const

const rows = (trx: PracticeTransaction) =>
  trx
    .selectFrom('intensives as i')
    .innerJoin('charts as c', join =>
      join.onRef('c.practice_id', '=', 'i.practice_id').onRef('c.id', '=', 'i.chart_id'),
    )
    .leftJoin('couples as k', join =>
      join.onRef('k.practice_id', '=', 'i.practice_id').onRef('k.chart_id', '=', 'i.chart_id'),
    )
    .selectAll('i')
    .select([sql<IntensiveRow['chart_kind']>`c.kind`.as('chart_kind'), 'k.id as couple_id'])
    .where('i.practice_id', '=', trx.practiceId)

/**
 * Whoever asks: pass the door of its chart before anything of it is said.
 *
 * @param lock keeps others from changing it until the transaction ends, so that what is read of it afterwards is of the
 *   same version
 */
export function findIntensive(
  trx: PracticeTransaction,
  id: string,
  lock = false,
): Promise<IntensiveRow | undefined> {
  const query = rows(trx).where('i.id', '=', id)
  return (lock ? query.forUpdate('i') : query).executeTakeFirst()
}

/** One row more than asked for, newest first, of what this caller may see. */
export function listIntensives(
  trx: PracticeTransaction,
  {
    status,
    chartId,
    limit,
    after,
  }: Omit<IntensiveQuery, 'cursor'> & { limit: number; after: string | undefined },
): Promise<IntensiveRow[]> {
  let query = rows(trx).where(isChartWithin(trx, 'i.chart_id', toReadIntensives))
  if (status) query = query.where('i.status', '=', status)
  if (chartId) query = query.where('i.chart_id', '=', chartId)
  if (after) query = query.where('i.id', '<', after)
  return query
    .orderBy('i.id', 'desc')
    .limit(limit + 1)
    .execute()
}

export function insertIntensive(
  trx: PracticeTransaction,
  values: Omit<Insertable<Intensives>, 'practice_id'>,
): Promise<IntensiveColumns> {
  return trx
    .insertInto('intensives')
    .values({ ...values, practice_id: trx.practiceId })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Of each gate, and of each participant, the newest mark. */
export async function currentMarks(trx: PracticeTransaction, intensiveId: string): Promise<MarkRow[]> {
  const { rows: marks } = await sql<MarkRow>`
    select distinct on (gate, participant) * from intensive_gate_marks
    where practice_id = ${trx.practiceId} and intensive_id = ${intensiveId}
    order by gate, participant, id desc`.execute(trx)
  return marks
}

type NewMark = Omit<Insertable<IntensiveGateMarks>, 'practice_id'>

export async function insertMarks(trx: PracticeTransaction, marks: readonly NewMark[]): Promise<void> {
  await trx
    .insertInto('intensive_gate_marks')
    .values(marks.map(mark => ({ ...mark, practice_id: trx.practiceId })))
    .execute()
}

/** Oldest first. */
export function listMoney(trx: PracticeTransaction, intensiveId: string): Promise<MoneyRow[]> {
  return trx
    .selectFrom('intensive_money_steps')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('intensive_id', '=', intensiveId)
    .orderBy('id')
    .limit(limits.scheduling.intensiveMoney)
    .execute()
}

export async function insertMoney(
  trx: PracticeTransaction,
  steps: readonly Omit<Insertable<IntensiveMoneySteps>, 'practice_id'>[],
): Promise<void> {
  if (steps.length === 0) return
  await trx
    .insertInto('intensive_money_steps')
    .values(steps.map(step => ({ ...step, practice_id: trx.practiceId })))
    .execute()
}
