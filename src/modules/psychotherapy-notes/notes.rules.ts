import { Problem } from '../../lib/problems.ts'

/**
 * Two kinds of one shape, each released by a permission of its own: psychotherapy notes (45 CFR 164.501) and SUD
 * counseling notes of a Part 2 program (42 CFR 2.11).
 */
export const noteKinds = ['psychotherapy', 'sud_counseling'] as const
export type NoteKind = (typeof noteKinds)[number]

export const noteStatuses = ['draft', 'completed', 'entered_in_error'] as const
export type NoteStatus = (typeof noteStatuses)[number]

const steps = {
  save: { from: 'draft', refusal: 'This note is completed. Reopen it, or add an addendum.' },
  complete: { from: 'draft', refusal: 'This note is completed.' },
  reopen: { from: 'completed', refusal: 'Only a completed note that is still valid can be reopened.' },
  amend: { from: 'completed', refusal: 'Addenda are added to a note that is completed and valid.' },
  markAsError: {
    from: 'completed',
    refusal: 'Only a completed note that is still valid can be marked as entered in error.',
  },
} as const satisfies Record<string, { from: NoteStatus; refusal: string }>

export type NoteStep = keyof typeof steps

/** @throws Problem `invalid-state` */
export function requireStep(status: NoteStatus, step: NoteStep): void {
  const { from, refusal } = steps[step]
  if (status !== from) throw new Problem('invalid-state', { detail: refusal })
}

/** @throws Problem `invalid-state` for a text that is nothing but blanks */
export function requireText(text: string): void {
  if (text.trim() === '') throw new Problem('invalid-state', { detail: 'This note has no text yet.' })
}
