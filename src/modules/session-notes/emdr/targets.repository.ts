import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { EmdrTargetHistory, EmdrTargets } from '../../../lib/database/schema.ts'
import type { OpenChart } from '../../charts/index.ts'
import { openStatuses, type TargetKind, type TargetStatus } from './targets.rules.ts'

export type TargetRow = Selectable<EmdrTargets>
export type HistoryRow = Selectable<EmdrTargetHistory>

/** A target with the words in force. */
export type TargetWithWords = TargetRow & { content_sealed: Buffer | null }

const targets = (trx: PracticeTransaction, chart: OpenChart) =>
  trx
    .selectFrom('emdr_targets as t')
    .innerJoin('emdr_target_history as h', join =>
      join
        .onRef('h.practice_id', '=', 't.practice_id')
        .onRef('h.target_id', '=', 't.id')
        .onRef('h.version', '=', 't.content_version'),
    )
    .selectAll('t')
    .select('h.content_sealed')
    .where('t.practice_id', '=', trx.practiceId)
    .where('t.chart_id', '=', chart.id)

export function findTarget(
  trx: PracticeTransaction,
  chart: OpenChart,
  id: string,
): Promise<TargetWithWords | undefined> {
  return targets(trx, chart).where('t.id', '=', id).executeTakeFirst()
}

export interface TargetFilter {
  status?: TargetStatus | undefined
  kind?: TargetKind | undefined
}

/** The sort key of a target in the list. */
export type TargetPlace = readonly [attention: number, position: number, id: string]

/** What is unfinished first, then in the planned order. One row more than asked for. */
export function listTargets(
  trx: PracticeTransaction,
  chart: OpenChart,
  { status, kind }: TargetFilter,
  { limit, after }: { limit: number; after: TargetPlace | undefined },
): Promise<TargetWithWords[]> {
  let query = targets(trx, chart)
  if (status) query = query.where('t.status', '=', status)
  if (kind) query = query.where('t.kind', '=', kind)
  if (after)
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('t.attention', 't.position', 't.id'), '>', tuple(after[0], after[1], after[2])),
    )
  return query
    .orderBy('t.attention')
    .orderBy('t.position')
    .orderBy('t.id')
    .limit(limit + 1)
    .execute()
}

/** Targets that were begun and are not through, the most urgent first. */
export function listOpenTargets(
  trx: PracticeTransaction,
  chart: OpenChart,
  limit: number,
): Promise<TargetWithWords[]> {
  return targets(trx, chart)
    .where('t.status', '=', sql<string>`any(${openStatuses}::text[])`)
    .orderBy('t.attention')
    .orderBy('t.position')
    .orderBy('t.id')
    .limit(limit)
    .execute()
}

/** Where targets of a chart stand, without their words. */
export function listStanding(
  trx: PracticeTransaction,
  chart: OpenChart,
): Promise<Pick<TargetRow, 'id' | 'status' | 'last_session_on'>[]> {
  return trx
    .selectFrom('emdr_targets')
    .select(['id', 'status', 'last_session_on'])
    .where('practice_id', '=', trx.practiceId)
    .where('chart_id', '=', chart.id)
    .where('status', '=', sql<string>`any(${openStatuses}::text[])`)
    .execute()
}

/** Those of these ids that are targets of this chart. */
export async function knownIds(
  trx: PracticeTransaction,
  chart: OpenChart,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await trx
    .selectFrom('emdr_targets')
    .select('id')
    .where('practice_id', '=', trx.practiceId)
    .where('chart_id', '=', chart.id)
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .execute()
  return new Set(rows.map(({ id }) => id))
}

/** Holds these targets of a chart, in an order that is the same for everybody. */
export function lockTargets(
  trx: PracticeTransaction,
  chart: OpenChart,
  ids: readonly string[],
): Promise<TargetRow[]> {
  return trx
    .selectFrom('emdr_targets')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('chart_id', '=', chart.id)
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .orderBy('id')
    .forUpdate()
    .execute()
}

/** Which targets a revision of a note moved. */
export async function movedBy(trx: PracticeTransaction, noteId: string, revision: number): Promise<string[]> {
  const rows = await trx
    .selectFrom('emdr_target_history')
    .select('target_id')
    .distinct()
    .where('practice_id', '=', trx.practiceId)
    .where('note_id', '=', noteId)
    .where('note_revision', '=', revision)
    .where('change', '=', 'moved_by_note')
    .execute()
  return rows.map(row => row.target_id)
}

/** The whole history of targets, oldest first. */
export function historyOf(trx: PracticeTransaction, ids: readonly string[]): Promise<HistoryRow[]> {
  return trx
    .selectFrom('emdr_target_history')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('target_id', '=', sql<string>`any(${ids}::uuid[])`)
    .orderBy('target_id')
    .orderBy('version')
    .execute()
}

/** One row more than asked for, oldest first. */
export function listHistory(
  trx: PracticeTransaction,
  targetId: string,
  { limit, after }: { limit: number; after: number },
): Promise<HistoryRow[]> {
  return trx
    .selectFrom('emdr_target_history')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('target_id', '=', targetId)
    .where('version', '>', after)
    .orderBy('version')
    .limit(limit + 1)
    .execute()
}

export function insertTarget(
  trx: PracticeTransaction,
  values: Omit<Insertable<EmdrTargets>, 'practice_id'>,
): Promise<TargetRow> {
  return trx
    .insertInto('emdr_targets')
    .values({ ...values, practice_id: trx.practiceId })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Changes a target whose lock this transaction holds. Leaves with COMMIT. */
export function updateHeld(trx: PracticeTransaction, id: string, values: Updateable<EmdrTargets>): void {
  trx.later(
    trx
      .updateTable('emdr_targets')
      .set({ ...values, updated_at: sql<Date>`now()` })
      .where('practice_id', '=', trx.practiceId)
      .where('id', '=', id),
  )
}

/** Leaves with COMMIT: the key refuses a second step to the same version. */
export function addHistory(
  trx: PracticeTransaction,
  rows: readonly Omit<Insertable<EmdrTargetHistory>, 'practice_id'>[],
): void {
  if (rows.length === 0) return
  const values = rows.map(row => ({ ...row, practice_id: trx.practiceId }))
  trx.later(trx.insertInto('emdr_target_history').values(values))
}

export interface CurveRow {
  note_id: string
  part_id: string
  session_date: string
  sud_start: number | null
  sud_end: number | null
  voc_start: number | null
  voc_end: number | null
  sets: number | null
  body_scan_clear: number | null
}

/** The figures of a target in notes that are final, the latest session first. */
export async function listCurve(
  trx: PracticeTransaction,
  chart: OpenChart,
  targetId: string,
  { statuses, limit }: { statuses: readonly string[]; limit: number },
): Promise<CurveRow[]> {
  const { rows } = await sql<CurveRow>`
    select f.note_id, f.part_id, f.session_date,
      max(f.value) filter (where f.measure = 'sud_start') as sud_start,
      max(f.value) filter (where f.measure = 'sud_end') as sud_end,
      max(f.value) filter (where f.measure = 'voc_start') as voc_start,
      max(f.value) filter (where f.measure = 'voc_end') as voc_end,
      max(f.value) filter (where f.measure = 'sets') as sets,
      max(f.value) filter (where f.measure = 'body_scan_clear') as body_scan_clear
    from session_note_figures f
    join session_notes n on n.practice_id = f.practice_id and n.id = f.note_id and n.revision = f.revision
    where f.practice_id = ${trx.practiceId} and f.chart_id = ${chart.id} and f.subject_id = ${targetId}
      and f.part_kind = 'emdr' and n.status = any(${statuses}::text[])
    group by f.session_date, n.started_at, f.note_id, f.part_id
    order by f.session_date desc, n.started_at desc nulls first, f.note_id desc, min(f.number) desc
    limit ${limit}`.execute(trx)
  return rows
}
