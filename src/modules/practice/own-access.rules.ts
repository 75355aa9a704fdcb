import { Problem } from '../../lib/problems.ts'
import type { Scope } from '../../lib/scope.ts'

/**
 * Whoever may give roles, supervisees and places on care teams does not give them to themselves: a front desk that
 * could would read any chart with nobody asked. A second person gives them, or an owner, whom a small practice may
 * have nobody beside. Each such step is audited and in the event feed.
 *
 * @throws Problem `not-permitted`
 */
export function requireOtherHand({ actor }: Scope, receivingStaffId: string): void {
  if (actor.staffId !== receivingStaffId || actor.roles.includes('owner')) return
  throw new Problem('not-permitted', { detail: 'Somebody else has to do this for you, or an owner.' })
}
