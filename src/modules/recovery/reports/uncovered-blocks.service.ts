import { sql } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { limits } from '../../../lib/limits.ts'
import { type Page, toPage } from '../../../lib/pages.ts'
import { displayName, isChartWithin, useEmergencyForCharts } from '../../charts/index.ts'
import { withdrawn } from '../records/kind.ts'
import { block } from '../records/kinds/block.ts'
import type { UncoveredBlock, UncoveredBlockQuery } from './uncovered-blocks.schemas.ts'

const ofBlocks = { dataClass: 'clinical', permission: 'recovery:read' } as const

const openStatuses = block.statuses.filter(status => status !== withdrawn && !block.over?.includes(status))

/**
 * Open blocks without an objective, in the open charts that the caller may read, the oldest first; restricted ones where
 * they may see those too. One statement, whatever the caseload.
 *
 * @throws Problem `invalid-cursor`
 */
export async function listUncoveredBlocks(
  trx: PracticeTransaction,
  { cursor, limit = limits.page.default, category }: UncoveredBlockQuery,
): Promise<Page<UncoveredBlock>> {
  trx.audit({ resourceType: 'recovery-record' })
  const filter = { category }
  const key = trx.cursorKey(filter, cursor)
  const rows = await findUncovered(trx, filter, { limit, after: key && [String(key[0]), String(key[1])] })
  const page = toPage(
    rows,
    limit,
    row => row,
    row => trx.cursorAfter(filter, [row.identifiedOn, row.recordId]),
  )
  trx.audit({ clientIds: page.data.flatMap(({ members }) => members.map(({ clientId }) => clientId)) })
  const shown = page.data.map(({ chartId }) => chartId)
  await useEmergencyForCharts(trx, shown, ofBlocks.dataClass, ofBlocks.permission)
  return page
}

/** One row more than asked for. */
function findUncovered(
  trx: PracticeTransaction,
  { category }: { category: UncoveredBlock['category'] | undefined },
  { limit, after }: { limit: number; after: readonly [day: string, id: string] | undefined },
): Promise<UncoveredBlock[]> {
  let query = trx
    .selectFrom('recovery_records as r')
    .innerJoin('charts as c', join =>
      join.onRef('c.practice_id', '=', 'r.practice_id').onRef('c.id', '=', 'r.chart_id'),
    )
    .select(['r.id as recordId', 'r.chart_id as chartId', 'r.status', 'r.occurred_on as identifiedOn'])
    .select([
      sql<UncoveredBlock['category']>`r.keys[1]`.as('category'),
      sql<number>`r.measures[1]::int`.as('severity'),
      sql<UncoveredBlock['dataClass']>`r.data_class`.as('dataClass'),
      membersOf(trx).as('members'),
    ])
    .where('r.practice_id', '=', trx.practiceId)
    .where('c.status', '=', 'open')
    .where('r.kind', '=', 'block')
    .where('r.status', '=', sql<string>`any(${openStatuses}::text[])`)
    .where('r.plan_id', 'is', null)
    .where(isChartWithin(trx, 'r.chart_id', ofBlocks))
    .where(
      sql<boolean>`(r.data_class = 'clinical' or ${isChartWithin(trx, 'r.chart_id', { ...ofBlocks, dataClass: 'restricted' })})`,
    )
  if (category) query = query.where(sql`r.keys[1]`, '=', category)
  if (after) query = query.where(sql<boolean>`(r.occurred_on, r.id) > (${after[0]}::date, ${after[1]}::uuid)`)
  return query
    .orderBy('r.occurred_on')
    .orderBy('r.id')
    .limit(limit + 1)
    .execute()
}

const membersOf = (trx: PracticeTransaction) =>
  jsonArrayFrom(
    trx
      .selectFrom('chart_members as m')
      .innerJoin('clients as k', join =>
        join.onRef('k.practice_id', '=', 'm.practice_id').onRef('k.id', '=', 'm.client_id'),
      )
      .select(['m.client_id as clientId', displayName.as('displayName')])
      .where('m.practice_id', '=', trx.practiceId)
      .where('m.chart_id', '=', sql.ref<string>('r.chart_id'))
      .where('m.left_at', 'is', null)
      .orderBy('m.id'),
  )
