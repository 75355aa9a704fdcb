import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { clientToday } from '../../clients/index.ts'
import { changeAsked } from '../documents/change.ts'
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
import type { ToolStatus } from '../triggers/triggers.rules.ts'
import type {
  CyclePhase,
  CyclePhaseChange,
  CyclePhaseContent,
  NewCyclePhase,
} from './cycle-phases.schemas.ts'

export const cyclePhaseKind: DocumentKind<ToolStatus, CyclePhaseContent> = {
  kind: 'cycle_phase',
  resourceType: 'cycle-phase',
}

export const { list: listCyclePhases, get: getCyclePhase } = documentReads(cyclePhaseKind, each(show))

/** @throws Problem `not-found`, `invalid-state` in a closed chart */
export async function addCyclePhase(
  trx: PracticeTransaction,
  chartId: string,
  { description = null, ...input }: NewCyclePhase,
): Promise<CyclePhase> {
  const chart = await openRecovery(trx, chartId, 'write')
  const made = await createDocument(trx, chart, cyclePhaseKind, {
    status: 'active',
    statusOn: await clientToday(trx, chart),
    content: { ...input, description },
  })
  emit(trx, { type: 'cycle-phase.created', resourceId: made.id, resourceVersion: 1, chartId })
  return show(made)
}

/** @throws Problem `not-found`, `stale-version`, `invalid-request`, `invalid-state` */
export async function changeCyclePhase(
  trx: PracticeTransaction,
  chartId: string,
  id: string,
  version: number,
  change: CyclePhaseChange,
): Promise<CyclePhase> {
  const chart = await openRecovery(trx, chartId, 'write')
  const [current, today] = await Promise.all([
    documentAt(trx, chart, cyclePhaseKind, id, version),
    clientToday(trx, chart),
  ])
  const after = await changeDocument(trx, current, changeAsked(trx, today, current, change))
  emit(trx, { type: 'cycle-phase.updated', resourceId: id, resourceVersion: after.version, chartId })
  return show(after)
}

function show(document: Stored<ToolStatus, CyclePhaseContent>): CyclePhase {
  return { ...headOf(document), ...document.content }
}
