import { catalogue, type ProblemCode } from './problems.ts'

/**
 * Constraints that decide races, and what their refusal means to a caller. Every other unique or
 * exclusion violation is `already-exists`, every other foreign key `unknown-reference`, every other
 * check `invalid-request`: list a constraint only to say something more exact. `pointer` names the field of
 * the body, where it is always the same one.
 */
export const constraintProblems: Readonly<
  Record<string, { code: ProblemCode; detail: string; pointer?: string }>
> = {
  // As for any person who cannot be linked: it must not tell of a couple that the caller may not see.
  couples_pair_key: { code: 'unknown-reference', detail: catalogue['unknown-reference'][2] },
  staff_members_email_key: {
    code: 'already-exists',
    detail: 'A member of staff with this e-mail address is here already.',
    pointer: '/email',
  },
  care_team_members_primary_excl: {
    code: 'conflict',
    detail: 'This chart has another primary clinician in that time. Change their role or end it first.',
  },
  care_team_members_staff_excl: {
    code: 'already-exists',
    detail: 'This person is on the care team in that time.',
  },
}
