import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { limits } from '../../../lib/limits.ts'
import { partIfEnough, partsIfEnough } from '../../../lib/small-counts.ts'
import { withdrawn } from '../records/kind.ts'
import { block } from '../records/kinds/block.ts'
import { type patterns, typology } from '../records/kinds/typology.ts'
import type { BlockCohort, TypologyCohort } from './blocks.schemas.ts'

const { smallestCount } = limits

const openOf = ({ statuses, over = [] }: typeof block) =>
  statuses.filter(status => status !== withdrawn && !over.includes(status))

/** Why somebody left before it was time, as the last change of their status says. */
const early = ['client_request', 'no_contact']

interface BlockRow {
  /** Null for everybody. */
  category: BlockCohort['rows'][number]['category'] | null
  clients: number
  open: number
  withoutObjective: number
  leftEarly: number
}

/**
 * Blocks by category, in one statement. It counts clients, not blocks: somebody with many would be told of by their number.
 * A category is a part of everybody, so it is told only where neither it nor what it leaves over is small; and so is each
 * of its counts.
 */
export async function getBlockCohort(trx: PracticeTransaction): Promise<BlockCohort> {
  trx.audit({ resourceType: 'recovery-record' })
  const { rows } = await sql<BlockRow>`
    with people as (
      select m.client_id, c.id as chart_id, c.status = 'open' as in_care,
        coalesce(k.status in ('inactive', 'discharged') and last.reason = any(${early}::text[]), false) as left_early
      from charts c
      join chart_members m on m.practice_id = c.practice_id and m.chart_id = c.id and m.left_at is null
      join clients k on k.practice_id = m.practice_id and k.id = m.client_id and k.status <> 'merged'
      left join lateral (select s.reason from client_status_changes s
        where s.practice_id = k.practice_id and s.client_id = k.id order by s.id desc limit 1) last on true
      where c.practice_id = ${trx.practiceId} and c.kind = 'individual'),
    blocked as (
      select r.keys[1] as category, r.chart_id, bool_or(r.status = any(${openOf(block)}::text[])) as open,
        bool_or(r.status = any(${openOf(block)}::text[]) and r.plan_id is null) as uncovered
      from recovery_records r
      where r.practice_id = ${trx.practiceId} and r.kind = 'block' and r.status <> 'withdrawn' and r.data_class = 'clinical'
      group by 1, 2)
    select b.category, count(*)::int as clients, (count(*) filter (where b.open and p.in_care))::int as open,
      (count(*) filter (where b.uncovered and p.in_care))::int as "withoutObjective",
      (count(*) filter (where p.left_early))::int as "leftEarly"
    from people p join blocked b on b.chart_id = p.chart_id
    group by 1
    union all
    select null, count(*)::int, 0, 0, (count(*) filter (where p.left_early))::int from people p`.execute(trx)
  const all = rows.find(({ category }) => category === null)
  const everybody = { clients: all?.clients ?? 0, leftEarly: all?.leftEarly ?? 0 }
  return {
    smallestCount,
    clients: partIfEnough(everybody.clients, everybody.clients),
    leftEarly: partIfEnough(everybody.leftEarly, everybody.clients),
    rows: rows.flatMap(row => toRow(row, everybody)).toSorted(mostCommonFirst),
  }
}

function toRow(row: BlockRow, everybody: { clients: number; leftEarly: number }): BlockCohort['rows'] {
  const { category } = row
  const clients = partIfEnough(row.clients, everybody.clients)
  if (category === null || clients === null) return []
  const open = partIfEnough(row.open, clients)
  const withinCategory = partIfEnough(row.leftEarly, clients)
  return [
    {
      category,
      clients,
      open,
      withoutObjective: open === null ? null : partIfEnough(row.withoutObjective, open),
      // It is also a part of all who left: those without such a block are not to be told of by the difference either.
      leftEarly: withinCategory === null ? null : partIfEnough(withinCategory, everybody.leftEarly),
    },
  ]
}

const mostCommonFirst = (a: BlockCohort['rows'][number], b: BlockCohort['rows'][number]) =>
  b.clients - a.clients || (a.category < b.category ? -1 : 1)

/** Of each client in care the newest pattern counts that was not set aside. */
export async function getTypologyCohort(trx: PracticeTransaction): Promise<TypologyCohort> {
  trx.audit({ resourceType: 'recovery-record' })
  const { rows } = await sql<{ pattern: (typeof patterns)[number]; clients: number }>`
    select latest.pattern, count(*)::int as clients
    from charts c
    cross join lateral (select r.keys[1] as pattern from recovery_records r
      where r.practice_id = c.practice_id and r.chart_id = c.id and r.kind = 'typology'
        and r.status = any(${openOf(typology)}::text[])
      order by r.occurred_on desc, r.id desc limit 1) latest
    where c.practice_id = ${trx.practiceId} and c.kind = 'individual' and c.status = 'open'
    group by 1`.execute(trx)
  const clients = rows.reduce((sum, row) => sum + row.clients, 0)
  const of = (pattern: (typeof patterns)[number]) => rows.find(row => row.pattern === pattern)?.clients ?? 0
  return {
    smallestCount,
    clients: clients >= smallestCount ? clients : null,
    patterns: partsIfEnough({
      sex: of('sex'),
      love: of('love'),
      both: of('both'),
      avoidance: of('avoidance'),
      undetermined: of('undetermined'),
    }),
  }
}
