import { invalidField, Problem } from '../../lib/problems.ts'

export const taskStatuses = [
  'not_started',
  'in_progress',
  'submitted',
  'returned',
  'pending_cosign',
  'signed_off',
  'maintained',
  'deferred',
  'not_applicable',
] as const
export type TaskStatus = (typeof taskStatuses)[number]

/** Somebody works on it, or it waits for somebody to look at it. */
export const inWork: readonly TaskStatus[] = ['in_progress', 'submitted', 'returned', 'pending_cosign']
export const done: readonly TaskStatus[] = ['signed_off', 'maintained']

/** Why a task that was signed off is opened again. Nothing is lost by it, and nobody has failed. */
export const reopenReasons = [
  'new_information',
  'lapse',
  'new_addiction',
  'clinician_judgment',
  'client_request',
] as const
export type ReopenReason = (typeof reopenReasons)[number]

const steps = {
  start: {
    from: ['not_started', 'deferred', 'not_applicable'],
    refusal: 'Only a task that is not in work can be started.',
  },
  submit: { from: ['in_progress', 'returned'], refusal: 'Only a task in work can be submitted.' },
  return: { from: ['submitted'], refusal: 'Only a submitted task can be returned.' },
  defer: {
    from: ['not_started', 'in_progress', 'submitted', 'returned'],
    refusal: 'Only a task that is not signed off can be deferred.',
  },
  set_aside: {
    from: ['not_started', 'in_progress', 'submitted', 'returned', 'deferred'],
    refusal: 'Only a task that is not signed off can be set aside.',
  },
  sign_off: { from: ['submitted'], refusal: 'Only a submitted task can be signed off.' },
  cosign: { from: ['pending_cosign'], refusal: 'This task does not wait for a co-signature.' },
  return_to_signer: { from: ['pending_cosign'], refusal: 'This task does not wait for a co-signature.' },
  maintain: { from: ['signed_off'], refusal: 'Only a task that is signed off can be maintained.' },
  reopen: { from: ['signed_off', 'maintained'], refusal: 'Only a task that is signed off can be reopened.' },
} as const satisfies Record<string, { from: readonly TaskStatus[]; refusal: string }>

export type TaskStep = keyof typeof steps

/** @throws Problem `invalid-state` */
export function requireTaskStep(status: TaskStatus, step: TaskStep): void {
  const { from, refusal }: { from: readonly TaskStatus[]; refusal: string } = steps[step]
  if (!from.includes(status)) throw new Problem('invalid-state', { detail: refusal })
}

/** The statuses that are set by saying so; the others come from signatures. */
export const settableStatuses = [
  'in_progress',
  'submitted',
  'returned',
  'maintained',
  'deferred',
  'not_applicable',
] as const satisfies readonly TaskStatus[]

const stepsTo = {
  in_progress: 'start',
  submitted: 'submit',
  returned: 'return',
  maintained: 'maintain',
  deferred: 'defer',
  not_applicable: 'set_aside',
} as const satisfies Record<(typeof settableStatuses)[number], TaskStep>

export interface StatusChange {
  to: (typeof settableStatuses)[number]
  note?: string | null
  deferredUntil?: string
}

/**
 * The step that a change of status is.
 *
 * @throws Problem `invalid-request` when a day is missing, or not wanted, or not to come; or a reason is missing
 */
export function stepOf({ to, note, deferredUntil }: StatusChange, today: string): TaskStep {
  if (to === 'deferred' && deferredUntil === undefined)
    throw invalidField('/deferredUntil', 'required', 'Until when?')
  if (to !== 'deferred' && deferredUntil !== undefined)
    throw invalidField('/deferredUntil', 'not-allowed', 'Only a deferred task has one.')
  if (deferredUntil !== undefined && deferredUntil <= today)
    throw invalidField('/deferredUntil', 'future', 'Must be a day to come.')
  if (to === 'not_applicable' && !note) throw invalidField('/note', 'required', 'Why does it not apply?')
  return stepsTo[to]
}

/** Where a task stands once a clinician signed it. */
export const statusAfterSignOff = (cosignNeeded: boolean): TaskStatus =>
  cosignNeeded ? 'pending_cosign' : 'signed_off'
