import { sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { todayInChart } from '../../clients/index.ts'
import type { Circle, CoveredDays, Milestone, RecoveryEvent } from '../days.rules.ts'
import type { Philosophy } from '../words.ts'

/** What the streak of one addiction is computed from. A job opens no chart: nobody reads anything through it. */
export interface WatchedAddiction {
  addictionId: string
  chartId: string
  /** Where the client lives. */
  today: string
  soberSince: string | null
  /** What is followed today; null where none was chosen. */
  philosophy: Philosophy | null
  definitions: {
    number: number
    effectiveFrom: string
    items: { itemId: string; circle: Circle }[]
  }[]
  lapses: RecoveryEvent[]
  /** Check-ins in force that say the inner circle was touched. */
  touched: CoveredDays[]
}

/** How many charts are looked at in one round. */
const atOnce = 500

/** The addictions of open charts that were not looked at today, in one statement. */
export async function addictionsDue(trx: PracticeTransaction): Promise<WatchedAddiction[]> {
  const { rows } = await sql<WatchedAddiction>`
    with due as materialized (
      select c.practice_id, c.id, z.today from charts c
        cross join lateral (select ${todayInChart(trx, sql`c.id`)} as today) z
        left join streak_watches w on w.practice_id = c.practice_id and w.chart_id = c.id
      where c.practice_id = ${trx.practiceId} and c.status = 'open' and c.kind = 'individual'
        and (w.looked_on is null or w.looked_on < z.today)
        and exists (select from addictions a where a.practice_id = c.practice_id and a.chart_id = c.id)
      order by c.id limit ${atOnce})
    select a.id as "addictionId", a.chart_id as "chartId", due.today, a.sober_since as "soberSince",
      (select f.philosophy from recovery_philosophies f where f.practice_id = a.practice_id and f.chart_id = a.chart_id
          and f.starts_on <= due.today order by f.starts_on desc, f.id desc limit 1) as philosophy,
      (select coalesce(jsonb_agg(jsonb_build_object('number', d.number, 'effectiveFrom', d.effective_from, 'items',
          (select coalesce(jsonb_agg(jsonb_build_object('itemId', i.item_id, 'circle', i.circle)), '[]')
            from sobriety_definition_items i where i.practice_id = d.practice_id and i.definition_id = d.id))), '[]')
        from sobriety_definitions d where d.practice_id = a.practice_id and d.addiction_id = a.id) as definitions,
      (select coalesce(jsonb_agg(jsonb_build_object('on', l.occurred_on, 'circle', l.circle, 'itemIds',
          (select coalesce(jsonb_agg(i.item_id), '[]') from lapse_items i
            where i.practice_id = l.practice_id and i.lapse_id = l.id))), '[]')
        from lapses l join recovery_documents r on r.practice_id = l.practice_id and r.id = l.id and r.status <> 'withdrawn'
        where l.practice_id = a.practice_id and l.chart_id = a.chart_id and l.addiction_id = a.id) as lapses,
      (select coalesce(jsonb_agg(jsonb_build_object('kind', k.kind, 'coversOn', k.covers_on)), '[]')
        from check_ins k join check_in_addictions t on t.practice_id = k.practice_id and t.check_in_id = k.id
          and t.addiction_id = a.id and t.inner_circle
        where k.practice_id = a.practice_id and k.chart_id = a.chart_id and k.in_force) as touched
    from due join addictions a on a.practice_id = due.practice_id and a.chart_id = due.id
    order by a.chart_id, a.id`.execute(trx)
  return rows
}

export interface ReachedMilestone extends Pick<Milestone, 'unit' | 'count'> {
  addictionId: string
  chartId: string
  /** The first day of the streak. */
  startsOn: string
  reachedOn: string
}

/** @returns those that were not told before */
export async function insertMilestones(
  trx: PracticeTransaction,
  reached: readonly ReachedMilestone[],
): Promise<Pick<ReachedMilestone, 'addictionId' | 'chartId'>[]> {
  if (reached.length === 0) return []
  const { rows } = await sql<Pick<ReachedMilestone, 'addictionId' | 'chartId'>>`
    insert into sobriety_milestones (practice_id, addiction_id, unit, count, starts_on, reached_on, chart_id)
    select ${trx.practiceId}, m."addictionId", m.unit, m.count, m."startsOn", m."reachedOn", m."chartId"
    from jsonb_to_recordset(${JSON.stringify(reached)}::jsonb) as m("addictionId" uuid, unit text, count integer,
      "startsOn" date, "reachedOn" date, "chartId" uuid)
    on conflict do nothing
    returning addiction_id as "addictionId", chart_id as "chartId"`.execute(trx)
  return rows
}

export async function markLookedAt(
  trx: PracticeTransaction,
  addictions: readonly Pick<WatchedAddiction, 'chartId' | 'today'>[],
): Promise<void> {
  const days = new Map(addictions.map(({ chartId, today }) => [chartId, today]))
  const rows = JSON.stringify([...days].map(([chartId, today]) => ({ chartId, today })))
  await sql`
    insert into streak_watches (practice_id, chart_id, looked_on)
    select ${trx.practiceId}, w."chartId", w.today
    from jsonb_to_recordset(${rows}::jsonb) as w("chartId" uuid, today date)
    on conflict on constraint streak_watches_pkey do update set looked_on = excluded.looked_on`.execute(trx)
}
