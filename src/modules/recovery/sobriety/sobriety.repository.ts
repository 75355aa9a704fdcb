import { type Insertable, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { SobrietyDefinitions, SobrietyItems } from '../../../lib/database/schema.ts'
import type { OpenChart } from '../../charts/index.ts'
import type { Circle } from '../days.rules.ts'

export interface PlacedItem {
  itemId: string
  circle: Circle
}

export type DefinitionRow = Selectable<SobrietyDefinitions> & { items: PlacedItem[] }
export type ItemRow = Selectable<SobrietyItems>

/** Every definition of a chart with its items in their order, lowest number first, in one statement. */
export function definitionsOf(
  trx: PracticeTransaction,
  chart: OpenChart,
  addictionId?: string,
): Promise<DefinitionRow[]> {
  let query = trx
    .selectFrom('sobriety_definitions as d')
    .selectAll('d')
    .select(
      sql<PlacedItem[]>`coalesce((select jsonb_agg(jsonb_build_object('itemId', i.item_id, 'circle', i.circle)
          order by i.position) from sobriety_definition_items i
        where i.practice_id = d.practice_id and i.definition_id = d.id), '[]')`.as('items'),
    )
    .where('d.practice_id', '=', trx.practiceId)
    .where('d.chart_id', '=', chart.id)
  if (addictionId) query = query.where('d.addiction_id', '=', addictionId)
  return query.orderBy('d.number').orderBy('d.id').execute()
}

/** What the items of a chart say. */
export function itemsOf(trx: PracticeTransaction, chart: OpenChart): Promise<ItemRow[]> {
  return trx
    .selectFrom('sobriety_items as i')
    .innerJoin('addictions as a', join =>
      join.onRef('a.practice_id', '=', 'i.practice_id').onRef('a.id', '=', 'i.addiction_id'),
    )
    .selectAll('i')
    .where('i.practice_id', '=', trx.practiceId)
    .where('a.chart_id', '=', chart.id)
    .execute()
}

export async function insertItems(
  trx: PracticeTransaction,
  items: readonly Omit<Insertable<SobrietyItems>, 'practice_id'>[],
): Promise<void> {
  if (items.length === 0) return
  await trx
    .insertInto('sobriety_items')
    .values(items.map(item => ({ ...item, practice_id: trx.practiceId })))
    .execute()
}

export async function insertDefinition(
  trx: PracticeTransaction,
  definition: Omit<Insertable<SobrietyDefinitions>, 'practice_id'> & { id: string },
  items: readonly PlacedItem[],
): Promise<void> {
  const { practiceId: practice_id } = trx
  const { id: definition_id, addiction_id } = definition
  const placed = items.map(({ itemId: item_id, circle }, position) => ({
    practice_id,
    definition_id,
    item_id,
    addiction_id,
    circle,
    position,
  }))
  // Sent in this order, in one round trip.
  await Promise.all([
    trx
      .insertInto('sobriety_definitions')
      .values({ ...definition, practice_id })
      .execute(),
    trx.insertInto('sobriety_definition_items').values(placed).execute(),
  ])
}
