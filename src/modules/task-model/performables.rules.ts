import { invalidField, Problem } from '../../lib/problems.ts'
import { type EvidenceType, evidenceTypes } from './templates.rules.ts'

export const performableStatuses = ['todo', 'drafting', 'submitted', 'accepted', 'needs_work'] as const
export type PerformableStatus = (typeof performableStatuses)[number]

/** What was accepted may need work again when something new comes to light. */
const next: Readonly<Record<PerformableStatus, readonly PerformableStatus[]>> = {
  todo: ['drafting', 'submitted'],
  drafting: ['submitted'],
  submitted: ['accepted', 'needs_work'],
  needs_work: ['drafting', 'submitted'],
  accepted: ['needs_work'],
}

/** @throws Problem `invalid-state` */
export function requirePerformableStep(from: PerformableStatus, to: PerformableStatus): void {
  if (next[from].includes(to)) return
  throw new Problem('invalid-state', { detail: 'This step does not fit the status of the performable.' })
}

export const presentationPlaces = ['individual', 'group', 'sponsor'] as const
export type PresentationPlace = (typeof presentationPlaces)[number]

export const evidenceKinds = [...evidenceTypes, 'presentation'] as const
export type EvidenceKind = (typeof evidenceKinds)[number]

export interface GivenEvidence {
  kind: EvidenceKind
  note?: string | null
  quantity?: number
  appointmentId?: string
  instrumentKey?: string
  presentedIn?: PresentationPlace
}

/** What each kind of evidence says, beside the day and a note. */
const needed: Readonly<Record<EvidenceKind, keyof GivenEvidence | null>> = {
  text: 'note',
  attestation: null,
  session: null,
  instrument: 'instrumentKey',
  date: null,
  count: 'quantity',
  presentation: 'presentedIn',
}
const ofOneKind: Readonly<
  Record<'quantity' | 'appointmentId' | 'instrumentKey' | 'presentedIn', EvidenceKind>
> = {
  quantity: 'count',
  appointmentId: 'session',
  instrumentKey: 'instrument',
  presentedIn: 'presentation',
}

/**
 * Evidence is of the type its performable asks for; that something was presented is said beside it.
 *
 * @throws Problem `invalid-request`
 */
export function checkEvidence(asked: EvidenceType, given: GivenEvidence, at = ''): void {
  if (given.kind !== asked && given.kind !== 'presentation')
    throw invalidField(
      `${at}/kind`,
      'evidence-type',
      'Is not the type of evidence this performable asks for.',
    )
  const missing = needed[given.kind]
  if (missing && given[missing] == null)
    throw invalidField(`${at}/${missing}`, 'required', 'Belongs to evidence of this kind.')
  for (const [field, kind] of Object.entries(ofOneKind))
    if (given.kind !== kind && given[field as keyof GivenEvidence] !== undefined)
      throw invalidField(`${at}/${field}`, 'not-allowed', 'Does not belong to evidence of this kind.')
}
