import { type RawBuilder, sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { ownChartOf } from '../../charts/index.ts'
import type { BlockStatus } from './blocks.schemas.ts'
import { blockKinds, isGiven } from './intensives.rules.ts'

/** What notes need to know of a block of an intensive. */
export interface BlockFacts {
  id: string
  intensiveId: string
  clientIds: string[]
  status: BlockStatus
  timeZone: string
  startsAt: Date
  /** What of it was given; null until that is recorded. */
  deliveredMinutes: number | null
}

/** Kinds of blocks that somebody writes a note of: not breaks and huddles. */
export const notedKinds: readonly string[] = blockKinds.filter(isGiven)

/**
 * The chart that a block (`b`) of an intensive (`i`) is documented in: what one of a couple has alone is of their own
 * chart, and the other's care team learns nothing of it; null where they have none. For use inside another statement.
 */
export const chartOfBlock = (trx: PracticeTransaction): RawBuilder<string | null> =>
  sql`case when i.client_b is not null and cardinality(b.client_ids) = 1
    then ${ownChartOf(trx, sql`b.client_ids[1]`)} else i.chart_id end`

/** Those of these blocks (`b`) that notes of this chart may name, as the end of another statement. */
export const fromBlocksOf = (
  trx: PracticeTransaction,
  chartId: string,
  ids: readonly string[],
): RawBuilder<unknown> =>
  sql`from intensive_blocks b
    join intensives i on i.practice_id = b.practice_id and i.id = b.intensive_id
    where b.practice_id = ${trx.practiceId} and b.id = any(${[...ids]}::uuid[])
      and b.kind = any(${[...notedKinds]}::text[]) and ${chartOfBlock(trx)} = ${chartId}::uuid`

/**
 * Those of these blocks that notes of this chart may name, by start, whoever asks: only for a chart whose door was
 * passed.
 */
export async function findBlockFacts(
  trx: PracticeTransaction,
  chartId: string,
  ids: readonly string[],
): Promise<BlockFacts[]> {
  const { rows } = await sql<BlockFacts>`
    select b.id, b.intensive_id as "intensiveId", b.client_ids as "clientIds", b.status, i.time_zone as "timeZone",
      b.starts_at as "startsAt", b.delivered_minutes as "deliveredMinutes"
    ${fromBlocksOf(trx, chartId, ids)} order by b.starts_at, b.id`.execute(trx)
  return rows
}
