import { invalidField, Problem } from '../../../lib/problems.ts'
import type { NoteStatus } from '../session-notes.rules.ts'

export const factsStatuses = ['suggested', 'confirmed', 'final', 'withdrawn'] as const
export type FactsStatus = (typeof factsStatuses)[number]

/** Where the facts of a final note stand: only those of a locked one are final, and a withdrawn one has none to bill. */
export function factsStatus(note: NoteStatus, isDecided: boolean): FactsStatus {
  if (note === 'entered_in_error') return 'withdrawn'
  if (!isDecided) return 'suggested'
  return note === 'locked' ? 'final' : 'confirmed'
}

/** @throws Problem `invalid-state` */
export function requireDecidable(status: FactsStatus): void {
  if (status === 'final') throw new Problem('invalid-state', { detail: 'What was confirmed is final.' })
  if (status === 'withdrawn')
    throw new Problem('invalid-state', { detail: 'The note was entered in error: there is nothing to bill.' })
}

/** What is billed of a session. */
export interface Billed {
  code: string | null
  addOns: readonly { code: string; units: number }[]
  modifiers: readonly string[]
  placeOfService: string | null
}

/** Whether somebody decided otherwise than was suggested. The order of modifiers counts, that of add-ons does not. */
export function isChanged(suggested: Billed, decided: Billed): boolean {
  const written = ({ code, addOns, modifiers, placeOfService }: Billed) =>
    JSON.stringify([
      code,
      addOns.map(one => `${one.code} ${one.units}`).toSorted(),
      modifiers,
      placeOfService,
    ])
  return written(suggested) !== written(decided)
}

/** @throws Problem `invalid-request` */
export function requireReason(changed: boolean, reason: string | null): void {
  if (changed && reason === null)
    throw invalidField('/reason', 'required', 'What differs from the suggestion needs a reason.')
}

/** @throws Problem `invalid-request` for add-ons to nothing, or the same one twice */
export function requireSense({ code, addOns }: Pick<Billed, 'code' | 'addOns'>): void {
  if (code === null && addOns.length > 0)
    throw invalidField('/addOns', 'alone', 'An add-on stands beside a code.')
  const codes = addOns.map(one => one.code)
  if (new Set(codes).size < codes.length)
    throw invalidField('/addOns', 'twice', 'Each add-on stands there once.')
}
