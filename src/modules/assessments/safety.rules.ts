import { Problem } from '../../lib/problems.ts'

export const riskStatuses = ['open', 'mitigated', 'monitored', 'closed'] as const
export type RiskStatus = (typeof riskStatuses)[number]

/** Risk goes both ways; what was closed is not opened again: assess anew. */
const next: Readonly<Record<RiskStatus, readonly RiskStatus[]>> = {
  open: ['mitigated', 'monitored', 'closed'],
  mitigated: ['open', 'monitored', 'closed'],
  monitored: ['open', 'mitigated', 'closed'],
  closed: [],
}

/**
 * Whether a risk assessment may come to this status.
 *
 * @param signed whether its current revision is signed: nothing is settled by what nobody vouches for
 * @throws Problem `invalid-state`
 */
export function checkRiskStep(from: RiskStatus, to: RiskStatus, signed: boolean): void {
  if (!next[from].includes(to))
    throw new Problem('invalid-state', {
      detail: 'This step does not fit the status of the risk assessment.',
    })
  if (to !== 'open' && !signed)
    throw new Problem('invalid-state', { detail: 'Its current revision must be signed first.' })
}

export const levels = ['low', 'moderate', 'high'] as const
export type RiskLevel = (typeof levels)[number]

/** A high acute level that nobody signed calls for a clinician and their supervisor. */
export const callsForSignature = (acute: RiskLevel) => acute === 'high'

/** In the order in which they are gone through. Headings in our own words. */
export const planHeadings = {
  warning_signs: 'Signs that a crisis may be coming',
  own_coping: 'What I can do by myself',
  distraction: 'People and places that take my mind off it',
  helpers: 'People I can ask for help',
  professionals: 'Professionals and places to turn to',
  safer_surroundings: 'How we make my surroundings safer',
  reasons: 'What matters to me',
  other: 'Also',
} as const

export const planSections = Object.keys(planHeadings) as [PlanSection, ...PlanSection[]]
export type PlanSection = keyof typeof planHeadings
