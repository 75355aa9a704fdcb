import { type Insertable, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { DbtDiaryCards } from '../../../lib/database/schema.ts'
import type { OpenChart } from '../../charts/index.ts'
import type { CardQuery } from './cards.schemas.ts'

export type CardRow = Selectable<DbtDiaryCards>

const cards = (trx: PracticeTransaction, chart: OpenChart) =>
  trx
    .selectFrom('dbt_diary_cards')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('chart_id', '=', chart.id)

export function findCard(
  trx: PracticeTransaction,
  chart: OpenChart,
  id: string,
): Promise<CardRow | undefined> {
  return cards(trx, chart).where('id', '=', id).executeTakeFirst()
}

/** Day and id of the last one shown. */
export type After = readonly [string, string] | undefined

/** One row more than asked for, the newest day first. */
export function listCards(
  trx: PracticeTransaction,
  chart: OpenChart,
  { limit, from, to, superseded }: Omit<CardQuery, 'cursor'> & { limit: number },
  after: After,
): Promise<CardRow[]> {
  let query = cards(trx, chart)
  if (!superseded) query = query.where('in_force', '=', true)
  if (from) query = query.where('covers_on', '>=', from)
  if (to) query = query.where('covers_on', '<=', to)
  if (after) query = query.where(sql<boolean>`(covers_on, id) < (${after[0]}::date, ${after[1]}::uuid)`)
  return query
    .orderBy('covers_on', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
}

/** The cards in force of a range of days, oldest first; a day has one. */
export function cardsIn(
  trx: PracticeTransaction,
  chart: OpenChart,
  { from, to }: { from: string; to: string },
): Promise<CardRow[]> {
  return cards(trx, chart)
    .where('in_force', '=', true)
    .where('covers_on', '>=', from)
    .where('covers_on', '<=', to)
    .orderBy('covers_on')
    .execute()
}

/** The day of the first card; null before there is one. */
export async function firstDay(trx: PracticeTransaction, chart: OpenChart): Promise<string | null> {
  const row = await trx
    .selectFrom('dbt_diary_cards')
    .select('covers_on')
    .where('practice_id', '=', trx.practiceId)
    .where('chart_id', '=', chart.id)
    .where('in_force', '=', true)
    .orderBy('covers_on')
    .limit(1)
    .executeTakeFirst()
  return row?.covers_on ?? null
}

export function insertCard(
  trx: PracticeTransaction,
  chart: OpenChart,
  values: Omit<Insertable<DbtDiaryCards>, 'practice_id' | 'chart_id'>,
): Promise<CardRow> {
  return trx
    .insertInto('dbt_diary_cards')
    .values({ ...values, practice_id: trx.practiceId, chart_id: chart.id })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** @returns whether it was in force until now */
export async function supersede(trx: PracticeTransaction, id: string): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('dbt_diary_cards')
    .set({ in_force: false })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .where('in_force', '=', true)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}
