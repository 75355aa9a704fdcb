import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import type { OpenChart } from '../../charts/index.ts'
import { clientToday } from '../../clients/index.ts'
import { changeAsked, type StatusAsked } from '../documents/change.ts'
import {
  changeDocument,
  createDocument,
  type DocumentKind,
  documentAt,
  headOf,
  type Stored,
} from '../documents/documents.ts'
import { documentReads, each } from '../documents/reads.ts'
import { openRecovery } from '../recovery-door.ts'
import type { ToolStatus } from './triggers.rules.ts'

/** A kind of document that recovery work goes by: it is in use or retired, and shows nothing but itself. */
export interface ToolKind<C extends object> extends DocumentKind<ToolStatus, C> {
  resourceType: 'coping-skill' | 'cycle-phase' | 'recovery-trigger'
}

type Check<C> = (trx: PracticeTransaction, chart: OpenChart, content: Partial<C>) => Promise<void>

/**
 * How documents of such a kind are listed, read, added and changed.
 *
 * @param check refuses what is about something that the chart does not have
 */
export const tools = <C extends object>(kind: ToolKind<C>, check: Check<C> = async () => {}) => {
  /** To an open chart, whoever adds it. @throws Problem what `check` throws */
  async function addTo(trx: PracticeTransaction, chart: OpenChart, content: C) {
    const [today] = await Promise.all([clientToday(trx, chart), check(trx, chart, content)])
    const made = await createDocument(trx, chart, kind, { status: 'active', statusOn: today, content })
    const type = `${kind.resourceType}.created` as const
    emit(trx, { type, resourceId: made.id, resourceVersion: 1, chartId: chart.id })
    return show(made)
  }
  return {
    ...documentReads(kind, each(show<C>)),
    addTo,

    /** @throws Problem `not-found`, `invalid-state` in a closed chart, and what `check` throws */
    async add(trx: PracticeTransaction, chartId: string, content: C) {
      return addTo(trx, await openRecovery(trx, chartId, 'write'), content)
    },

    /** @throws Problem `not-found`, `stale-version`, `invalid-request`, `invalid-state`, and what `check` throws */
    async change(
      trx: PracticeTransaction,
      chartId: string,
      id: string,
      version: number,
      change: StatusAsked<ToolStatus> & Partial<C>,
    ) {
      const chart = await openRecovery(trx, chartId, 'write')
      const [current, today] = await Promise.all([
        documentAt(trx, chart, kind, id, version),
        clientToday(trx, chart),
        check(trx, chart, change),
      ])
      const after = await changeDocument(trx, current, changeAsked(trx, today, current, change))
      const type = `${kind.resourceType}.updated` as const
      emit(trx, { type, resourceId: id, resourceVersion: after.version, chartId })
      return show(after)
    },
  }
}

function show<C extends object>(document: Stored<ToolStatus, C>) {
  return { ...headOf(document), ...document.content }
}
