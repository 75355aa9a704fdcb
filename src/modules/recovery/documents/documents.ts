import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { limits } from '../../../lib/limits.ts'
import { openedPage, type Page } from '../../../lib/pages.ts'
import { notFound, unknownReference } from '../../../lib/problems.ts'
import { enteredBy } from '../../../lib/recorder.ts'
import type { PracticeSealer } from '../../../lib/sealing/practice-keys.ts'
import { atVersion, changeAtVersion } from '../../../lib/versions.ts'
import type { OpenChart } from '../../charts/index.ts'
import { sealedRevision } from '../sealed-places.ts'
import * as repository from './documents.repository.ts'
import type { HistoryEntry } from './documents.schemas.ts'
import { canonicalId, withCanonicalIds } from './ids.ts'

/**
 * Documents of a chart that have revisions: a head (state, version) and, sealed, what it said at each version. A kind
 * is a name in the tables and the two types it is read back as.
 */
export interface DocumentKind<Status extends string, Content extends object> {
  kind: string
  /** How the audit trail calls it. */
  resourceType: string
  /** What is read back is what was written: types, and nothing at run time. */
  types?: { status: Status; content: Content }
}

export interface Stored<Status extends string, Content extends object> {
  id: string
  chartId: string
  status: Status
  statusOn: string
  version: number
  content: Content
  history: HistoryEntry[]
  createdAt: string
  updatedAt: string
}

/** A kind and its types, whatever they are. */
type Kind<S extends string, C extends object> = DocumentKind<S, C>

/** What one revision says, with the reason its writer gave. */
interface Sealed<Content> {
  content: Content
  reason: string | null
}

/**
 * @param version an earlier one, to see what it said; its head and history are those of today
 * @throws Problem `not-found`
 */
export async function readDocument<S extends string, C extends object>(
  trx: PracticeTransaction,
  chart: OpenChart,
  { kind, resourceType }: Kind<S, C>,
  id: string,
  version?: number,
): Promise<Stored<S, C>> {
  trx.audit({ resourceType, resourceId: id })
  const [row, revisions, sealer] = await Promise.all([
    repository.findDocument(trx, chart, kind, id),
    repository.listRevisions(trx, [id]),
    trx.sealer(),
  ])
  // Revisions found by the id alone count for nothing where the chart has no such document.
  if (!row || !revisions.some(revision => revision.version === (version ?? row.version))) throw notFound()
  return opened(sealer, row, revisions, version)
}

export interface DocumentQuery {
  limit?: number
  cursor?: string
  status?: string
}

/** Newest first. @throws Problem `invalid-cursor` */
export async function listDocuments<S extends string, C extends object>(
  trx: PracticeTransaction,
  chart: OpenChart,
  { kind, resourceType }: Kind<S, C>,
  { limit = limits.page.default, cursor, status }: DocumentQuery,
): Promise<Page<Stored<S, C>>> {
  trx.audit({ resourceType })
  const filter = { chartId: chart.id, status }
  const after = trx.cursorKey(filter, cursor)?.[0] as string | undefined
  const rows = await repository.listDocuments(trx, chart, kind, { limit, status, after })
  return openedPage(
    rows,
    limit,
    shown => openedAll<S, C>(trx, shown),
    row => trx.cursorAfter(filter, [row.id]),
  )
}

/** Every one of a kind that a chart has few of, oldest first. */
export async function allDocuments<S extends string, C extends object>(
  trx: PracticeTransaction,
  chart: OpenChart,
  { kind }: Kind<S, C>,
): Promise<Stored<S, C>[]> {
  return openedAll(trx, await repository.allDocuments(trx, chart, kind))
}

export async function createDocument<S extends string, C extends object>(
  trx: PracticeTransaction,
  chart: OpenChart,
  { kind, resourceType }: Kind<S, C>,
  { id = uuidv7(), status, statusOn, content }: { id?: string; status: S; statusOn: string; content: C },
): Promise<Stored<S, C>> {
  trx.audit({ resourceType, resourceId: id, fields: Object.keys(content) })
  const [row, sealer] = await Promise.all([
    repository.insertDocument(trx, chart, { id, kind, status, statusOn }),
    trx.sealer(),
  ])
  return written(trx, sealer, row, { content: withCanonicalIds(content), reason: null })
}

/** What a change makes of a document. What is left out stays as it is. */
export interface DocumentChange<S extends string, C extends object> {
  status?: S
  statusOn?: string
  content?: C
  reason?: string | null
}

/** @throws Problem `stale-version` when somebody else was quicker */
export async function changeDocument<S extends string, C extends object>(
  trx: PracticeTransaction,
  current: Stored<S, C>,
  change: DocumentChange<S, C>,
): Promise<Stored<S, C>> {
  const { status = current.status, statusOn = current.statusOn } = change
  const [row, sealer] = await Promise.all([
    changeAtVersion(trx, 'recovery_documents', current, { status, status_on: statusOn }),
    trx.sealer(),
  ])
  const { content = current.content, reason = null } = change
  const after = written<S, C>(trx, sealer, row, { content: withCanonicalIds(content), reason })
  return { ...after, history: [...current.history, ...after.history] }
}

/** The document as the caller read it. @throws Problem `not-found`, `stale-version` */
export async function documentAt<S extends string, C extends object>(
  trx: PracticeTransaction,
  chart: OpenChart,
  kind: Kind<S, C>,
  id: string,
  version: number,
): Promise<Stored<S, C>> {
  return atVersion(await readDocument(trx, chart, kind, id), version)
}

/** @throws Problem `unknown-reference` where one of them is no document of this kind in this chart */
export async function requireKnown<S extends string, C extends object>(
  trx: PracticeTransaction,
  chart: OpenChart,
  { kind }: Kind<S, C>,
  pointer: string,
  ids: readonly (string | null | undefined)[],
): Promise<void> {
  const given = ids.filter(id => typeof id === 'string').map(canonicalId)
  const known = await repository.knownAmong(trx, chart, kind, given)
  if (given.some(id => !known.has(id))) throw unknownReference(pointer)
}

/** Writes the revision that goes with a head just written, and shows both. The revision leaves with COMMIT. */
function written<S extends string, C extends object>(
  trx: PracticeTransaction,
  sealer: PracticeSealer,
  row: repository.DocumentRow,
  sealed: Sealed<C>,
): Stored<S, C> {
  const text = JSON.stringify(sealed)
  const revision = {
    document_id: row.id,
    version: row.version,
    status: row.status,
    status_on: row.status_on,
    content_sealed: sealer.seal(sealedRevision(row.id, row.version), text),
    recorded_by: trx.scope.actor.staffId,
    entered_by: enteredBy(trx),
  }
  repository.insertRevision(trx, revision)
  // Both rows have the instant of their transaction.
  const read = {
    revision: { ...revision, recorded_at: row.updated_at },
    sealed: JSON.parse(text) as Sealed<C>,
  }
  return stored(row, [read], read)
}

async function openedAll<S extends string, C extends object>(
  trx: PracticeTransaction,
  rows: readonly repository.DocumentRow[],
): Promise<Stored<S, C>[]> {
  const ids = rows.map(row => row.id)
  const [revisions, sealer] = await Promise.all([repository.listRevisions(trx, ids), trx.sealer()])
  const byDocument = Map.groupBy(revisions, revision => revision.document_id)
  return Promise.all(rows.map(row => opened<S, C>(sealer, row, byDocument.get(row.id) ?? [])))
}

async function opened<S extends string, C extends object>(
  sealer: PracticeSealer,
  row: repository.DocumentRow,
  revisions: readonly repository.RevisionRow[],
  version = row.version,
): Promise<Stored<S, C>> {
  const read = await Promise.all(
    revisions.map(async revision => ({ revision, sealed: await contentOf<C>(sealer, revision) })),
  )
  const shown = read.find(({ revision }) => revision.version === version)
  if (!shown) throw new Error('A document has no revision of its own version')
  return stored(row, read, shown)
}

/** A revision as it was opened. */
interface Read<C> {
  revision: Omit<repository.RevisionRow, 'practice_id'>
  sealed: Sealed<C>
}

function stored<S extends string, C extends object>(
  row: repository.DocumentRow,
  read: readonly Read<C>[],
  shown: Read<C>,
): Stored<S, C> {
  return {
    id: row.id,
    chartId: row.chart_id,
    status: row.status as S,
    statusOn: row.status_on,
    version: row.version,
    content: shown.sealed.content,
    history: read.map(({ revision, sealed }) => toEntry(revision, sealed.reason)),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}

async function contentOf<C>(sealer: PracticeSealer, revision: repository.RevisionRow): Promise<Sealed<C>> {
  const place = sealedRevision(revision.document_id, revision.version)
  return JSON.parse(await sealer.openText(place, revision.content_sealed)) as Sealed<C>
}

const toEntry = (row: Read<unknown>['revision'], reason: string | null): HistoryEntry => ({
  version: row.version,
  status: row.status,
  statusOn: row.status_on,
  reason,
  recordedById: row.recorded_by,
  enteredBy: row.entered_by as HistoryEntry['enteredBy'],
  createdAt: row.recorded_at.toISOString(),
})

/** What every kind shows of itself beside its content. */
export function headOf<S extends string, C extends object>(document: Stored<S, C>) {
  const { content: _, ...head } = document
  return head
}
