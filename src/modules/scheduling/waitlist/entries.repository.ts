import { type Insertable, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { WaitlistEntries } from '../../../lib/database/schema.ts'
import { isChartWithin, toReadChart } from '../../charts/index.ts'
import { type SeenAs, subjectName } from '../appointments.access.ts'
import type { WaitlistQuery } from './waitlist.schemas.ts'

export type EntryRow = Selectable<WaitlistEntries> & {
  chart_kind: 'individual' | 'couple' | 'group'
  chart_status: string
  member_ids: string[]
  couple_id: string | null
  subject_name: string | null
}

const entries = (trx: PracticeTransaction) =>
  trx
    .selectFrom('waitlist_entries as a')
    .innerJoin('charts as c', join =>
      join.onRef('c.practice_id', '=', 'a.practice_id').onRef('c.id', '=', 'a.chart_id'),
    )
    .leftJoin('couples as k', join =>
      join.onRef('k.practice_id', '=', 'a.practice_id').onRef('k.chart_id', '=', 'a.chart_id'),
    )
    .selectAll('a')
    .select([
      sql<EntryRow['chart_kind']>`c.kind`.as('chart_kind'),
      'c.status as chart_status',
      'k.id as couple_id',
      // In the chart of a merged record the survivor comes first: who sits down is the record that goes on.
      sql<string[]>`array(select m.client_id from chart_members m
        join clients k on k.practice_id = m.practice_id and k.id = m.client_id
        where m.practice_id = a.practice_id and m.chart_id = a.chart_id and m.left_at is null
        order by k.status = 'merged', m.id)`.as('member_ids'),
      // Whoever is shown an entry has come through the door of its chart.
      subjectName(trx, sql<SeenAs>`'chart'`).as('subject_name'),
    ])
    .where('a.practice_id', '=', trx.practiceId)

/** Without asking who may see it: its chart's door does. */
export function findEntry(trx: PracticeTransaction, id: string): Promise<EntryRow | undefined> {
  return entries(trx).where('a.id', '=', id).executeTakeFirst()
}

/** Of an offer, whoever asks: with it, its own door decides. */
export function findEntryOf(trx: PracticeTransaction, offerId: string): Promise<EntryRow | undefined> {
  return entries(trx)
    .where(
      'a.id',
      '=',
      sql<string>`(select f.entry_id from waitlist_offers f
        where f.practice_id = ${trx.practiceId} and f.id = ${offerId})`,
    )
    .executeTakeFirst()
}

/** One row more than asked for, in the order in which they have their turn, of charts the caller may see. */
export function listEntries(
  trx: PracticeTransaction,
  { status, serviceId, groupId }: WaitlistQuery,
  page: { limit: number; after: { priority: number; id: string } | undefined },
): Promise<EntryRow[]> {
  let query = entries(trx).where(isChartWithin(trx, 'a.chart_id', toReadChart))
  if (status) query = query.where('a.status', '=', status)
  if (serviceId) query = query.where('a.service_id', '=', serviceId)
  if (groupId) query = query.where('a.group_id', '=', groupId)
  if (page.after) {
    const { priority, id } = page.after
    query = query
      .where('a.priority', '>=', priority)
      .where(e => e.or([e('a.priority', '>', priority), e('a.id', '>', id)]))
  }
  return query
    .orderBy('a.priority')
    .orderBy('a.id')
    .limit(page.limit + 1)
    .execute()
}

export async function insertEntry(
  trx: PracticeTransaction,
  values: Omit<Insertable<WaitlistEntries>, 'practice_id'>,
): Promise<void> {
  await trx
    .insertInto('waitlist_entries')
    .values({ ...values, practice_id: trx.practiceId })
    .execute()
}
