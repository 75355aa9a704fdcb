import type {
  NewAbstinenceContract,
  NewAddiction,
  NewLapse,
  NewSobrietyDefinition,
  RecoveryContainmentPlanContent,
  RecoveryHarmReductionEntryContent,
  RecoveryHarmReductionGoalContent,
} from '../../openapi/client/index.ts'

/** A status of a task in which the demo leaves it. */
export type DemoTaskStatus =
  | 'in_progress'
  | 'submitted'
  | 'returned'
  | 'signed_off'
  | 'deferred'
  | 'not_applicable'

interface Past {
  daysAgo: number
}

export interface DemoProgramWork extends Past {
  key: string
  /** By the key of the task. */
  tasks: Record<string, DemoTaskStatus>
  /** Of those that were signed off. */
  reopened: string[]
}

export interface DemoPlan extends Past {
  clientWords: string
  strengths: string
  problem: string
  goal: string
  diagnosis?: { code: string; icd11Code: string }
  objectives: {
    key: string
    text: string
    phase: 'containment'
    unit: string
    baseline: number
    target: number
  }[]
  progress: (Past & { objective: string; value: number })[]
  /** By client and clinician; otherwise it waits for the client. */
  signed: boolean
}

/** What a client works on. */
export interface DemoRecovery {
  client: string
  clinician: string
  philosophy: 'abstinence' | 'harm_reduction' | 'integrated'
  /** Days are counted since `daysAgo`. */
  addiction: Past & Pick<NewAddiction, 'type' | 'ownWord'> & { circles: NewSobrietyDefinition['items'] }
  containment: RecoveryContainmentPlanContent
  checkIns: (Past & { mood: number; urge: number; middle?: boolean })[]
  program: DemoProgramWork
  /** In the order in which they were answered. */
  assessments: { instrument: string; answers: number[] }[]
  contract?: Past & Pick<NewAbstinenceContract, 'scope' | 'plannedDays' | 'purpose'>
  harmReduction?: RecoveryHarmReductionGoalContent & {
    entries: (Past & RecoveryHarmReductionEntryContent)[]
  }
  lapse?: Past & Pick<NewLapse, 'severity' | 'antecedents' | 'chain' | 'planChanges'>
  plan: DemoPlan
}

/** Stages that a client has come through, in a stage model. */
export interface DemoStages extends Past {
  client: string
  clinician: string
  program: string
  stages: (Past & { stage: string })[]
}

export interface DemoClinical {
  recovery: DemoRecovery[]
  stages: DemoStages[]
}
