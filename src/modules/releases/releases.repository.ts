import { type Insertable, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { Releases } from '../../lib/database/schema.ts'
import { changeAtVersion } from '../../lib/versions.ts'
import type { OpenChart } from '../charts/index.ts'
import { practiceToday } from '../practice/index.ts'
import type { RecipientKind, ReleaseCategory } from './releases.rules.ts'
import { isToldOf } from './told-charts.ts'

type Row = Selectable<Releases>
export type ReleaseRow = Omit<Row, 'recipient_kind' | 'categories'> & {
  recipient_kind: RecipientKind
  categories: ReleaseCategory[]
}

/** A release, and what day it is where the practice is. */
export type ReleaseToday = ReleaseRow & { today: string }

const releases = (trx: PracticeTransaction) =>
  trx
    .selectFrom('releases as r')
    .selectAll('r')
    .select([
      practiceToday(trx).as('today'),
      ({ ref }) => ref('r.recipient_kind').$castTo<RecipientKind>().as('recipient_kind'),
      ({ ref }) => ref('r.categories').$castTo<ReleaseCategory[]>().as('categories'),
    ])
    .where('r.practice_id', '=', trx.practiceId)

const ofChart = (trx: PracticeTransaction, chart: OpenChart) =>
  releases(trx).where('r.chart_id', '=', chart.id)

export const findRelease = (
  trx: PracticeTransaction,
  chart: OpenChart,
  id: string,
): Promise<ReleaseToday | undefined> => ofChart(trx, chart).where('r.id', '=', id).executeTakeFirst()

interface Paging {
  limit: number
  before: string | undefined
}

/** Newest first, one row more than asked for. */
export function listReleases(
  trx: PracticeTransaction,
  chart: OpenChart,
  { limit, before }: Paging,
): Promise<ReleaseToday[]> {
  let query = ofChart(trx, chart)
  if (before) query = query.where('r.id', '<', before)
  return query
    .orderBy('r.id', 'desc')
    .limit(limit + 1)
    .execute()
}

/** Those that this client signed, as far as it is told; newest first, one row more than asked for. */
export function listReleasesOf(
  trx: PracticeTransaction,
  { clientIds }: OpenChart,
  { limit, before }: Paging,
): Promise<ReleaseToday[]> {
  let query = releases(trx)
    .where('r.client_id', '=', sql<string>`any(${clientIds}::uuid[])`)
    .where(isToldOf(trx, 'r.chart_id'))
  if (before) query = query.where('r.id', '<', before)
  return query
    .orderBy('r.id', 'desc')
    .limit(limit + 1)
    .execute()
}

/** Those of these ids in this chart, held as they are until COMMIT: whoever revokes one waits, or was first. */
export function holdReleases(
  trx: PracticeTransaction,
  chart: OpenChart,
  ids: readonly string[],
): Promise<ReleaseToday[]> {
  return ofChart(trx, chart)
    .where('r.id', '=', sql<string>`any(${ids}::uuid[])`)
    .orderBy('r.id')
    .forShare('r')
    .execute()
}

/** Everybody who ever was a member of the chart. */
export async function membersEver(trx: PracticeTransaction, chart: OpenChart): Promise<string[]> {
  const rows = await trx
    .selectFrom('chart_members')
    .select('client_id')
    .distinct()
    .where('practice_id', '=', trx.practiceId)
    .where('chart_id', '=', chart.id)
    .execute()
  return rows.map(({ client_id }) => client_id)
}

export async function insertRelease(
  trx: PracticeTransaction,
  values: Omit<Insertable<Releases>, 'practice_id'>,
): Promise<void> {
  await trx
    .insertInto('releases')
    .values({ ...values, practice_id: trx.practiceId })
    .execute()
}

/** @throws Problem `stale-version` when somebody was faster */
export async function revoke(
  trx: PracticeTransaction,
  before: ReleaseToday,
  staffId: string,
): Promise<ReleaseToday> {
  const changes = { revoked_at: sql<Date>`now()`, revoked_by: staffId }
  const row = await changeAtVersion(trx, 'releases', before, changes)
  return { ...before, ...row, recipient_kind: before.recipient_kind, categories: before.categories }
}
