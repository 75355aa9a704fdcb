import type { PlanContent } from './content.schemas.ts'

export const phases = ['containment', 'coping', 'trauma_processing', 'integration', 'any'] as const
export type Phase = (typeof phases)[number]

export const warningCodes = ['trauma_work_before_containment', 'trauma_work_before_coping'] as const

/** Which of the first phases are in place, as the chart says now. */
export interface Groundwork {
  containment: boolean
  coping: boolean
}

export interface PhaseWarning {
  code: (typeof warningCodes)[number]
  /** Keys of the objectives and interventions it is about. */
  keys: string[]
  reasonGiven: boolean
}

/**
 * Containment and coping come first, trauma work after: work on trauma before they are in place is warned of, never
 * refused. Whoever goes ahead writes why into the plan.
 */
export function phaseWarnings(content: PlanContent, groundwork: Groundwork): PhaseWarning[] {
  const keys = [...content.objectives, ...content.interventions]
    .filter(({ phase }) => phase === 'trauma_processing')
    .map(({ key }) => key)
  if (keys.length === 0) return []
  const reasonGiven = content.phaseOverrideReason !== null
  return (['containment', 'coping'] as const)
    .filter(phase => !groundwork[phase])
    .map(phase => ({ code: `trauma_work_before_${phase}` as const, keys, reasonGiven }))
}

/**
 * What the plan itself says of the first phases: one is in place when all its objectives are met or past (given up),
 * and at least one was met.
 */
export function groundworkOf(
  objectives: readonly { key: string; phase: Phase }[],
  standingOf: (key: string) => string,
): Groundwork {
  const isInPlace = (phase: Phase) => {
    const standings = objectives.filter(one => one.phase === phase).map(({ key }) => standingOf(key))
    return (
      standings.includes('met') && standings.every(standing => standing === 'met' || standing === 'dropped')
    )
  }
  return { containment: isInPlace('containment'), coping: isInPlace('coping') }
}
