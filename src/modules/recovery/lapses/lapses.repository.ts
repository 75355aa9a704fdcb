import { type Selectable, sql, type Updateable } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { Lapses } from '../../../lib/database/schema.ts'
import type { OpenChart } from '../../charts/index.ts'

export interface LapseRow extends Selectable<Lapses> {
  status: string
  item_ids: string[]
}

const lapses = (trx: PracticeTransaction, chart: OpenChart) =>
  trx
    .selectFrom('lapses as l')
    .innerJoin('recovery_documents as d', join =>
      join.onRef('d.practice_id', '=', 'l.practice_id').onRef('d.id', '=', 'l.id'),
    )
    .selectAll('l')
    .select('d.status')
    .select(
      sql<string[]>`array(select i.item_id from lapse_items i
        where i.practice_id = l.practice_id and i.lapse_id = l.id)`.as('item_ids'),
    )
    .where('l.practice_id', '=', trx.practiceId)
    .where('l.chart_id', '=', chart.id)

export function findLapse(
  trx: PracticeTransaction,
  chart: OpenChart,
  id: string,
): Promise<LapseRow | undefined> {
  return lapses(trx, chart).where('l.id', '=', id).executeTakeFirst()
}

/** All that were not withdrawn, by their days, without what people wrote of them. */
export function lapsesOf(trx: PracticeTransaction, chart: OpenChart): Promise<LapseRow[]> {
  return lapses(trx, chart)
    .where('d.status', '<>', 'withdrawn')
    .orderBy('l.occurred_on')
    .orderBy('l.id')
    .execute()
}

interface Links {
  addictionId: string
  itemIds: readonly string[]
  behaviorIds: readonly string[]
}

/** Leaves with COMMIT. */
export function insertLapse(
  trx: PracticeTransaction,
  chart: OpenChart,
  values: Omit<Selectable<Lapses>, 'practice_id' | 'chart_id'>,
  links: Links,
): void {
  trx.later(trx.insertInto('lapses').values({ ...values, practice_id: trx.practiceId, chart_id: chart.id }))
  insertLinks(trx, chart, values.id, links)
}

/** Leaves with COMMIT. */
export function updateLapse(
  trx: PracticeTransaction,
  chart: OpenChart,
  id: string,
  columns: Updateable<Lapses>,
  links: Links,
): void {
  trx.later(
    trx.updateTable('lapses').set(columns).where('practice_id', '=', trx.practiceId).where('id', '=', id),
  )
  for (const table of ['lapse_items', 'lapse_behaviors'] as const)
    trx.later(trx.deleteFrom(table).where('practice_id', '=', trx.practiceId).where('lapse_id', '=', id))
  insertLinks(trx, chart, id, links)
}

function insertLinks(
  trx: PracticeTransaction,
  chart: OpenChart,
  lapseId: string,
  { addictionId, itemIds, behaviorIds }: Links,
): void {
  if (itemIds.length > 0)
    trx.later(
      sql`insert into lapse_items (practice_id, lapse_id, item_id, addiction_id)
        select ${trx.practiceId}, ${lapseId}, i, ${addictionId} from unnest(${itemIds}::uuid[]) i`.compile(
        trx,
      ),
    )
  if (behaviorIds.length > 0)
    trx.later(
      sql`insert into lapse_behaviors (practice_id, lapse_id, behavior_id, chart_id)
        select ${trx.practiceId}, ${lapseId}, b, ${chart.id} from unnest(${behaviorIds}::uuid[]) b`.compile(
        trx,
      ),
    )
}

/** How many of these are items of this addiction. */
export async function countItems(
  trx: PracticeTransaction,
  addictionId: string,
  itemIds: readonly string[],
): Promise<number> {
  if (itemIds.length === 0) return 0
  const row = await trx
    .selectFrom('sobriety_items')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('practice_id', '=', trx.practiceId)
    .where('addiction_id', '=', addictionId)
    .where('id', '=', sql<string>`any(${itemIds}::uuid[])`)
    .executeTakeFirstOrThrow()
  return row.count
}
