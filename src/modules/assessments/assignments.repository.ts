import { type Insertable, type Selectable, sql, type UpdateObject } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { AssessmentAssignments, AssessmentChanges, DB } from '../../lib/database/schema.ts'
import { changeAtVersion, type RowVersion } from '../../lib/versions.ts'
import { isChartWithin, type OpenChart, readableClasses } from '../charts/index.ts'
import { practiceToday } from '../practice/index.ts'
import { type AssignmentStatus, openStatuses } from './assignments.rules.ts'

export type AssignmentRow = Selectable<AssessmentAssignments> & {
  overdue: boolean
  completed_at: Date | null
  /** Of an own instrument. */
  own_title: string | null
}
export type ChangeRow = Selectable<AssessmentChanges>

const isOverdue = (trx: PracticeTransaction) =>
  sql<boolean>`(a.status in ('assigned', 'in_progress') and a.due_on < ${practiceToday(trx)})`

const assignments = (trx: PracticeTransaction) =>
  trx
    .selectFrom('assessment_assignments as a')
    .leftJoin('assessments as s', join =>
      join.onRef('s.practice_id', '=', 'a.practice_id').onRef('s.assignment_id', '=', 'a.id'),
    )
    .leftJoin('instrument_editions as e', join =>
      join.onRef('e.practice_id', '=', 'a.practice_id').onRef('e.instrument_id', '=', 'a.instrument_id'),
    )
    .selectAll('a')
    .select(['s.completed_at', sql<boolean>`coalesce(${isOverdue(trx)}, false)`.as('overdue')])
    .select(sql<string | null>`e.definition ->> 'title'`.as('own_title'))
    .where('a.practice_id', '=', trx.practiceId)

/**
 * The classes of assessments the actor may know of in an open chart. A client knows of their own, whatever it asks about.
 */
export function knownClasses(trx: PracticeTransaction, chart: OpenChart): string[] {
  if (chart.via === 'self') return ['clinical', 'restricted']
  const readable = readableClasses(trx.scope.actor, chart)
  return (['clinical', 'restricted'] as const).filter(one => readable.includes(one))
}

const inChart = (trx: PracticeTransaction, chart: OpenChart) => {
  const query = assignments(trx)
    .where('a.chart_id', '=', chart.id)
    .where('a.data_class', '=', sql<string>`any(${knownClasses(trx, chart)}::text[])`)
  // What a clinician says of a client is not asked of the client.
  return chart.via === 'self' ? query.where('a.mode', '=', 'self') : query
}

export function findAssignment(
  trx: PracticeTransaction,
  chart: OpenChart,
  id: string,
): Promise<AssignmentRow | undefined> {
  return inChart(trx, chart).where('a.id', '=', id).executeTakeFirst()
}

export interface ChartFilter {
  limit: number
  before: string | undefined
  status: AssignmentStatus | undefined
  clientId: string | undefined
}

/** One row more than asked for, newest first. */
export function listInChart(
  trx: PracticeTransaction,
  chart: OpenChart,
  { limit, before, status, clientId }: ChartFilter,
): Promise<AssignmentRow[]> {
  let query = inChart(trx, chart)
  if (status) query = query.where('a.status', '=', status)
  if (clientId) query = query.where('a.client_id', '=', clientId)
  if (before) query = query.where('a.id', '<', before)
  return query
    .orderBy('a.id', 'desc')
    .limit(limit + 1)
    .execute()
}

export interface CaseloadFilter {
  limit: number
  overdue: boolean
  after: readonly [dueOn: string, id: string] | undefined
}

/**
 * What is waited for in every chart the actor may read, the longest due first; what has no day comes last. One row
 * more than asked for.
 */
export function listCaseload(
  trx: PracticeTransaction,
  { limit, overdue, after }: CaseloadFilter,
): Promise<AssignmentRow[]> {
  const permission = 'assessments:read'
  const within = (dataClass: 'clinical' | 'restricted') =>
    sql<boolean>`a.data_class = ${dataClass} and ${isChartWithin(trx, 'a.chart_id', { dataClass, permission })}`
  let query = assignments(trx)
    .where('a.status', '=', sql<string>`any(${[...openStatuses]}::text[])`)
    .where(sql<boolean>`((${within('clinical')}) or (${within('restricted')}))`)
  if (overdue) query = query.where('a.due_on', '<', practiceToday(trx))
  if (after) query = query.where(sql<boolean>`(${dueDay}, a.id) > (${after[0]}::date, ${after[1]}::uuid)`)
  return query
    .orderBy(dueDay)
    .orderBy('a.id')
    .limit(limit + 1)
    .execute()
}

/** What stands for no day where rows are put in the order of their days. */
export const noDay = '9999-12-31'
const dueDay = sql<string>`coalesce(a.due_on, '9999-12-31'::date)`

export type NewAssignmentRow = Omit<Insertable<AssessmentAssignments>, 'practice_id'>

export async function insertAssignment(trx: PracticeTransaction, values: NewAssignmentRow): Promise<void> {
  await trx
    .insertInto('assessment_assignments')
    .values({ ...values, practice_id: trx.practiceId })
    .execute()
}

/** The next of a series; whoever comes second finds it made. @returns whether this one made it */
export async function insertNext(trx: PracticeTransaction, values: NewAssignmentRow): Promise<boolean> {
  const made = await trx
    .insertInto('assessment_assignments')
    .values({ ...values, practice_id: trx.practiceId })
    .onConflict(conflict => conflict.columns(['practice_id', 'series_id', 'occurrence']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

/** @throws Problem `stale-version` */
export const changeAssignment = (
  trx: PracticeTransaction,
  at: RowVersion,
  changes: UpdateObject<DB, 'assessment_assignments'>,
) => changeAtVersion(trx, 'assessment_assignments', at, changes)

export async function insertChange(
  trx: PracticeTransaction,
  values: Omit<Insertable<AssessmentChanges>, 'practice_id'>,
): Promise<void> {
  await trx
    .insertInto('assessment_changes')
    .values({ ...values, practice_id: trx.practiceId })
    .execute()
}

/** Oldest first. */
export function listChanges(trx: PracticeTransaction, assessmentId: string): Promise<ChangeRow[]> {
  return trx
    .selectFrom('assessment_changes')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('assignment_id', '=', assessmentId)
    .orderBy('recorded_at')
    .orderBy('id')
    .execute()
}

export async function findReplacement(trx: PracticeTransaction, id: string): Promise<string | null> {
  const row = await trx
    .selectFrom('assessment_assignments')
    .select('id')
    .where('practice_id', '=', trx.practiceId)
    .where('replaces_id', '=', id)
    .executeTakeFirst()
  return row?.id ?? null
}

/** Whether the chart of an assignment is open, and the partner it is about still a member of it. */
export async function goesOn(trx: PracticeTransaction, row: AssignmentRow): Promise<boolean> {
  let query = trx
    .selectFrom('charts as c')
    .select('c.id')
    .where('c.practice_id', '=', trx.practiceId)
    .where('c.id', '=', row.chart_id)
    .where('c.status', '=', 'open')
  if (row.client_id) {
    const present = trx
      .selectFrom('chart_members as m')
      .select('m.id')
      .where('m.practice_id', '=', trx.practiceId)
      .where('m.chart_id', '=', row.chart_id)
      .where('m.client_id', '=', row.client_id)
      .where('m.left_at', 'is', null)
    query = query.where(({ exists }) => exists(present))
  }
  return (await query.executeTakeFirst()) !== undefined
}

/** For the job that lets assignments run out, which no chart's door leads: it shows nothing to anybody. */
export function findForExpiry(trx: PracticeTransaction, id: string): Promise<AssignmentRow | undefined> {
  return assignments(trx).where('a.id', '=', id).executeTakeFirst()
}
