import { Problem } from '../../lib/problems.ts'

export const openStatuses = ['draft', 'client_review', 'active', 'under_review'] as const
export const planStatuses = [...openStatuses, 'superseded', 'closed'] as const
export type PlanStatus = (typeof planStatuses)[number]

export const closureReasons = [
  'completed',
  'transferred',
  'client_ended',
  'practice_ended',
  'entered_in_error',
] as const
/** Why a step of a plan was taken. */
export const stepReasons = [...closureReasons, 'returned_by_supervisor'] as const
export type StepReason = (typeof stepReasons)[number]

export const reviewOutcomes = ['continue', 'revise'] as const
export type ReviewOutcome = (typeof reviewOutcomes)[number]

const steps = {
  write: { from: ['draft', 'under_review'], refusal: 'This plan has no draft now.' },
  offer: { from: ['draft', 'under_review'], refusal: 'There is no draft to offer.' },
  withdraw: { from: ['client_review'], refusal: 'No offer of this plan waits for signatures.' },
  return: { from: ['client_review'], refusal: 'No offer of this plan waits for signatures.' },
  sign: { from: ['client_review'], refusal: 'No offer of this plan waits for signatures.' },
  review: { from: ['active', 'under_review'], refusal: 'Only a plan in force is reviewed.' },
  close: { from: openStatuses, refusal: 'This plan has ended already.' },
} as const satisfies Record<string, { from: readonly PlanStatus[]; refusal: string }>
export type PlanStep = keyof typeof steps

/** @throws Problem `invalid-state` */
export function requireStep(status: PlanStatus, step: PlanStep): void {
  const { from, refusal }: { from: readonly PlanStatus[]; refusal: string } = steps[step]
  if (!from.includes(status)) throw new Problem('invalid-state', { detail: refusal })
}

/** Whether something is being written. A draft of a plan that has ended stays, and is shown to nobody as one. */
export const hasDraft = (status: PlanStatus): boolean =>
  (steps.write.from as readonly PlanStatus[]).includes(status)

/** Where a plan goes back to when an offer is withdrawn: what was in force before stays so. */
export const statusAfterWithdrawal = (inForceRevision: number | null): PlanStatus =>
  inForceRevision === null ? 'draft' : 'under_review'

/** Whether this plan guides the treatment now, even while its next revision waits for signatures. */
export const isInForce = (plan: { status: PlanStatus; inForceRevision: number | null }) =>
  plan.inForceRevision !== null && plan.status !== 'superseded' && plan.status !== 'closed'
