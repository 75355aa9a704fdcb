import { type RawBuilder, sql } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { displayName, isChartWithin } from '../charts/index.ts'
import { practiceToday } from '../practice/index.ts'
import type { CaseloadOrder } from './caseload.schemas.ts'
import type { JourneyStatus } from './journeys.rules.ts'

/** What a caseload and its figures are made of: journeys in charts that are open to the actor. */
export const ofCaseload = { dataClass: 'clinical', permission: 'programs:read' } as const

interface Order {
  by: RawBuilder<unknown>
  descending: boolean
  /** A sort key as a cursor brings it back. */
  parse: (key: string) => RawBuilder<unknown>
}

const instant = (key: string) => sql`${key}::timestamptz`
const integer = (key: string) => sql`${key}::int`

const orders: Readonly<Record<CaseloadOrder, Order>> = {
  last_activity: { by: sql`j.last_activity_at`, descending: true, parse: instant },
  started: { by: sql`j.started_on`, descending: false, parse: key => sql`${key}::date` },
  progress: { by: sql`j.progress_permille`, descending: false, parse: integer },
  waiting: { by: sql`j.tasks_waiting`, descending: true, parse: integer },
  unmoved: { by: sql`coalesce(j.stalest_since, 'infinity')`, descending: false, parse: instant },
}

export interface CaseloadFilter {
  limit: number
  sort: CaseloadOrder
  status: JourneyStatus | undefined
  programTemplateId: string | undefined
  templateNumber: number | undefined
  after: readonly [key: string, id: string] | undefined
}

/** One row more than asked for, in one statement. */
export function listCaseload(
  trx: PracticeTransaction,
  { limit, sort, status, programTemplateId, templateNumber, after }: CaseloadFilter,
) {
  const { by, descending, parse } = orders[sort]
  let query = trx
    .selectFrom('journeys as j')
    .select(['j.id', 'j.chart_id', 'j.client_id', 'j.template_id', 'j.template_number', 'j.started_on'])
    .select([
      'j.tasks_applicable',
      'j.tasks_done',
      'j.tasks_waiting',
      'j.stalest_since',
      'j.last_activity_at',
    ])
    .select(eb => [
      eb.ref('j.status').$castTo<JourneyStatus>().as('status'),
      sql<string>`(${by})::text`.as('sort_key'),
      primaryOf(trx).as('primary_clinician_id'),
      membersOf(trx).as('members'),
    ])
    .where('j.practice_id', '=', trx.practiceId)
    .where(isChartWithin(trx, 'j.chart_id', ofCaseload))
  if (status) query = query.where('j.status', '=', status)
  if (programTemplateId) query = query.where('j.template_id', '=', programTemplateId)
  if (templateNumber !== undefined) query = query.where('j.template_number', '=', templateNumber)
  if (after) {
    const place = sql`(${parse(after[0])}, ${after[1]}::uuid)`
    query = query.where(
      descending ? sql<boolean>`(${by}, j.id) < ${place}` : sql<boolean>`(${by}, j.id) > ${place}`,
    )
  }
  const direction = descending ? 'desc' : 'asc'
  return query
    .orderBy(by, direction)
    .orderBy('j.id', direction)
    .limit(limit + 1)
    .execute()
}

export type CaseloadRow = Awaited<ReturnType<typeof listCaseload>>[number]

const membersOf = (trx: PracticeTransaction) =>
  jsonArrayFrom(
    trx
      .selectFrom('chart_members as m')
      .innerJoin('clients as k', join =>
        join.onRef('k.practice_id', '=', 'm.practice_id').onRef('k.id', '=', 'm.client_id'),
      )
      .select(['m.client_id', displayName.as('display_name')])
      .where('m.practice_id', '=', trx.practiceId)
      .where('m.chart_id', '=', sql.ref<string>('j.chart_id'))
      .where('m.left_at', 'is', null)
      .orderBy('m.id'),
  )

const primaryOf = (trx: PracticeTransaction) => sql<string | null>`(select t.staff_id from care_team_members t
  where t.practice_id = ${trx.practiceId} and t.chart_id = j.chart_id and t.role = 'primary'
    and daterange(t.starts_on, t.ends_on) @> ${practiceToday(trx)} limit 1)`
