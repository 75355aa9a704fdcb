import { Problem } from '../../lib/problems.ts'

export const agreementTopics = [
  'communication',
  'technology',
  'financial_transparency',
  'boundary',
  'check_in',
  'lapse_disclosure',
  'sexual_break',
  'other',
] as const
export type AgreementTopic = (typeof agreementTopics)[number]

export const agreementStatuses = ['proposed', 'agreed', 'broken', 'ended'] as const
export type AgreementStatus = (typeof agreementStatuses)[number]

/** What staff may record; `agreed` comes only from both partners' acceptances. */
export const recordedStatuses = ['broken', 'ended'] as const satisfies readonly AgreementStatus[]

/** A broken agreement is not mended in place: the partners agree anew, so that both histories stay. */
const next: Readonly<Record<AgreementStatus, readonly AgreementStatus[]>> = {
  proposed: ['agreed', 'ended'],
  agreed: ['broken', 'ended'],
  broken: ['ended'],
  ended: [],
}

/** @throws Problem `invalid-state` */
export function checkAgreementStep(from: AgreementStatus, to: AgreementStatus): void {
  if (!next[from].includes(to)) {
    throw new Problem('invalid-state', { detail: 'This step does not fit the status of the agreement.' })
  }
}

/** Both partners are bound, or neither. */
export const isAgreed = (partners: readonly string[], accepted: readonly string[]) =>
  partners.every(clientId => accepted.includes(clientId))
