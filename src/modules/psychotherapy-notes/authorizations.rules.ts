import { invalidField, Problem } from '../../lib/problems.ts'
import type { NoteKind } from './notes.rules.ts'

/** What people ask to be released together. Which of these an authorization of this module may name: one of the first two. */
export const scopeWords = [
  'psychotherapy_notes',
  'sud_counseling_notes',
  'progress_notes',
  'treatment_plans',
  'assessments',
  'billing_records',
  'whole_record',
] as const
export type ScopeWord = (typeof scopeWords)[number]

const kinds: Readonly<Partial<Record<ScopeWord, NoteKind>>> = {
  psychotherapy_notes: 'psychotherapy',
  sud_counseling_notes: 'sud_counseling',
}

/**
 * The kind of notes that this scope names and nothing else. An authorization for psychotherapy notes is not valid together
 * with another (45 CFR 164.508(b)(3)(ii)), and consent for SUD counseling notes stands alone (42 CFR 2.31).
 *
 * @throws Problem `authorization-combined`
 */
export function kindOfScope(scope: readonly ScopeWord[]): NoteKind {
  const [word] = scope
  const kind = word && kinds[word]
  if (!kind || scope.length > 1) throw new Problem('authorization-combined')
  return kind
}

export const scopeOfKind = (kind: NoteKind): ScopeWord =>
  kind === 'psychotherapy' ? 'psychotherapy_notes' : 'sud_counseling_notes'

/** @throws Problem `invalid-request` for what was not signed yet, or ends before today */
export function requireTerm(
  { signedOn, expiresOn }: { signedOn: string; expiresOn: string },
  today: string,
): void {
  if (signedOn > today) throw invalidField('/signedOn', 'range', 'Must not be after today.')
  if (expiresOn < today) throw invalidField('/expiresOn', 'range', 'Must not be before today.')
}
