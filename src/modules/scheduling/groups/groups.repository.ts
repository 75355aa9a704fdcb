import { type Insertable, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { TherapyGroups } from '../../../lib/database/schema.ts'
import { isChartWithin, toReadChart } from '../../charts/index.ts'
import type { GroupStatus } from './groups.rules.ts'

export interface GroupRow extends Selectable<TherapyGroups> {
  status: GroupStatus
  name: string
  taken: number
  meetings_held: number
  expected: number
  came: number
}

const groups = (trx: PracticeTransaction) =>
  trx
    .selectFrom('therapy_groups as g')
    .innerJoin('charts as c', join =>
      join.onRef('c.practice_id', '=', 'g.practice_id').onRef('c.id', '=', 'g.chart_id'),
    )
    .innerJoinLateral(
      eb =>
        eb
          .selectFrom('group_meetings as m')
          .innerJoin('group_meeting_attendance as a', join =>
            join.onRef('a.practice_id', '=', 'm.practice_id').onRef('a.meeting_id', '=', 'm.id'),
          )
          .select([
            sql<number>`count(distinct m.id)::int`.as('meetings_held'),
            sql<number>`count(*)::int`.as('expected'),
            sql<number>`(count(*) filter (where a.presence in ('present', 'late', 'left_early')))::int`.as(
              'came',
            ),
          ])
          .whereRef('m.practice_id', '=', 'g.practice_id')
          .whereRef('m.group_id', '=', 'g.id')
          .where('m.status', '=', 'held')
          .as('t'),
      join => join.onTrue(),
    )
    .selectAll('g')
    .select(({ ref }) => ref('g.status').$castTo<GroupStatus>().as('status'))
    .select([
      sql<string>`c.name`.as('name'),
      't.meetings_held',
      't.expected',
      't.came',
      sql<number>`(select count(*)::int from therapy_group_members s where s.practice_id = g.practice_id
        and s.group_id = g.id and s.left_at is null)`.as('taken'),
    ])
    .where('g.practice_id', '=', trx.practiceId)

/** Without asking who may see it: its chart's door does. */
export function findGroup(trx: PracticeTransaction, id: string): Promise<GroupRow | undefined> {
  return groups(trx).where('g.id', '=', id).executeTakeFirst()
}

/** One row more than asked for, newest first, of groups whose chart the caller may see. */
export function listGroups(
  trx: PracticeTransaction,
  { limit, status, before }: { limit: number; status: string | undefined; before: string | undefined },
): Promise<GroupRow[]> {
  let query = groups(trx).where(isChartWithin(trx, 'g.chart_id', toReadChart))
  if (status) query = query.where('g.status', '=', status)
  if (before) query = query.where('g.id', '<', before)
  return query
    .orderBy('g.id', 'desc')
    .limit(limit + 1)
    .execute()
}

export async function insertGroup(
  trx: PracticeTransaction,
  values: Omit<Insertable<TherapyGroups>, 'practice_id'>,
): Promise<void> {
  await trx
    .insertInto('therapy_groups')
    .values({ ...values, practice_id: trx.practiceId })
    .execute()
}

/** Holds the group until the end of the transaction: who joins, leaves, books or moves queues up here. */
export async function lockGroup(trx: PracticeTransaction, id: string): Promise<void> {
  await trx
    .selectFrom('therapy_groups')
    .select('id')
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .forNoKeyUpdate()
    .execute()
}

/**
 * As many seats as this. Members on seats that go move to free ones first; where there are more members than seats the
 * foreign key refuses.
 */
export async function setSeats(trx: PracticeTransaction, groupId: string, capacity: number): Promise<void> {
  const ours = sql`practice_id = ${trx.practiceId} and group_id = ${groupId}`
  await sql`
    insert into therapy_group_seats (practice_id, group_id, number)
    select ${trx.practiceId}, ${groupId}, n from generate_series(1, ${capacity}::int) n
    on conflict do nothing`.execute(trx)
  await sql`
    with free as (
      select s.number, row_number() over (order by s.number) as turn from therapy_group_seats s
      where ${ours} and s.number <= ${capacity} and not exists (select from therapy_group_members m
        where m.practice_id = s.practice_id and m.group_id = s.group_id and m.seat_number = s.number)),
    above as (
      select m.id, row_number() over (order by m.seat_number) as turn from therapy_group_members m
      where ${ours} and m.seat_number > ${capacity})
    update therapy_group_members m set seat_number = free.number
    from above join free on free.turn = above.turn
    where m.practice_id = ${trx.practiceId} and m.id = above.id`.execute(trx)
  await sql`delete from therapy_group_seats where ${ours} and number > ${capacity}`.execute(trx)
}
