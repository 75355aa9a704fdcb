import { type Insertable, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { Urges } from '../../../lib/database/schema.ts'
import type { OpenChart } from '../../charts/index.ts'
import type { UrgePatterns } from './urges.schemas.ts'

export interface UrgeRow extends Selectable<Urges> {
  skill_ids: string[]
}

const urges = (trx: PracticeTransaction, chart: OpenChart) =>
  trx
    .selectFrom('urges as u')
    .selectAll('u')
    .select(
      sql<string[]>`array(select s.skill_id from urge_skills s
        where s.practice_id = u.practice_id and s.urge_id = u.id order by s.skill_id)`.as('skill_ids'),
    )
    .where('u.practice_id', '=', trx.practiceId)
    .where('u.chart_id', '=', chart.id)

export function findUrge(
  trx: PracticeTransaction,
  chart: OpenChart,
  id: string,
): Promise<UrgeRow | undefined> {
  return urges(trx, chart).where('u.id', '=', id).executeTakeFirst()
}

export interface UrgePage {
  limit: number
  from: string | undefined
  to: string | undefined
  /** Day and id of the last one shown. */
  after: readonly [string, string] | undefined
}

/** One row more than asked for, the newest day first. */
export function listUrges(
  trx: PracticeTransaction,
  chart: OpenChart,
  { limit, from, to, after }: UrgePage,
): Promise<UrgeRow[]> {
  let query = urges(trx, chart)
  if (from) query = query.where('u.occurred_on', '>=', from)
  if (to) query = query.where('u.occurred_on', '<=', to)
  if (after) query = query.where(sql<boolean>`(u.occurred_on, u.id) < (${after[0]}::date, ${after[1]}::uuid)`)
  return query
    .orderBy('u.occurred_on', 'desc')
    .orderBy('u.id', 'desc')
    .limit(limit + 1)
    .execute()
}

export async function insertUrge(
  trx: PracticeTransaction,
  chart: OpenChart,
  values: Omit<Insertable<Urges>, 'practice_id' | 'chart_id'> & { id: string },
  skillIds: readonly string[],
): Promise<void> {
  const inserted = trx
    .insertInto('urges')
    .values({ ...values, practice_id: trx.practiceId, chart_id: chart.id })
    .execute()
  // Sent in this order, in one round trip.
  await Promise.all([
    inserted,
    ...(skillIds.length > 0 ? [insertSkills(trx, chart, values.id, skillIds)] : []),
  ])
}

async function insertSkills(
  trx: PracticeTransaction,
  chart: OpenChart,
  urgeId: string,
  skillIds: readonly string[],
): Promise<void> {
  await sql`insert into urge_skills (practice_id, urge_id, skill_id, chart_id)
    select ${trx.practiceId}, ${urgeId}, s, ${chart.id} from unnest(${skillIds}::uuid[]) s`.execute(trx)
}

/** @returns whether it was not withdrawn before */
export async function withdrawUrge(trx: PracticeTransaction, id: string, staffId: string): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('urges')
    .set({ withdrawn_at: sql<Date>`now()`, withdrawn_by: staffId })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export type PatternRow = Omit<UrgePatterns, 'from' | 'to'>

/** All that the log shows of a range, in one statement. */
export async function patternsOf(
  trx: PracticeTransaction,
  chart: OpenChart,
  { from, to }: { from: string; to: string },
): Promise<PatternRow> {
  const { rows } = await sql<PatternRow>`
    with logged as materialized (select * from urges u
      where u.practice_id = ${trx.practiceId} and u.chart_id = ${chart.id} and u.withdrawn_at is null
        and u.occurred_on between ${from} and ${to}),
    by_trigger as (select trigger_id as "triggerId", count(*)::int as count,
        round(avg(urge_before), 2)::float8 as "meanUrge" from logged where trigger_id is not null group by 1),
    by_hour as (select weekday, local_hour as hour, count(*)::int as count,
        round(avg(urge_before), 2)::float8 as "meanUrge" from logged group by 1, 2),
    by_skill as (select s.skill_id as "copingSkillId", count(*)::int as uses,
        round(avg(u.urge_before - u.urge_after), 2)::float8 as "meanDrop",
        round(avg((u.outcome in ('passed', 'weakened'))::int), 2)::float8 as "hitRate"
      from logged u join urge_skills s on s.practice_id = u.practice_id and s.urge_id = u.id group by 1)
    select count(*)::int as count,
      round(avg(array_position(array['cue', 'thought', 'ritual', 'act'], stage)), 2)::float8 as "meanStage",
      round(avg((outcome <> 'acted_on')::int), 2)::float8 as "interruptedRate",
      coalesce((select jsonb_agg(to_jsonb(t) order by t.count desc, t."triggerId") from by_trigger t), '[]') as triggers,
      coalesce((select jsonb_agg(to_jsonb(h) order by h.weekday, h.hour) from by_hour h), '[]') as hours,
      coalesce((select jsonb_agg(to_jsonb(s) order by s.uses desc, s."copingSkillId") from by_skill s), '[]') as skills
    from logged`.execute(trx)
  const [row] = rows
  if (!row) throw new Error('An aggregate has one row')
  return row
}
