import { Problem } from '../../lib/problems.ts'

export const inquiryStatuses = [
  'received',
  'contacted',
  'screened',
  'accepted',
  'referred_out',
  'declined',
  'closed',
] as const
export type InquiryStatus = (typeof inquiryStatuses)[number]

/** What a step may lead to; `accepted` is only reached by becoming a client. */
export const reachableStatuses = ['contacted', 'screened', 'referred_out', 'declined', 'closed'] as const
export type ReachableStatus = (typeof reachableStatuses)[number]

export const sources = [
  'website',
  'search',
  'directory',
  'podcast',
  'radio',
  'social_media',
  'event',
  'word_of_mouth',
  'former_client',
  'clinician',
  'physician',
  'attorney',
  'court',
  'employer',
  'insurer',
  'other',
] as const

export const contactRoles = [
  'self',
  'partner',
  'parent',
  'family',
  'friend',
  'colleague',
  'clinician',
  'attorney',
  'court',
  'other',
] as const

export const requests = [
  'individual',
  'couple',
  'group',
  'intensive',
  'assessment',
  'partner_support',
  'family',
  'information',
  'other',
] as const

/** Why, in words that say nothing of anybody's state. */
export const stepReasons = [
  'no_answer',
  'withdrawn',
  'duplicate',
  'no_request',
  'no_capacity',
  'outside_scope',
  'outside_area',
  'other_clinician',
  'other_service',
  'came_back',
  'recorded_in_error',
  'other',
] as const
export type StepReason = (typeof stepReasons)[number]

const ways: Readonly<Record<InquiryStatus, readonly (ReachableStatus | 'accepted')[]>> = {
  received: ['contacted', 'referred_out', 'declined', 'closed'],
  contacted: ['screened', 'referred_out', 'declined', 'closed'],
  screened: ['accepted', 'referred_out', 'declined', 'closed'],
  accepted: [],
  referred_out: ['contacted'],
  declined: ['contacted'],
  closed: ['contacted'],
}

const reasonsFor: Readonly<Record<ReachableStatus, readonly StepReason[]>> = {
  contacted: [],
  screened: [],
  referred_out: ['other_clinician', 'other_service', 'no_capacity', 'outside_scope', 'outside_area', 'other'],
  declined: ['no_capacity', 'outside_scope', 'outside_area', 'other'],
  closed: ['no_answer', 'withdrawn', 'duplicate', 'no_request', 'recorded_in_error', 'other'],
}

const ended = ['accepted', 'referred_out', 'declined', 'closed'] as const

export const hasEnded = (status: InquiryStatus): boolean => ended.some(one => one === status)

/** @throws Problem `invalid-state` */
export function checkStep(
  { status, anonymized }: { status: InquiryStatus; anonymized: boolean },
  to: ReachableStatus | 'accepted',
): void {
  requireNamed(anonymized)
  if (ways[status].includes(to)) return
  throw new Problem('invalid-state', { detail: `An inquiry that is ${status} cannot become ${to}.` })
}

/** @throws Problem `invalid-state` for an inquiry that names nobody any more, or that has ended */
export function checkChange({ status, anonymized }: { status: InquiryStatus; anonymized: boolean }): void {
  requireNamed(anonymized)
  if (hasEnded(status)) throw new Problem('invalid-state', { detail: 'This inquiry has ended.' })
}

function requireNamed(anonymized: boolean): void {
  if (anonymized) throw new Problem('invalid-state', { detail: 'This inquiry was anonymized.' })
}

/**
 * The reason of a step: one of those that fit where it leads, none where it goes on. Who comes back has that reason.
 *
 * @throws Problem `invalid-state`
 */
export function reasonOf(
  from: InquiryStatus,
  to: ReachableStatus,
  reason: StepReason | null,
): StepReason | null {
  const allowed: readonly StepReason[] = hasEnded(from) ? ['came_back', 'recorded_in_error'] : reasonsFor[to]
  if (allowed.length === 0 && reason === null) return null
  if (reason !== null && allowed.includes(reason)) return reason
  const detail =
    allowed.length > 0 ? `The reason must be one of: ${allowed.join(', ')}.` : 'This step has no reason.'
  throw new Problem('invalid-state', { detail })
}
