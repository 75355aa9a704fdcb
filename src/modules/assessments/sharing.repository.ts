import { type Insertable, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { ScoreSharingConsents } from '../../lib/database/schema.ts'
import type { OpenChart } from '../charts/index.ts'

export type ConsentRow = Selectable<ScoreSharingConsents>

const inChart = (trx: PracticeTransaction, chart: OpenChart) =>
  trx
    .selectFrom('score_sharing_consents')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('chart_id', '=', chart.id)

export function findConsent(
  trx: PracticeTransaction,
  chart: OpenChart,
  id: string,
): Promise<ConsentRow | undefined> {
  return inChart(trx, chart).where('id', '=', id).executeTakeFirst()
}

/** One row more than asked for, newest first. */
export function listConsents(
  trx: PracticeTransaction,
  chart: OpenChart,
  {
    limit,
    before,
    instrument,
  }: { limit: number; before: string | undefined; instrument: string | undefined },
): Promise<ConsentRow[]> {
  let query = inChart(trx, chart)
  if (instrument) query = query.where('instrument_key', '=', instrument)
  if (before) query = query.where('id', '<', before)
  return query
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
}

/** Who agrees now to have the scores of an instrument shown beside the other's. */
export async function consenting(
  trx: PracticeTransaction,
  chart: OpenChart,
  instrumentKey: string,
): Promise<Set<string>> {
  const rows = await trx
    .selectFrom('score_sharing_consents')
    .select('client_id')
    .where('practice_id', '=', trx.practiceId)
    .where('chart_id', '=', chart.id)
    .where('instrument_key', '=', instrumentKey)
    .where('withdrawn_at', 'is', null)
    .execute()
  return new Set(rows.map(row => row.client_id))
}

/** The database refuses a second one that stands. */
export function insertConsent(
  trx: PracticeTransaction,
  values: Omit<Insertable<ScoreSharingConsents>, 'practice_id'>,
): Promise<ConsentRow> {
  return trx
    .insertInto('score_sharing_consents')
    .values({ ...values, practice_id: trx.practiceId })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Withdraws a consent that stands and has this version. */
export function withdraw(
  trx: PracticeTransaction,
  { id, version, by }: { id: string; version: number; by: string },
): Promise<ConsentRow | undefined> {
  return trx
    .updateTable('score_sharing_consents')
    .set({ withdrawn_at: sql<Date>`now()`, withdrawn_by: by, version: version + 1 })
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .where('version', '=', version)
    .where('withdrawn_at', 'is', null)
    .returningAll()
    .executeTakeFirst()
}
