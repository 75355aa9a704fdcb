import { type Insertable, type Selectable, sql } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { ChartMembers, Charts } from '../../lib/database/schema.ts'
import type { ChartQuery } from './charts.schemas.ts'
import { isChartWithin, isCurrent } from './reach.ts'
import { toReadChart } from './ways.rules.ts'

export type MemberRow = Pick<Selectable<ChartMembers>, 'id' | 'client_id' | 'joined_at' | 'left_at'> & {
  display_name: string
}

/** Present members travel as JSON, so their times are text. */
export type ChartRow = Selectable<Charts> & {
  members: { id: string; client_id: string; joined_at: string; display_name: string }[]
}

/** What the person `clients k` is called. Never contact data: this is shown to whoever may see the chart. */
export const displayName = sql<string>`coalesce(k.preferred_name, k.legal_given_name) || ' ' || k.legal_family_name`

const membersOf = (trx: PracticeTransaction) =>
  trx
    .selectFrom('chart_members as m')
    .innerJoin('clients as k', join =>
      join.onRef('k.practice_id', '=', 'm.practice_id').onRef('k.id', '=', 'm.client_id'),
    )
    .select(['m.id', 'm.client_id', 'm.joined_at', displayName.as('display_name')])
    .where('m.practice_id', '=', trx.practiceId)

const charts = (trx: PracticeTransaction) =>
  trx
    .selectFrom('charts as c')
    .selectAll('c')
    .select(
      jsonArrayFrom(
        membersOf(trx)
          .where('m.chart_id', '=', sql.ref<string>('c.id'))
          .where('m.left_at', 'is', null)
          .orderBy('m.id'),
      ).as('members'),
    )
    .where('c.practice_id', '=', trx.practiceId)

export function findChart(trx: PracticeTransaction, id: string): Promise<ChartRow | undefined> {
  return charts(trx).where('c.id', '=', id).executeTakeFirst()
}

/** One row more than asked for, newest first: only charts the actor may see at least by name. */
export function listCharts(
  trx: PracticeTransaction,
  {
    limit,
    kind,
    status,
    clientId,
    staffId,
    before,
  }: ChartQuery & { limit: number; before: string | undefined },
): Promise<ChartRow[]> {
  let query = charts(trx).where(isChartWithin(trx, 'c.id', toReadChart))
  if (kind) query = query.where('c.kind', '=', kind)
  if (status) query = query.where('c.status', '=', status)
  if (clientId) {
    const ofClient = trx
      .selectFrom('chart_members as p')
      .select('p.chart_id')
      .where('p.practice_id', '=', trx.practiceId)
      .where('p.client_id', '=', clientId)
      .where('p.left_at', 'is', null)
    query = query.where('c.id', 'in', ofClient)
  }
  if (staffId) {
    const ofStaff = trx
      .selectFrom('care_team_members as t')
      .select('t.chart_id')
      .where('t.practice_id', '=', trx.practiceId)
      .where('t.staff_id', '=', staffId)
      .where(isCurrent(trx))
    query = query.where('c.id', 'in', ofStaff)
  }
  if (before) query = query.where('c.id', '<', before)
  return query
    .orderBy('c.id', 'desc')
    .limit(limit + 1)
    .execute()
}

export async function insertChart(
  trx: PracticeTransaction,
  values: Omit<Insertable<Charts>, 'practice_id'>,
): Promise<void> {
  await trx
    .insertInto('charts')
    .values({ ...values, practice_id: trx.practiceId })
    .execute()
}

/** Charts of one member each, in two statements, however many. */
export async function insertIndividualCharts(
  trx: PracticeTransaction,
  charts: readonly { id: string; clientId: string }[],
): Promise<void> {
  const ids = charts.map(chart => chart.id)
  const clientIds = charts.map(chart => chart.clientId)
  await sql`insert into charts (practice_id, id, kind)
    select ${trx.practiceId}, c.id, 'individual' from unnest(${ids}::uuid[]) as c(id)`.execute(trx)
  await sql`insert into chart_members (practice_id, chart_id, client_id)
    select ${trx.practiceId}, m.* from unnest(${ids}::uuid[], ${clientIds}::uuid[]) as m`.execute(trx)
}

/** Opens or closes the chart if it is not so yet, and still has the version, where one is given. */
export function setStatus(
  trx: PracticeTransaction,
  id: string,
  status: 'open' | 'closed',
  version?: number,
): Promise<Selectable<Charts> | undefined> {
  let query = trx
    .updateTable('charts')
    .set({
      status,
      closed_at: status === 'closed' ? sql<Date>`now()` : null,
      version: sql<number>`version + 1`,
      updated_at: sql<Date>`now()`,
    })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .where('status', '<>', status)
  if (version !== undefined) query = query.where('version', '=', version)
  return query.returningAll().executeTakeFirst()
}

/** Whether members come and go by the seats of a group. */
export async function hasSeats(trx: PracticeTransaction, id: string): Promise<boolean> {
  const row = await trx
    .selectFrom('charts')
    .select('has_seats')
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.has_seats === true
}

/** Whether this client's record goes on in another one. */
export async function isMerged(trx: PracticeTransaction, clientId: string): Promise<boolean> {
  const row = await trx
    .selectFrom('clients')
    .select('id')
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', clientId)
    .where('status', '=', 'merged')
    .executeTakeFirst()
  return row !== undefined
}

/** In one statement, however many. */
export async function insertMembers(
  trx: PracticeTransaction,
  chartId: string,
  clientIds: readonly string[],
): Promise<void> {
  if (clientIds.length === 0) return
  const members = clientIds.map(client_id => ({ practice_id: trx.practiceId, chart_id: chartId, client_id }))
  await trx.insertInto('chart_members').values(members).execute()
}

export async function insertMember(
  trx: PracticeTransaction,
  chartId: string,
  clientId: string,
): Promise<string> {
  const row = await trx
    .insertInto('chart_members')
    .values({ practice_id: trx.practiceId, chart_id: chartId, client_id: clientId })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

export function findMember(
  trx: PracticeTransaction,
  chartId: string,
  id: string,
): Promise<MemberRow | undefined> {
  return membersOf(trx)
    .select('m.left_at')
    .where('m.chart_id', '=', chartId)
    .where('m.id', '=', id)
    .executeTakeFirst()
}

/** One row more than asked for, in the order they joined: those who left too. */
export function listMembers(
  trx: PracticeTransaction,
  chartId: string,
  { limit, after }: { limit: number; after: string | undefined },
): Promise<MemberRow[]> {
  let query = membersOf(trx).select('m.left_at').where('m.chart_id', '=', chartId)
  if (after) query = query.where('m.id', '>', after)
  return query
    .orderBy('m.id')
    .limit(limit + 1)
    .execute()
}

/** Lets a present member leave. False when they had left before. */
export async function endMembership(trx: PracticeTransaction, id: string): Promise<boolean> {
  const row = await trx
    .updateTable('chart_members')
    .set({ left_at: sql<Date>`now()` })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .where('left_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}
