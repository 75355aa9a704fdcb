import { Problem } from '../../lib/problems.ts'

export const clientStatuses = [
  'inquiry',
  'waitlisted',
  'active',
  'inactive',
  'discharged',
  'deceased',
  'merged',
] as const
export type ClientStatus = (typeof clientStatuses)[number]

/** With which a client may be registered. */
export const openingStatuses = ['inquiry', 'waitlisted', 'active'] as const

/** What a status change may lead to; `merged` is only reached by a merge. */
export const reachableStatuses = [
  'inquiry',
  'waitlisted',
  'active',
  'inactive',
  'discharged',
  'deceased',
] as const
export type ReachableStatus = (typeof reachableStatuses)[number]

export const statusReasons = [
  'first_contact',
  'no_opening',
  'care_started',
  'returned',
  'readmission',
  'paused',
  'no_contact',
  'client_request',
  'treatment_completed',
  'referred_out',
  'moved_away',
  'administrative',
  'death_reported',
  'recorded_in_error',
] as const
export type StatusReason = (typeof statusReasons)[number]

const next: Readonly<Record<ClientStatus, readonly ReachableStatus[]>> = {
  inquiry: ['waitlisted', 'active', 'inactive', 'deceased'],
  waitlisted: ['inquiry', 'active', 'inactive', 'deceased'],
  active: ['waitlisted', 'inactive', 'discharged', 'deceased'],
  inactive: ['waitlisted', 'active', 'discharged', 'deceased'],
  discharged: ['waitlisted', 'active', 'deceased'],
  deceased: [],
  merged: [],
}

const reasonsFor: Readonly<Record<ReachableStatus, readonly StatusReason[]>> = {
  inquiry: ['first_contact', 'client_request'],
  waitlisted: ['no_opening', 'client_request'],
  active: ['care_started', 'returned'],
  inactive: ['paused', 'no_contact', 'client_request', 'referred_out'],
  discharged: [
    'treatment_completed',
    'client_request',
    'referred_out',
    'no_contact',
    'moved_away',
    'administrative',
  ],
  deceased: ['death_reported'],
}

/**
 * Whether a status change may be made. A discharged client comes back by re-admission only; a discharge or
 * a death that was recorded in error is corrected with that reason, and with no other.
 *
 * @throws Problem `invalid-state`
 */
export function checkStatusChange(from: ClientStatus, to: ReachableStatus, reason: StatusReason): void {
  if (from === 'merged') throw refused('A merged record stays as it is; the change belongs to the survivor.')
  if (reason === 'recorded_in_error') return checkCorrection(from, to)
  if (!next[from].includes(to)) throw refused(`A client who is ${from} cannot become ${to}.`)
  const allowed: readonly StatusReason[] =
    from === 'discharged' && to !== 'deceased' ? ['readmission'] : reasonsFor[to]
  if (!allowed.includes(reason)) throw refused(`The reason must be one of: ${allowed.join(', ')}.`)
}

function checkCorrection(from: ClientStatus, to: ReachableStatus): void {
  if (from !== 'deceased' && from !== 'discharged') {
    throw refused('Only a discharge or a death can have been recorded in error.')
  }
  if (to === from || to === 'deceased') throw refused('A correction leads back to another status.')
}

const refused = (detail: string) => new Problem('invalid-state', { detail })
