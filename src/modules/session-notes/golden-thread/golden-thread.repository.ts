import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { OpenChart } from '../../charts/index.ts'
import { countedStatuses } from '../counted.ts'

export interface Range {
  from: string
  to: string
}

export interface ObjectiveCount {
  objective_key: string
  notes: number
  last_on: string | null
}

/** How often objectives of a plan were worked on in the range, and when last at all. */
export async function countByObjective(
  trx: PracticeTransaction,
  chart: OpenChart,
  planId: string,
  { from, to }: Range,
): Promise<ObjectiveCount[]> {
  const { rows } = await sql<ObjectiveCount>`
    select o.objective_key,
      (count(*) filter (where n.session_date between ${from}::date and ${to}::date))::int as notes,
      max(n.session_date) as last_on
    from session_notes n
    join session_note_objectives o on o.practice_id = n.practice_id and o.note_id = n.id and o.revision = n.revision
    where n.practice_id = ${trx.practiceId} and n.chart_id = ${chart.id}
      and n.status = any(${[...countedStatuses]}::text[]) and o.plan_id = ${planId}
    group by o.objective_key`.execute(trx)
  return rows
}

export interface LooseNote {
  id: string
  session_date: string
  author_id: string
  /** Of all of them, on each. */
  total: number
}

/** Notes of the range that name no objective of any plan; a session that nobody came to needs none. */
export async function listWithoutObjectives(
  trx: PracticeTransaction,
  chart: OpenChart,
  { from, to }: Range,
  limit: number,
): Promise<LooseNote[]> {
  const { rows } = await sql<LooseNote>`
    select n.id, n.session_date, n.author_id, (count(*) over ())::int as total
    from session_notes n
    where n.practice_id = ${trx.practiceId} and n.chart_id = ${chart.id}
      and n.status = any(${[...countedStatuses]}::text[]) and not 'no_show' = any(n.part_kinds)
      and n.session_date between ${from}::date and ${to}::date
      and not exists (select from session_note_objectives o
        where o.practice_id = n.practice_id and o.note_id = n.id and o.revision = n.revision)
    order by n.session_date desc, n.id desc
    limit ${limit}`.execute(trx)
  return rows
}
