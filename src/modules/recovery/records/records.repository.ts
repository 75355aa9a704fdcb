import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { RecoveryRecordRevisions, RecoveryRecords } from '../../../lib/database/schema.ts'
import { updateAtVersion } from '../../../lib/versions.ts'
import type { OpenChart } from '../../charts/index.ts'

export type RecordRow = Selectable<RecoveryRecords>
export type RevisionRow = Selectable<RecoveryRecordRevisions>

/** A record with the content in force. */
export type RecordWithContent = RecordRow & { content_sealed: Buffer | null }

export type DataClass = 'clinical' | 'restricted'

/** Which records of a chart somebody may see. Nothing is read without it. */
export interface Sight {
  chart: OpenChart
  classes: readonly DataClass[]
  /** For a client: only what was released, and of these kinds. */
  releasedKinds: readonly string[] | null
}

const visible = (trx: PracticeTransaction, { chart, classes, releasedKinds }: Sight) => {
  const query = trx
    .selectFrom('recovery_records as r')
    .where('r.practice_id', '=', trx.practiceId)
    .where('r.chart_id', '=', chart.id)
    .where('r.data_class', '=', sql<string>`any(${classes}::text[])`)
  if (!releasedKinds) return query
  return query.where('r.released', '=', true).where('r.kind', '=', sql<string>`any(${releasedKinds}::text[])`)
}

const withContent = (trx: PracticeTransaction, sight: Sight) =>
  visible(trx, sight)
    .innerJoin('recovery_record_revisions as v', join =>
      join
        .onRef('v.practice_id', '=', 'r.practice_id')
        .onRef('v.record_id', '=', 'r.id')
        .onRef('v.version', '=', 'r.content_version'),
    )
    .selectAll('r')
    .select('v.content_sealed')

export function findRecord(
  trx: PracticeTransaction,
  sight: Sight,
  id: string,
): Promise<RecordWithContent | undefined> {
  return withContent(trx, sight).where('r.id', '=', id).executeTakeFirst()
}

/** The head alone, for what only looks at its kind and status. */
export function findHead(trx: PracticeTransaction, sight: Sight, id: string): Promise<RecordRow | undefined> {
  return visible(trx, sight).selectAll('r').where('r.id', '=', id).executeTakeFirst()
}

export interface RecordFilter {
  kind?: string | undefined
  status?: string | undefined
  addictionId?: string | undefined
  behaviorId?: string | undefined
  relatedRecordId?: string | undefined
  from?: string | undefined
  to?: string | undefined
  reviewDueBefore?: string | undefined
}

export interface After {
  occurredOn: string
  id: string
}

/** One row more than asked for, of the latest days first. */
export function listRecords(
  trx: PracticeTransaction,
  sight: Sight,
  filter: RecordFilter,
  { limit, after }: { limit: number; after: After | undefined },
): Promise<RecordWithContent[]> {
  let query = withContent(trx, sight)
  if (filter.kind) query = query.where('r.kind', '=', filter.kind)
  if (filter.status) query = query.where('r.status', '=', filter.status)
  if (filter.addictionId) query = query.where('r.addiction_id', '=', filter.addictionId)
  if (filter.behaviorId) query = query.where('r.behavior_id', '=', filter.behaviorId)
  if (filter.relatedRecordId) query = query.where('r.related_id', '=', filter.relatedRecordId)
  if (filter.from) query = query.where('r.occurred_on', '>=', filter.from)
  if (filter.to) query = query.where('r.occurred_on', '<=', filter.to)
  if (filter.reviewDueBefore) query = query.where('r.review_on', '<', filter.reviewDueBefore)
  if (after)
    query = query.where(sql<boolean>`(r.occurred_on, r.id) < (${after.occurredOn}::date, ${after.id}::uuid)`)
  return query
    .orderBy('r.occurred_on', 'desc')
    .orderBy('r.id', 'desc')
    .limit(limit + 1)
    .execute()
}

export function insertRecord(
  trx: PracticeTransaction,
  values: Omit<Insertable<RecoveryRecords>, 'practice_id'>,
): Promise<RecordRow> {
  return trx
    .insertInto('recovery_records')
    .values({ ...values, practice_id: trx.practiceId })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Changes the row if it still has this version. */
export const updateRecord = (
  trx: PracticeTransaction,
  id: string,
  version: number,
  changes: Updateable<RecoveryRecords>,
) => updateAtVersion(trx, 'recovery_records', { id, version }, changes)

/** Leaves with COMMIT: the key refuses a second step to the same version. */
export function recordRevision(
  trx: PracticeTransaction,
  values: Omit<Insertable<RecoveryRecordRevisions>, 'practice_id'>,
): void {
  trx.later(trx.insertInto('recovery_record_revisions').values({ ...values, practice_id: trx.practiceId }))
}

/** One row more than asked for, oldest first. */
export function listRevisions(
  trx: PracticeTransaction,
  recordId: string,
  { limit, after }: { limit: number; after: number },
): Promise<RevisionRow[]> {
  return trx
    .selectFrom('recovery_record_revisions')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('record_id', '=', recordId)
    .where('version', '>', after)
    .orderBy('version')
    .limit(limit + 1)
    .execute()
}

/** Whether the chart has such an addiction or behavior. */
export async function hasSubject(
  trx: PracticeTransaction,
  chart: OpenChart,
  kind: 'addiction' | 'behavior',
  id: string,
): Promise<boolean> {
  const row = await trx
    .selectFrom('recovery_documents')
    .select('id')
    .where('practice_id', '=', trx.practiceId)
    .where('chart_id', '=', chart.id)
    .where('kind', '=', kind)
    .where('id', '=', id)
    .executeTakeFirst()
  return row !== undefined
}

/** Those of these ids that are documents in use of this chart, each as its kind and id. */
export async function toolsInUse(
  trx: PracticeTransaction,
  chart: OpenChart,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await trx
    .selectFrom('recovery_documents')
    .select(['kind', 'id'])
    .where('practice_id', '=', trx.practiceId)
    .where('chart_id', '=', chart.id)
    .where('status', '=', 'active')
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .execute()
  return new Set(rows.map(({ kind, id }) => `${kind} ${id}`))
}

/** What the work with trauma stands on: a containment plan in force, and a coping skill that is in use. */
export async function footing(
  trx: PracticeTransaction,
  chart: OpenChart,
  containment: readonly string[],
): Promise<{ contained: boolean; coping: boolean }> {
  const { rows } = await sql<{ contained: boolean; coping: boolean }>`
    select exists (select from recovery_records r where r.practice_id = ${trx.practiceId} and r.chart_id = ${chart.id}
        and r.kind = 'containment_plan' and r.status = any(${containment}::text[])) as contained,
      exists (select from recovery_documents d where d.practice_id = ${trx.practiceId} and d.chart_id = ${chart.id}
        and d.kind = 'coping_skill' and d.status = 'active') as coping`.execute(trx)
  return rows[0] ?? { contained: false, coping: false }
}
