import { type Insertable, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { CheckIns } from '../../../lib/database/schema.ts'
import type { OpenChart } from '../../charts/index.ts'
import type { AboutAddiction, CheckInQuery } from './check-ins.schemas.ts'

export interface CheckInRow extends Selectable<CheckIns> {
  addictions: AboutAddiction[]
}

const checkIns = (trx: PracticeTransaction, chart: OpenChart) =>
  trx
    .selectFrom('check_ins as c')
    .selectAll('c')
    .select(
      sql<
        AboutAddiction[]
      >`coalesce((select jsonb_agg(jsonb_build_object('addictionId', a.addiction_id, 'urge', a.urge,
          'innerCircle', a.inner_circle, 'middleCircle', a.middle_circle, 'outerCircle', a.outer_circle)
          order by a.addiction_id)
        from check_in_addictions a where a.practice_id = c.practice_id and a.check_in_id = c.id), '[]')`.as(
        'addictions',
      ),
    )
    .where('c.practice_id', '=', trx.practiceId)
    .where('c.chart_id', '=', chart.id)

export function findCheckIn(
  trx: PracticeTransaction,
  chart: OpenChart,
  id: string,
): Promise<CheckInRow | undefined> {
  return checkIns(trx, chart).where('c.id', '=', id).executeTakeFirst()
}

/** Day and id of the last one shown. */
export type After = readonly [string, string] | undefined

/** One row more than asked for, the newest day first. */
export function listCheckIns(
  trx: PracticeTransaction,
  chart: OpenChart,
  { limit, from, to, kind, superseded }: Omit<CheckInQuery, 'cursor'> & { limit: number },
  after: After,
): Promise<CheckInRow[]> {
  let query = checkIns(trx, chart)
  if (!superseded) query = query.where('c.in_force', '=', true)
  if (kind) query = query.where('c.kind', '=', kind)
  if (from) query = query.where('c.covers_on', '>=', from)
  if (to) query = query.where('c.covers_on', '<=', to)
  if (after) query = query.where(sql<boolean>`(c.covers_on, c.id) < (${after[0]}::date, ${after[1]}::uuid)`)
  return query
    .orderBy('c.covers_on', 'desc')
    .orderBy('c.id', 'desc')
    .limit(limit + 1)
    .execute()
}

export async function insertCheckIn(
  trx: PracticeTransaction,
  chart: OpenChart,
  values: Omit<Insertable<CheckIns>, 'practice_id' | 'chart_id'> & { id: string },
  about: readonly AboutAddiction[],
): Promise<void> {
  const inserted = trx
    .insertInto('check_ins')
    .values({ ...values, practice_id: trx.practiceId, chart_id: chart.id })
    .execute()
  // Sent in this order, in one round trip.
  await Promise.all([inserted, ...(about.length > 0 ? [insertAbout(trx, chart, values.id, about)] : [])])
}

async function insertAbout(
  trx: PracticeTransaction,
  chart: OpenChart,
  checkInId: string,
  about: readonly AboutAddiction[],
): Promise<void> {
  await sql`
    insert into check_in_addictions (practice_id, check_in_id, chart_id, addiction_id, urge, inner_circle, middle_circle,
      outer_circle)
    select ${trx.practiceId}, ${checkInId}, ${chart.id}, a."addictionId", a.urge, a."innerCircle", a."middleCircle", a."outerCircle"
    from jsonb_to_recordset(${JSON.stringify(about)}::jsonb) as a("addictionId" uuid, urge integer, "innerCircle" boolean,
      "middleCircle" boolean, "outerCircle" boolean)`.execute(trx)
}

/** @returns whether it was in force until now */
export async function supersede(trx: PracticeTransaction, id: string): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('check_ins')
    .set({ in_force: false })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .where('in_force', '=', true)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export interface CheckedDay {
  kind: 'daily' | 'weekly'
  covers_on: string
  addictions: Pick<AboutAddiction, 'addictionId' | 'innerCircle' | 'middleCircle' | 'outerCircle'>[]
}

/** The days and circles of every check-in in force, in one statement. */
export async function checkedDays(trx: PracticeTransaction, chart: OpenChart): Promise<CheckedDay[]> {
  const { rows } = await sql<CheckedDay>`
    select c.kind, c.covers_on, coalesce(jsonb_agg(jsonb_build_object('addictionId', a.addiction_id,
        'innerCircle', a.inner_circle, 'middleCircle', a.middle_circle, 'outerCircle', a.outer_circle))
      filter (where a.addiction_id is not null), '[]') as addictions
    from check_ins c
    left join check_in_addictions a on a.practice_id = c.practice_id and a.check_in_id = c.id
    where c.practice_id = ${trx.practiceId} and c.chart_id = ${chart.id} and c.in_force
    group by c.id, c.kind, c.covers_on order by c.covers_on, c.id`.execute(trx)
  return rows
}
