import { Problem } from '../../../lib/problems.ts'

export const consentStatuses = ['asked', 'given', 'declined', 'withdrawn', 'retracted'] as const
export type ConsentStatus = (typeof consentStatuses)[number]

/** What a partner answers, and may think better of. */
export const answers = ['given', 'declined', 'withdrawn'] as const
export type Answer = (typeof answers)[number]

/** What staff record: an answer they witnessed or were told of, or that the question is taken back. */
export const recordedConsentSteps = [...answers, 'retracted'] as const
export type RecordedConsentStep = (typeof recordedConsentSteps)[number]

/** A partner is free both ways; a question that was taken back is over. */
const from: Readonly<Record<RecordedConsentStep, readonly ConsentStatus[]>> = {
  given: ['asked', 'declined', 'withdrawn'],
  declined: ['asked'],
  withdrawn: ['given'],
  retracted: ['asked', 'declined', 'withdrawn'],
}

/** @throws Problem `invalid-state` */
export function requireConsentStep(status: ConsentStatus, step: RecordedConsentStep): void {
  if (from[step].includes(status)) return
  throw new Problem('invalid-state', { detail: 'This step does not fit the status of the consent.' })
}
