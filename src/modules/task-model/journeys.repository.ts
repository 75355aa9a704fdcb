import { type Insertable, type InsertObject, type Selectable, sql, type UpdateObject } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { DB, JourneyMigrations, Journeys } from '../../lib/database/schema.ts'
import type { OpenChart } from '../charts/index.ts'
import type { JourneyStatus } from './journeys.rules.ts'

export interface JourneyRow extends Selectable<Journeys> {
  status: JourneyStatus
}

/** A journey whose chart's door this actor passed. What reads or writes its parts asks for one, not for an id. */
export interface OpenJourney {
  chart: OpenChart
  row: JourneyRow
}

/** A journey as somebody names it. Its parts are only found where it is of this chart, and released to a client who asks. */
export interface JourneyKey {
  chart: OpenChart
  row: { id: string }
}

/** The id of the journey that is named, for its parts to be asked for together with itself. */
export const idOf = (trx: PracticeTransaction, { chart, row }: JourneyKey) =>
  sql<string>`(select j.id from journeys j where j.practice_id = ${trx.practiceId} and j.chart_id = ${chart.id}
    and j.id = ${row.id}${chart.via === 'self' ? sql` and j.released_at is not null` : sql``})`

const journeys = (trx: PracticeTransaction, chart: OpenChart) =>
  trx
    .selectFrom('journeys')
    .selectAll()
    .select(eb => eb.ref('status').$castTo<JourneyStatus>().as('status'))
    .where('practice_id', '=', trx.practiceId)
    .where('chart_id', '=', chart.id)

export function findJourney(
  trx: PracticeTransaction,
  chart: OpenChart,
  id: string,
): Promise<JourneyRow | undefined> {
  return journeys(trx, chart).where('id', '=', id).executeTakeFirst()
}

/** Holds the journey until the end of the transaction: what happens to its parts happens one by one. */
export function lockJourney(
  trx: PracticeTransaction,
  chart: OpenChart,
  id: string,
): Promise<JourneyRow | undefined> {
  return journeys(trx, chart).where('id', '=', id).forNoKeyUpdate().executeTakeFirst()
}

export interface JourneyPage {
  limit: number
  after: string | undefined
}

/** One row more than asked for, oldest first. */
export function listJourneys(
  trx: PracticeTransaction,
  chart: OpenChart,
  { limit, after, status }: JourneyPage & { status: JourneyStatus | undefined },
): Promise<JourneyRow[]> {
  let query = journeys(trx, chart)
  if (status) query = query.where('status', '=', status)
  return pageOf(query, { limit, after })
}

/** What was released to the client of this chart. One row more than asked for, oldest first. */
export function listReleased(
  trx: PracticeTransaction,
  chart: OpenChart,
  page: JourneyPage,
): Promise<JourneyRow[]> {
  return pageOf(journeys(trx, chart).where('released_at', 'is not', null), page)
}

function pageOf(query: ReturnType<typeof journeys>, { limit, after }: JourneyPage): Promise<JourneyRow[]> {
  const rest = after ? query.where('id', '>', after) : query
  return rest
    .orderBy('id')
    .limit(limit + 1)
    .execute()
}

export async function insertJourney(
  trx: PracticeTransaction,
  chart: OpenChart,
  values: Omit<InsertObject<DB, 'journeys'>, 'practice_id' | 'chart_id'>,
): Promise<JourneyRow> {
  const row = await trx
    .insertInto('journeys')
    .values({ ...values, practice_id: trx.practiceId, chart_id: chart.id })
    .returningAll()
    .executeTakeFirstOrThrow()
  return { ...row, status: row.status as JourneyStatus }
}

/** Changes a journey that this transaction holds. */
export async function updateJourney(
  trx: PracticeTransaction,
  { row }: OpenJourney,
  changes: UpdateObject<DB, 'journeys'>,
): Promise<JourneyRow> {
  const changed = await trx
    .updateTable('journeys')
    .set({
      ...changes,
      version: row.version + 1,
      updated_at: sql<Date>`now()`,
      last_activity_at: sql<Date>`now()`,
    })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow()
  return { ...changed, status: changed.status as JourneyStatus }
}

/** Says that something happened to a journey that this transaction holds. */
export function touch(trx: PracticeTransaction, { row }: OpenJourney): void {
  trx.later(
    trx
      .updateTable('journeys')
      .set({ last_activity_at: sql<Date>`now()` })
      .where('practice_id', '=', trx.practiceId)
      .where('id', '=', row.id),
  )
}

/**
 * Writes the counts of the tasks onto their journey, which this transaction holds. Send it after the tasks were
 * changed: counts that another transaction wrote meanwhile would else be lost.
 */
export async function recount(trx: PracticeTransaction, journeyId: string): Promise<JourneyRow> {
  const { rows } = await sql<JourneyRow>`
    update journeys j set tasks_applicable = f.applicable, tasks_done = f.done, tasks_waiting = f.waiting,
      progress_permille = case f.applicable when 0 then 0 else f.done * 1000 / f.applicable end,
      stalest_since = f.stalest_since, last_activity_at = now()
    from (select (count(*) filter (where t.status <> 'not_applicable'))::int as applicable,
        (count(*) filter (where t.status in ('signed_off', 'maintained')))::int as done,
        (count(*) filter (where t.status in ('submitted', 'pending_cosign') or t.reopen_requested_at is not null))::int as waiting,
        min(t.status_since) filter (where t.status in ('in_progress', 'submitted', 'returned', 'pending_cosign')) as stalest_since
      from journey_tasks t
      where t.practice_id = ${trx.practiceId} and t.journey_id = ${journeyId} and t.dropped_at is null) f
    where j.practice_id = ${trx.practiceId} and j.id = ${journeyId}
    returning j.*`.execute(trx)
  const [row] = rows
  if (!row) throw new Error('A journey that is held is not there')
  return row
}

export async function insertMigration(
  trx: PracticeTransaction,
  values: Omit<Insertable<JourneyMigrations>, 'practice_id'>,
): Promise<void> {
  await trx
    .insertInto('journey_migrations')
    .values({ ...values, practice_id: trx.practiceId })
    .execute()
}
