import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { CareTeamMembers } from '../../lib/database/schema.ts'
import { updateAtVersion } from '../../lib/versions.ts'
import { practiceToday } from '../practice/index.ts'
import type { CareTeamRole } from './care-team.schemas.ts'
import { isCurrent } from './reach.ts'

export type CareTeamRow = Selectable<CareTeamMembers> & { display_name: string; current: boolean }

const members = (trx: PracticeTransaction) =>
  trx
    .selectFrom('care_team_members as t')
    .innerJoin('staff_members as s', join =>
      join.onRef('s.practice_id', '=', 't.practice_id').onRef('s.id', '=', 't.staff_id'),
    )
    .selectAll('t')
    .select(['s.display_name', isCurrent(trx).as('current')])
    .where('t.practice_id', '=', trx.practiceId)

export function findMember(
  trx: PracticeTransaction,
  chartId: string,
  id: string,
): Promise<CareTeamRow | undefined> {
  return members(trx).where('t.chart_id', '=', chartId).where('t.id', '=', id).executeTakeFirst()
}

/** One row more than asked for, in the order they were added. */
export function listMembers(
  trx: PracticeTransaction,
  chartId: string,
  { limit, current, after }: { limit: number; current: boolean | undefined; after: string | undefined },
): Promise<CareTeamRow[]> {
  let query = members(trx).where('t.chart_id', '=', chartId)
  if (current !== undefined) query = query.where(isCurrent(trx), '=', current)
  if (after) query = query.where('t.id', '>', after)
  return query
    .orderBy('t.id')
    .limit(limit + 1)
    .execute()
}

/** Whether this member of staff may be on a care team: active, and a clinician (an associate is one). */
export async function isClinician(trx: PracticeTransaction, staffId: string): Promise<boolean> {
  const row = await trx
    .selectFrom('staff_members')
    .select('id')
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', staffId)
    .where('status', '=', 'active')
    .where(sql<boolean>`'clinician' = any(roles)`)
    .executeTakeFirst()
  return row !== undefined
}

/**
 * Puts staff on the care team of a new chart, from today on.
 *
 * @returns those who are: active clinicians only
 */
export async function insertFirstMembers(
  trx: PracticeTransaction,
  chartId: string,
  careTeam: readonly { staffId: string; role: CareTeamRole }[],
): Promise<ReadonlySet<string>> {
  if (careTeam.length === 0) return new Set()
  const { rows } = await sql<{ staff_id: string }>`
    insert into care_team_members (practice_id, chart_id, staff_id, role, starts_on)
    select s.practice_id, ${chartId}, s.id, w.role, ${practiceToday(trx)}
    from unnest(${careTeam.map(member => member.staffId)}::uuid[], ${careTeam.map(member => member.role)}::text[])
      as w(staff_id, role)
    join staff_members s on s.practice_id = ${trx.practiceId} and s.id = w.staff_id
      and s.status = 'active' and 'clinician' = any(s.roles)
    returning staff_id`.execute(trx)
  return new Set(rows.map(row => row.staff_id))
}

/**
 * Holds the chart's row until commit, so that two changes of one team come one after the other. Without
 * it they deadlock in the exclusion constraints instead of one being refused.
 */
export async function lockChart(trx: PracticeTransaction, chartId: string): Promise<void> {
  await trx
    .selectFrom('charts')
    .select('id')
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', chartId)
    .forNoKeyUpdate()
    .execute()
}

export async function insertMember(
  trx: PracticeTransaction,
  values: Omit<Insertable<CareTeamMembers>, 'practice_id'>,
): Promise<string> {
  const row = await trx
    .insertInto('care_team_members')
    .values({ ...values, practice_id: trx.practiceId })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

/** Changes the row if it still has this version. */
export const updateMember = (
  trx: PracticeTransaction,
  id: string,
  version: number,
  changes: Updateable<CareTeamMembers>,
) => updateAtVersion(trx, 'care_team_members', { id, version }, changes)
