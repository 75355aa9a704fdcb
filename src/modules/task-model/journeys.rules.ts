import { Problem } from '../../lib/problems.ts'
import type { Audience } from './templates.rules.ts'

export const journeyStatuses = ['active', 'paused', 'completed', 'transferred'] as const
export type JourneyStatus = (typeof journeyStatuses)[number]

/** What ended may go on: coming back is part of recovery. */
const next: Readonly<Record<JourneyStatus, readonly JourneyStatus[]>> = {
  active: ['paused', 'completed', 'transferred'],
  paused: ['active', 'completed', 'transferred'],
  completed: ['active'],
  transferred: ['active'],
}

/** @throws Problem `invalid-state` */
export function requireJourneyStep(from: JourneyStatus, to: JourneyStatus): void {
  if (next[from].includes(to)) return
  throw new Problem('invalid-state', { detail: 'This step does not fit the status of the journey.' })
}

/** @throws Problem `invalid-state` */
export function requireActive(status: JourneyStatus): void {
  if (status === 'active') return
  throw new Problem('invalid-state', { detail: 'This journey is not active. Let it go on first.' })
}

export const hasEnded = (status: JourneyStatus) => status === 'completed' || status === 'transferred'

/** Whether a template for this audience fits the one it is to be for: one person, or a couple together. */
export const fits = (audience: Audience, traveler: 'person' | 'couple') =>
  audience === 'any' || (audience === 'couple') === (traveler === 'couple')

/** What can happen to a journey and its parts. */
export const stepKinds = [
  'enrolled',
  'status_changed',
  'signed_off',
  'cosigned',
  'cosign_returned',
  'reopened',
  'reopen_requested',
  'reopen_refused',
  'evidence_added',
  'evidence_withdrawn',
  'entered',
  'left',
  'withdrawn',
  'migrated',
  'dropped',
] as const
export type StepKind = (typeof stepKinds)[number]
