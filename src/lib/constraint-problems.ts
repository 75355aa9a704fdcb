import type { ProblemCode } from './problems.ts'

/**
 * Constraints that decide races, and what their refusal means to a caller. Every other unique or
 * exclusion violation is `already-exists`, every other foreign key `unknown-reference`, every other
 * check `invalid-request`: list a constraint only to say something more exact.
 */
export const constraintProblems: Readonly<Record<string, { code: ProblemCode; detail: string }>> = {}
