import { Temporal } from 'temporal-polyfill'
import { invalidField, Problem } from '../../../lib/problems.ts'
import data from './amendment-rules.json' with { type: 'json' }

export const amendmentStatuses = ['received', 'accepted', 'denied', 'disagreed', 'rebutted'] as const
export type AmendmentStatus = (typeof amendmentStatuses)[number]

/** What is kept of a request, one of each kind. */
export const paperKinds = [
  'request',
  'extension',
  'acceptance',
  'denial',
  'disagreement',
  'rebuttal',
] as const
export type PaperKind = (typeof paperKinds)[number]

export const denialReasonCodes = [
  'not_created_by_us',
  'not_in_record_set',
  'not_accessible',
  'accurate_and_complete',
] as const
export type DenialReasonCode = (typeof denialReasonCodes)[number]

export interface DenialReason {
  code: DenialReasonCode
  label: string
  source: string
  confidence: string
}

export interface DeadlineRule {
  /** ISO 3166: a country, or one of its states where it has a rule of its own. */
  jurisdiction: string
  respondWithinDays: number
  extensionDays: number
  validFrom: string
  validTo: string | null
  source: string
  confidence: string
}

export const denialReasons = data.denialReasons as readonly DenialReason[]
export const deadlineRules = data.deadlines as readonly DeadlineRule[]

/**
 * The rule for a request received on a day: that of the state, or else that of its country. A country without a rule is
 * served as the United States are.
 */
export function deadlineRuleOf(
  jurisdiction: string,
  receivedOn: string,
  rules: readonly DeadlineRule[] = deadlineRules,
): DeadlineRule {
  const inForce = rules.filter(
    ({ validFrom, validTo }) => validFrom <= receivedOn && (validTo === null || receivedOn <= validTo),
  )
  const [country = ''] = jurisdiction.split('-')
  for (const place of [jurisdiction, country, 'US']) {
    const found = inForce.find(rule => rule.jurisdiction === place)
    if (found) return found
  }
  throw new Error('There is no rule for requests to amend on this day')
}

export const daysAfter = (day: string, days: number): string =>
  Temporal.PlainDate.from(day).add({ days }).toString()

const steps = {
  extend: { from: ['received'], refusal: 'Only a request that waits for a decision is extended.' },
  accept: { from: ['received'], refusal: 'This request has been decided.' },
  deny: { from: ['received'], refusal: 'This request has been decided.' },
  disagree: {
    from: ['denied'],
    refusal: 'A statement of disagreement follows a denial, and there is one of it.',
  },
  rebut: {
    from: ['disagreed'],
    refusal: 'A rebuttal answers a statement of disagreement, and there is one of it.',
  },
} as const satisfies Record<string, { from: readonly AmendmentStatus[]; refusal: string }>

export type AmendmentStep = keyof typeof steps

/** @throws Problem `invalid-state` */
export function requireStep(status: AmendmentStatus, step: AmendmentStep): void {
  const { from, refusal }: { from: readonly AmendmentStatus[]; refusal: string } = steps[step]
  if (!from.includes(status)) throw new Problem('invalid-state', { detail: refusal })
}

/** Once, and before the time is over. @throws Problem `invalid-state` */
export function requireExtendable(request: { extended: boolean; due_on: string }, today: string): void {
  if (request.extended) throw new Problem('invalid-state', { detail: 'This request was extended already.' })
  if (request.due_on < today) {
    throw new Problem('invalid-state', { detail: 'The time to act on this request is over.' })
  }
}

/** @throws Problem `invalid-request` */
export function requireReceipt(
  receivedOn: string,
  { sessionDate, today }: Record<'sessionDate' | 'today', string>,
): void {
  if (receivedOn >= sessionDate && receivedOn <= today) return
  throw invalidField('/receivedOn', 'range', 'Must be between the day of the session and today.')
}
