import { type Insertable, type RawBuilder, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { JourneyMigrationBatches } from '../../../lib/database/schema.ts'
import { isChartWithin } from '../../charts/index.ts'
import { ofCaseload } from '../caseload.repository.ts'
import type { VersionRow } from '../templates.repository.ts'
import type { BatchReason, MemberStatus } from './batches.rules.ts'

export type BatchRow = Selectable<JourneyMigrationBatches>

/** A version, and where those who follow it are to go. */
export interface Way {
  from: Pick<VersionRow, 'template_id' | 'number'>
  target: Pick<VersionRow, 'template_id' | 'content'>
  /** Keys of the version that nobody has spoken of. */
  unsaid: readonly string[]
}

/** A journey, and why it cannot go by itself; null where it can. */
export interface Assessed {
  id: string
  chartId: string
  reason: BatchReason | null
  undecidedKeys: string[]
}

/**
 * Every journey that follows a version and is not over, with what keeps it from going on by itself: in one statement,
 * however many. Work that was begun is never left behind unsaid.
 */
const assessed = (trx: PracticeTransaction, { from, target, unsaid }: Way) => sql<Assessed>`
  select j.id, j.chart_id as "chartId",
    case when j.status <> 'active' then 'not_active'
      when c.status <> 'open' then 'chart_closed'
      when ${target.template_id === from.template_id} then null
      when exists (select from journeys o where o.practice_id = j.practice_id and o.chart_id = j.chart_id
        and o.template_id = ${target.template_id} and o.status in ('active', 'paused')
        and o.client_id is not distinct from j.client_id) then 'in_target_program' end as obstacle,
    ${target.content.audience}::text = 'any'
      or (${target.content.audience}::text = 'couple') = (c.kind = 'couple' and j.client_id is null) as fits,
    array(select t.task_key from journey_tasks t
        where t.practice_id = j.practice_id and t.journey_id = j.id and t.dropped_at is null
          and t.task_key = any(${unsaid}::text[])
          and (t.status <> 'not_started' or exists (select from journey_performables p
            where p.practice_id = t.practice_id and p.task_id = t.id and p.dropped_at is null and p.status <> 'todo'))
      union select s.stage_key from journey_stages s
        where s.practice_id = j.practice_id and s.journey_id = j.id and s.withdrawn_at is null
          and s.template_id = j.template_id and s.template_number = j.template_number
          and s.stage_key = any(${unsaid}::text[])
      order by 1) as undecided
  from journeys j join charts c on c.practice_id = j.practice_id and c.id = j.chart_id
  where j.practice_id = ${trx.practiceId} and j.template_id = ${from.template_id}
    and j.template_number = ${from.number}::int and j.status in ('active', 'paused')`

const judged = (trx: PracticeTransaction, way: Way) => sql<Assessed>`
  select a.id, a."chartId",
    case when a.obstacle is not null then a.obstacle when not a.fits then 'audience'
      when cardinality(a.undecided) > 0 then 'undecided_keys' end as reason,
    case when a.obstacle is null and a.fits then a.undecided else '{}' end as "undecidedKeys"
  from (${assessed(trx, way)}) a`

/** How many journeys can go by themselves, and how many need a person for each reason. */
export async function countJourneys(
  trx: PracticeTransaction,
  way: Way,
): Promise<{ reason: BatchReason | null; count: number }[]> {
  const { rows } = await sql<{ reason: BatchReason | null; count: number }>`
    select w.reason, count(*)::int as count from (${judged(trx, way)}) w group by w.reason`.execute(trx)
  return rows
}

export interface BatchPage {
  limit: number
  after: string | undefined
}

/** Those that need a person, of charts that are open to the actor. One row more than asked for, by id. */
export async function listNeedingPerson(
  trx: PracticeTransaction,
  way: Way,
  { limit, after }: BatchPage,
): Promise<Assessed[]> {
  const { rows } = await sql<Assessed>`
    select w.* from (${judged(trx, way)}) w
    where w.reason is not null and ${isChartWithin(trx, 'w.chartId', ofCaseload)} ${afterId(sql`w.id`, after)}
    order by w.id limit ${limit + 1}`.execute(trx)
  return rows
}

const afterId = (column: RawBuilder<unknown>, after: string | undefined) =>
  after ? sql`and ${column} > ${after}::uuid` : sql``

/** One journey as it is now; undefined where it does not follow the version any more, or is over. */
export async function assessOne(
  trx: PracticeTransaction,
  way: Way,
  journeyId: string,
): Promise<Assessed | undefined> {
  const { rows } = await sql<Assessed>`
    select w.* from (${judged(trx, way)}) w where w.id = ${journeyId}`.execute(trx)
  return rows[0]
}

/** A batch with everybody who follows the version now. Of two at once the index lets one through. */
export async function insertBatch(
  trx: PracticeTransaction,
  values: Omit<Insertable<JourneyMigrationBatches>, 'practice_id'>,
): Promise<BatchRow> {
  const batch = trx
    .insertInto('journey_migration_batches')
    .values({ ...values, practice_id: trx.practiceId })
    .returningAll()
  const members = sql`insert into journey_batch_members (practice_id, batch_id, journey_id)
    select j.practice_id, ${values.id}::uuid, j.id from journeys j
    where j.practice_id = ${trx.practiceId} and j.template_id = ${values.from_template_id}
      and j.template_number = ${values.from_number}::int and j.status in ('active', 'paused')`
  // Sent in this order, in one round trip: members belong to the batch.
  const [row] = await Promise.all([batch.executeTakeFirstOrThrow(), members.execute(trx)])
  return row
}

const batches = (trx: PracticeTransaction) =>
  trx.selectFrom('journey_migration_batches').selectAll().where('practice_id', '=', trx.practiceId)

export function findBatch(trx: PracticeTransaction, id: string): Promise<BatchRow | undefined> {
  return batches(trx).where('id', '=', id).executeTakeFirst()
}

/** Of one version, one row more than asked for, newest first. */
export function listBatches(
  trx: PracticeTransaction,
  { template_id, number }: Way['from'],
  { limit, after }: BatchPage,
): Promise<BatchRow[]> {
  let query = batches(trx).where('from_template_id', '=', template_id).where('from_number', '=', number)
  if (after) query = query.where('id', '<', after)
  return query
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
}

export interface Progress {
  batch_id: string
  status: MemberStatus
  reason: BatchReason | null
  count: number
}

/** How far these batches are, in one statement. */
export async function progressOf(trx: PracticeTransaction, batchIds: readonly string[]): Promise<Progress[]> {
  const { rows } = await sql<Progress>`
    select m.batch_id, m.status, m.reason, count(*)::int as count from journey_batch_members m
    where m.practice_id = ${trx.practiceId} and m.batch_id = any(${batchIds}::uuid[])
    group by m.batch_id, m.status, m.reason`.execute(trx)
  return rows
}

export interface Member {
  id: string
  chartId: string
  status: MemberStatus
  reason: BatchReason | null
  undecidedKeys: string[]
  settledAt: Date | null
}

/** What became of journeys of charts that are open to the actor. One row more than asked for, by id. */
export async function listMembers(
  trx: PracticeTransaction,
  batchId: string,
  { limit, after, status }: BatchPage & { status: MemberStatus | undefined },
): Promise<Member[]> {
  const only = status ? sql`and m.status = ${status}` : sql``
  const { rows } = await sql<Member>`
    select j.id, j.chart_id as "chartId", m.status, m.reason, m.undecided_keys as "undecidedKeys",
      m.settled_at as "settledAt"
    from journey_batch_members m join journeys j on j.practice_id = m.practice_id and j.id = m.journey_id
    where m.practice_id = ${trx.practiceId} and m.batch_id = ${batchId} ${only}
      and ${isChartWithin(trx, 'j.chart_id', ofCaseload)} ${afterId(sql`m.journey_id`, after)}
    order by m.journey_id limit ${limit + 1}`.execute(trx)
  return rows
}

/** Holds the next journey that waits and that no other worker holds. */
export async function takeNext(
  trx: PracticeTransaction,
  batchId: string,
): Promise<{ id: string; chartId: string } | undefined> {
  const { rows } = await sql<{ id: string; chartId: string }>`
    select m.journey_id as id, j.chart_id as "chartId" from journey_batch_members m
    join journeys j on j.practice_id = m.practice_id and j.id = m.journey_id
    where m.practice_id = ${trx.practiceId} and m.batch_id = ${batchId} and m.status = 'waiting'
    order by m.journey_id limit 1
    for update of m skip locked`.execute(trx)
  return rows[0]
}

/** What became of a journey. Leaves with COMMIT: with what was done to it, or not at all. */
export function settle(
  trx: PracticeTransaction,
  batchId: string,
  journeyId: string,
  { reason, undecidedKeys }: { reason: BatchReason | null; undecidedKeys: readonly string[] },
): void {
  trx.later(
    trx
      .updateTable('journey_batch_members')
      .set({
        status: reason ? 'left' : 'migrated',
        reason,
        undecided_keys: [...undecidedKeys],
        settled_at: sql<Date>`now()`,
      })
      .where('practice_id', '=', trx.practiceId)
      .where('batch_id', '=', batchId)
      .where('journey_id', '=', journeyId),
  )
}

/** Ends a batch in which nobody waits. @returns whether this was the one that ended it */
export async function finish(trx: PracticeTransaction, batchId: string): Promise<boolean> {
  const { rows } = await sql<{ id: string }>`
    update journey_migration_batches b set status = 'finished', finished_at = now()
    where b.practice_id = ${trx.practiceId} and b.id = ${batchId} and b.status = 'running'
      and not exists (select from journey_batch_members m where m.practice_id = b.practice_id and m.batch_id = b.id
        and m.status = 'waiting')
    returning b.id`.execute(trx)
  return rows.length > 0
}
