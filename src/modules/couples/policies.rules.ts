import { Problem } from '../../lib/problems.ts'

export const policyKinds = ['no_secrets', 'limited_secrets'] as const
export type PolicyKind = (typeof policyKinds)[number]

export const policyStatuses = ['draft', 'offered', 'in_force', 'suspended', 'superseded', 'canceled'] as const
export type PolicyStatus = (typeof policyStatuses)[number]

export const signingMethods = ['wet_ink', 'electronic'] as const
export const withdrawalMethods = ['in_person', 'in_writing', 'electronic'] as const

export type PolicyStep = 'change' | 'offer' | 'sign' | 'withdraw' | 'cancel'

/** In which states a step is possible. What was offered is not changed any more: it is canceled and written anew. */
const possible: Readonly<Record<PolicyStep, readonly PolicyStatus[]>> = {
  change: ['draft'],
  offer: ['draft'],
  sign: ['offered', 'suspended'],
  withdraw: ['offered', 'in_force', 'suspended'],
  cancel: ['draft', 'offered'],
}

/** @throws Problem `invalid-state` */
export function checkPolicyStep(status: PolicyStatus, step: PolicyStep): void {
  if (!possible[step].includes(status)) {
    throw new Problem('invalid-state', { detail: 'This step does not fit the status of the policy.' })
  }
}

export interface PartnerAct {
  clientId: string
  act: 'signed' | 'withdrawn'
}

/** Those whose last act is a signature. `acts` in the order in which they were recorded. */
export function signers(acts: readonly PartnerAct[]): ReadonlySet<string> {
  const last = new Map(acts.map(({ clientId, act }) => [clientId, act]))
  return new Set([...last].filter(([, act]) => act === 'signed').map(([clientId]) => clientId))
}

/**
 * The status after a signature or a withdrawal. A policy binds when every partner has signed, each for
 * themselves; a partner who takes the signature back suspends it for both.
 */
export function statusAfter(
  status: PolicyStatus,
  partners: readonly string[],
  acts: readonly PartnerAct[],
): PolicyStatus {
  const signed = signers(acts)
  if (partners.every(clientId => signed.has(clientId))) return 'in_force'
  return status === 'in_force' ? 'suspended' : status
}
