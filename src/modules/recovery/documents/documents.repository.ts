import { type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { RecoveryDocumentRevisions, RecoveryDocuments } from '../../../lib/database/schema.ts'
import type { OpenChart } from '../../charts/index.ts'

export type DocumentRow = Selectable<RecoveryDocuments>
export type RevisionRow = Selectable<RecoveryDocumentRevisions>

const documents = (trx: PracticeTransaction, chart: OpenChart, kind: string) =>
  trx
    .selectFrom('recovery_documents')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('chart_id', '=', chart.id)
    .where('kind', '=', kind)

export function findDocument(
  trx: PracticeTransaction,
  chart: OpenChart,
  kind: string,
  id: string,
): Promise<DocumentRow | undefined> {
  return documents(trx, chart, kind).where('id', '=', id).executeTakeFirst()
}

export interface DocumentPage {
  limit: number
  status: string | undefined
  /** The id of the last one that was shown. */
  after: string | undefined
}

/** One row more than asked for, newest first. */
export function listDocuments(
  trx: PracticeTransaction,
  chart: OpenChart,
  kind: string,
  { limit, status, after }: DocumentPage,
): Promise<DocumentRow[]> {
  let query = documents(trx, chart, kind)
  if (status) query = query.where('status', '=', status)
  if (after) query = query.where('id', '<', after)
  return query
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
}

/** Every one of a kind, oldest first: for views of a whole chart, of kinds that a chart has few of. */
export function allDocuments(
  trx: PracticeTransaction,
  chart: OpenChart,
  kind: string,
): Promise<DocumentRow[]> {
  return documents(trx, chart, kind).orderBy('id').execute()
}

/** Oldest first. */
export function listRevisions(trx: PracticeTransaction, ids: readonly string[]): Promise<RevisionRow[]> {
  return trx
    .selectFrom('recovery_document_revisions')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('document_id', '=', sql<string>`any(${ids}::uuid[])`)
    .orderBy('document_id')
    .orderBy('version')
    .execute()
}

export function insertDocument(
  trx: PracticeTransaction,
  chart: OpenChart,
  { id, kind, status, statusOn }: { id: string; kind: string; status: string; statusOn: string },
): Promise<DocumentRow> {
  return trx
    .insertInto('recovery_documents')
    .values({ practice_id: trx.practiceId, id, chart_id: chart.id, kind, status, status_on: statusOn })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Leaves with COMMIT. */
export function insertRevision(
  trx: PracticeTransaction,
  revision: Omit<RevisionRow, 'practice_id' | 'recorded_at'>,
): void {
  trx.later(
    trx.insertInto('recovery_document_revisions').values({ ...revision, practice_id: trx.practiceId }),
  )
}

/** Those of these ids that are documents of this kind in this chart. */
export async function knownAmong(
  trx: PracticeTransaction,
  chart: OpenChart,
  kind: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const rows = await documents(trx, chart, kind)
    .clearSelect()
    .select('id')
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .execute()
  return new Set(rows.map(row => row.id))
}
