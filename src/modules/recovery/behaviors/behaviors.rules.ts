/** Behaviors as interviews name them. Keys only: what a client calls them is their own wording. */
export const behaviorCodes = [
  'pornography_use',
  'compulsive_masturbation',
  'affair',
  'serial_affairs',
  'anonymous_contact',
  'paid_sex',
  'massage_with_sex',
  'webcam_or_chat',
  'sexting',
  'exhibitionism',
  'voyeurism',
  'exploitive_behavior',
  'fantasy_preoccupation',
  'romantic_intrigue',
  'only_when_intoxicated',
  'substance_use',
  'gambling',
  'binge_eating',
  'spending',
  'gaming',
  'other',
] as const

export const behaviorStatuses = ['active', 'in_remission', 'returned'] as const
export type BehaviorStatus = (typeof behaviorStatuses)[number]

export const legalRisks = ['none', 'possible', 'yes'] as const

/** Nothing becomes active again: what comes back has returned. */
const next: Readonly<Record<BehaviorStatus, readonly BehaviorStatus[]>> = {
  active: ['in_remission'],
  in_remission: ['returned'],
  returned: ['in_remission'],
}

export const mayBecome = (from: BehaviorStatus, to: BehaviorStatus) => next[from].includes(to)
