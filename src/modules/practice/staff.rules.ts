import { Problem } from '../../lib/problems.ts'
import { type Role, roles } from '../charts/access-policy.ts'
import type { staffStatuses } from './staff.schemas.ts'

export type StaffStatus = (typeof staffStatuses)[number]

interface Owner {
  id: string
  status: string
}

/** @throws Problem `invalid-state` when disabled already */
export function disabledFrom(status: string): StaffStatus {
  if (status === 'disabled')
    throw new Problem('invalid-state', { detail: 'This person is disabled already.' })
  return 'disabled'
}

/**
 * Back to work, or back to being invited where the invitation was never accepted.
 *
 * @throws Problem `invalid-state` when not disabled
 */
export function enabledFrom(status: string, hasAccount: boolean): StaffStatus {
  if (status !== 'disabled') throw new Problem('invalid-state', { detail: 'This person is not disabled.' })
  return hasAccount ? 'active' : 'invited'
}

/**
 * Only an owner may make, unmake, disable or re-enable an owner.
 *
 * @param owners as locked now: the caller's token may be older
 * @throws Problem `not-permitted`
 */
export function requireOwner(owners: readonly Owner[], actorStaffId: string | null): void {
  if (!owners.some(owner => owner.id === actorStaffId && owner.status === 'active')) {
    throw new Problem('not-permitted', { detail: 'Only an owner may do this to an owner.' })
  }
}

/**
 * A practice that nobody owns could never be handed on.
 *
 * @throws Problem `invalid-state`
 */
export function requireOtherOwner(owners: readonly Owner[], leavingId: string): void {
  if (!owners.some(owner => owner.id !== leavingId && owner.status === 'active')) {
    throw new Problem('invalid-state', { detail: 'The last active owner of a practice has to stay.' })
  }
}

/** In the order of the access policy, so that equal sets are equal lists. */
export const inPolicyOrder = (held: readonly Role[]) => roles.filter(role => held.includes(role))

export const sameRoles = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every(role => b.includes(role))
