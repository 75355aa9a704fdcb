import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { type ToolKind, tools } from '../triggers/tools.ts'
import type { CyclePhase, CyclePhaseContent, NewCyclePhase } from './cycle-phases.schemas.ts'

export const cyclePhaseKind: ToolKind<CyclePhaseContent> = {
  kind: 'cycle_phase',
  resourceType: 'cycle-phase',
}

const cyclePhases = tools(cyclePhaseKind)

export const {
  list: listCyclePhases,
  get: getCyclePhase,
  change: changeCyclePhase,
  addTo: addPhaseTo,
} = cyclePhases

/** @throws Problem `not-found`, `invalid-state` in a closed chart */
export const addCyclePhase = (
  trx: PracticeTransaction,
  chartId: string,
  { description = null, ...input }: NewCyclePhase,
): Promise<CyclePhase> => cyclePhases.add(trx, chartId, { ...input, description })
