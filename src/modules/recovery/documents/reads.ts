import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { Page } from '../../../lib/pages.ts'
import type { OpenChart } from '../../charts/index.ts'
import { openRecovery, type RecoveryClass } from '../recovery-door.ts'
import {
  type DocumentKind,
  type DocumentQuery,
  listDocuments,
  readDocument,
  type Stored,
} from './documents.ts'

/** Shows documents of one chart, in their order: what they need besides is read once for all of them. */
export type ShowAll<S extends string, C extends object, Shown> = (
  trx: PracticeTransaction,
  chart: OpenChart,
  documents: readonly Stored<S, C>[],
) => Promise<Shown[]>

/** For documents that show nothing but themselves. */
export const each =
  <S extends string, C extends object, Shown>(
    show: (document: Stored<S, C>) => Shown,
  ): ShowAll<S, C, Shown> =>
  async (_trx, _chart, documents) =>
    documents.map(show)

export async function showOne<S extends string, C extends object, Shown>(
  showAll: ShowAll<S, C, Shown>,
  trx: PracticeTransaction,
  chart: OpenChart,
  document: Stored<S, C>,
): Promise<Shown> {
  const [shown] = await showAll(trx, chart, [document])
  if (shown === undefined) throw new Error('One document is shown as one')
  return shown
}

/** How documents of a kind are listed and read, by whoever passes the door for their class. */
export const documentReads = <S extends string, C extends object, Shown>(
  kind: DocumentKind<S, C>,
  showAll: ShowAll<S, C, Shown>,
  dataClass: RecoveryClass = 'clinical',
) => ({
  /** Newest first. @throws Problem `not-found`, `invalid-cursor` */
  async list(trx: PracticeTransaction, chartId: string, query: DocumentQuery): Promise<Page<Shown>> {
    const chart = await openRecovery(trx, chartId, 'read', dataClass)
    const page = await listDocuments(trx, chart, kind, query)
    return { ...page, data: await showAll(trx, chart, page.data) }
  },

  /** @param version an earlier one, to see what it said @throws Problem `not-found` */
  async get(trx: PracticeTransaction, chartId: string, id: string, version?: number): Promise<Shown> {
    const chart = await openRecovery(trx, chartId, 'read', dataClass)
    return showOne(showAll, trx, chart, await readDocument(trx, chart, kind, id, version))
  },
})
