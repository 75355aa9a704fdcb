import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { atVersion, changedOrRefused } from '../../lib/versions.ts'
import { endSessionsOf, inviteStaff } from '../identity/index.ts'
import { requireOtherHand } from './own-access.rules.ts'
import * as repository from './staff.repository.ts'
import * as rules from './staff.rules.ts'
import type { StaffMember, StaffRoles } from './staff.schemas.ts'
import { toStaffMember } from './staff.service.ts'
import { endSupervisionsBy } from './supervisions.service.ts'

/**
 * Gives a person exactly these roles. Tokens made before end with their next use; whoever is no longer
 * a supervisor supervises nobody from today.
 *
 * @throws Problem `not-found`, `stale-version`, `not-permitted` when `owner` is given or taken by
 *   somebody else than an owner, or for one's own roles, `invalid-state` when it is the last active owner
 */
export async function changeRoles(
  trx: PracticeTransaction,
  id: string,
  version: number,
  input: StaffRoles,
): Promise<StaffMember> {
  trx.audit({ resourceType: 'staff-member', resourceId: id, fields: ['roles'] })
  requireOtherHand(trx.scope, id)
  const owners = await repository.lockOwners(trx)
  const before = atVersion(await repository.findStaff(trx, id), version)
  const roles = rules.inPolicyOrder(input.roles)
  if (rules.sameRoles(before.roles, roles)) return toStaffMember(trx, before)
  const [wasOwner, isOwner] = [before.roles.includes('owner'), roles.includes('owner')]
  if (wasOwner !== isOwner) rules.requireOwner(owners, trx.scope.actor.staffId)
  if (wasOwner && !isOwner) rules.requireOtherOwner(owners, id)
  const row = await update(trx, before, { roles, roles_version: before.roles_version + 1 })
  if (before.roles.includes('supervisor') && !roles.includes('supervisor')) await endSupervisionsBy(trx, id)
  emit(trx, { type: 'staff-member.roles-changed', resourceId: id, resourceVersion: row.version })
  return toStaffMember(trx, row)
}

/**
 * Ends a person's access at once: sessions end, an open invitation is good for nothing, and nobody is
 * supervised by this person any longer.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state` when disabled already or the last active
 *   owner, `not-permitted` when an owner is disabled by somebody else than an owner
 */
export async function disableStaffMember(
  trx: PracticeTransaction,
  id: string,
  version: number,
): Promise<StaffMember> {
  trx.audit({ resourceType: 'staff-member', resourceId: id, fields: ['status'] })
  const owners = await repository.lockOwners(trx)
  const before = atVersion(await repository.findStaff(trx, id), version)
  if (before.roles.includes('owner')) rules.requireOwner(owners, trx.scope.actor.staffId)
  const status = rules.disabledFrom(before.status)
  if (before.roles.includes('owner')) rules.requireOtherOwner(owners, id)
  const row = await update(trx, before, { status, roles_version: before.roles_version + 1 })
  await endSessionsOf(trx, id)
  await endSupervisionsBy(trx, id)
  emit(trx, { type: 'staff-member.disabled', resourceId: id, resourceVersion: row.version })
  return toStaffMember(trx, row)
}

/**
 * Lets a disabled person sign in again; whoever never accepted is invited anew.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state` when not disabled, `not-permitted` when
 *   an owner is re-enabled by somebody else than an owner
 */
export async function enableStaffMember(
  trx: PracticeTransaction,
  id: string,
  version: number,
): Promise<StaffMember> {
  trx.audit({ resourceType: 'staff-member', resourceId: id, fields: ['status'] })
  const owners = await repository.lockOwners(trx)
  const before = atVersion(await repository.findStaff(trx, id), version)
  if (before.roles.includes('owner')) rules.requireOwner(owners, trx.scope.actor.staffId)
  const status = rules.enabledFrom(before.status, before.user_id !== null)
  const row = await update(trx, before, { status })
  if (status === 'invited') await inviteStaff(trx, id)
  emit(trx, { type: 'staff-member.enabled', resourceId: id, resourceVersion: row.version })
  return toStaffMember(trx, row)
}

async function update(
  trx: PracticeTransaction,
  before: repository.StaffRow,
  changes: Parameters<typeof repository.updateStaff>[3],
): Promise<repository.StaffRow> {
  return changedOrRefused(await repository.updateStaff(trx, before.id, before.version, changes), () =>
    repository.findStaff(trx, before.id),
  )
}
