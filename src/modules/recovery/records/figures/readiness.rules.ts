import { type FigureRow, ofKind } from './rows.ts'

/** A contract that runs now: about one addiction, or about all. */
export interface RunningContract {
  addictionId: string | null
}

/**
 * Stages over time for each addiction and behavior. A stage that does not yet consider change beside a running contract
 * is flagged: the step taken does not fit the stage.
 */
export function readinessOf(rows: readonly FigureRow[], contracts: readonly RunningContract[]) {
  const bySubject = Map.groupBy(ofKind(rows, 'readiness'), row => row.addictionId ?? row.behaviorId ?? '')
  return [...bySubject.values()].map(entries => {
    const { addictionId = null, behaviorId = null } = entries[0] ?? {}
    const touching = contracts.filter(
      contract => !contract.addictionId || behaviorId || contract.addictionId === addictionId,
    )
    return {
      addictionId,
      behaviorId,
      contractMismatch: touching.length > 0 && entries.at(-1)?.keys[0] === 'precontemplation',
      timeline: entries.map(
        ({ occurredOn, keys: [stage], measures: [importance, confidence, readiness] }) => ({
          on: occurredOn,
          stage: stage ?? '',
          importance: importance ?? 0,
          confidence: confidence ?? 0,
          readiness: readiness ?? 0,
        }),
      ),
    }
  })
}
