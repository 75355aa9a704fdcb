import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { unknownReference } from '../../../lib/problems.ts'
import type { OpenChart } from '../../charts/index.ts'
import { canonicalId } from '../documents/ids.ts'

export interface AddictionColumns {
  is_primary: boolean
  in_check_ins: boolean
  sober_since: string | null
}

/** Leaves with COMMIT: a unique index refuses a second primary one. */
export function insertAddiction(
  trx: PracticeTransaction,
  chart: OpenChart,
  values: AddictionColumns & { id: string },
): void {
  trx.later(
    trx.insertInto('addictions').values({ ...values, practice_id: trx.practiceId, chart_id: chart.id }),
  )
}

/** Leaves with COMMIT, as `insertAddiction`. */
export function updateAddiction(trx: PracticeTransaction, id: string, columns: AddictionColumns): void {
  trx.later(
    trx.updateTable('addictions').set(columns).where('practice_id', '=', trx.practiceId).where('id', '=', id),
  )
}

export interface AddictionRow extends AddictionColumns {
  id: string
  status: string
}

/** All of a chart, oldest first, without what people wrote of them. */
export function addictionsOf(trx: PracticeTransaction, chart: OpenChart): Promise<AddictionRow[]> {
  return trx
    .selectFrom('addictions as a')
    .innerJoin('recovery_documents as d', join =>
      join.onRef('d.practice_id', '=', 'a.practice_id').onRef('d.id', '=', 'a.id'),
    )
    .select(['a.id', 'a.is_primary', 'a.in_check_ins', 'a.sober_since', 'd.status'])
    .where('a.practice_id', '=', trx.practiceId)
    .where('a.chart_id', '=', chart.id)
    .orderBy('a.id')
    .execute()
}

/**
 * Refuses ids of what is no addiction in this chart. A client may name those that check-ins ask about and no others:
 * they were shown no others.
 *
 * @throws Problem `unknown-reference`
 */
export async function requireAddictions(
  trx: PracticeTransaction,
  chart: OpenChart,
  pointer: string,
  ids: readonly (string | null | undefined)[],
): Promise<void> {
  const given = ids.filter(id => typeof id === 'string').map(canonicalId)
  if (given.length === 0) return
  let query = trx
    .selectFrom('addictions')
    .select('id')
    .where('practice_id', '=', trx.practiceId)
    .where('chart_id', '=', chart.id)
    .where('id', '=', sql<string>`any(${given}::uuid[])`)
  if (chart.via === 'self') query = query.where('in_check_ins', '=', true)
  const known = new Set((await query.execute()).map(row => row.id))
  if (given.some(id => !known.has(id))) throw unknownReference(pointer)
}

/** Leaves with COMMIT. */
export function insertInteraction(
  trx: PracticeTransaction,
  chart: OpenChart,
  { id, fromId, toId }: { id: string; fromId: string; toId: string },
): void {
  trx.later(
    trx.insertInto('addiction_interactions').values({
      practice_id: trx.practiceId,
      id,
      chart_id: chart.id,
      from_addiction_id: fromId,
      to_addiction_id: toId,
    }),
  )
}

export interface CoOccurrenceRow {
  first_id: string
  second_id: string
  days: number
}

/**
 * On how many days two addictions were both there: an act of the inner circle, or an urge of at least this strength, in a
 * check-in in force, the urge log or a lapse. One statement, whatever the range.
 */
export async function coOccurrences(
  trx: PracticeTransaction,
  chart: OpenChart,
  { from, to, urge }: { from: string; to: string; urge: number },
): Promise<CoOccurrenceRow[]> {
  const { rows } = await sql<CoOccurrenceRow>`
    with seen as (
      select c.covers_on as day, a.addiction_id from check_ins c
        join check_in_addictions a on a.practice_id = c.practice_id and a.check_in_id = c.id
        where c.practice_id = ${trx.practiceId} and c.chart_id = ${chart.id} and c.in_force and c.kind = 'daily'
          and c.covers_on between ${from} and ${to} and (a.inner_circle or a.urge >= ${urge})
      union select u.occurred_on, u.addiction_id from urges u
        where u.practice_id = ${trx.practiceId} and u.chart_id = ${chart.id} and u.withdrawn_at is null
          and u.addiction_id is not null and u.occurred_on between ${from} and ${to} and u.urge_before >= ${urge}
      union select l.occurred_on, l.addiction_id from lapses l
        join recovery_documents d on d.practice_id = l.practice_id and d.id = l.id and d.status <> 'withdrawn'
        where l.practice_id = ${trx.practiceId} and l.chart_id = ${chart.id} and l.occurred_on between ${from} and ${to})
    select a.addiction_id as first_id, b.addiction_id as second_id, count(*)::int as days
    from seen a join seen b on b.day = a.day and b.addiction_id > a.addiction_id
    group by 1, 2 order by 3 desc, 1, 2`.execute(trx)
  return rows
}
