import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { normalizeEmail } from '../../lib/email-addresses.ts'
import { emit } from '../../lib/events.ts'
import { given } from '../../lib/given.ts'
import { limits } from '../../lib/limits.ts'
import { requireNpi } from '../../lib/npi.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { notFound } from '../../lib/problems.ts'
import { changedOrRefused } from '../../lib/versions.ts'
import type { Role } from '../charts/access-policy.ts'
import { inviteStaff } from '../identity/index.ts'
import { requireOtherHand } from './own-access.rules.ts'
import * as repository from './staff.repository.ts'
import { inPolicyOrder, requireOwner, type StaffStatus } from './staff.rules.ts'
import type { NewStaffMember, StaffMember, StaffMemberChange, StaffQuery } from './staff.schemas.ts'

/** @throws Problem `not-found` */
export async function getStaffMember(trx: PracticeTransaction, id: string): Promise<StaffMember> {
  trx.audit({ resourceType: 'staff-member', resourceId: id })
  const row = await repository.findStaff(trx, id)
  if (!row) throw notFound()
  return toStaffMember(trx, row)
}

export async function listStaff(trx: PracticeTransaction, query: StaffQuery): Promise<Page<StaffMember>> {
  trx.audit({ resourceType: 'staff-member' })
  const { cursor, limit = limits.page.default, ...filter } = query
  const after = trx.cursorKey(filter, cursor)?.[0] as string | undefined
  const rows = await repository.listStaff(trx, { ...filter, limit, after })
  return toPage(
    rows,
    limit,
    row => toStaffMember(trx, row),
    row => trx.cursorAfter(filter, [row.id]),
  )
}

/**
 * Adds a person and sends the invitation.
 *
 * @throws Problem `already-exists` when the practice has staff with this e-mail, `not-permitted` when
 *   somebody else than an owner makes an owner, `invalid-request` for a wrong NPI
 */
export async function createStaffMember(
  trx: PracticeTransaction,
  input: NewStaffMember,
): Promise<StaffMember> {
  requireNpi(input.npi)
  if (input.roles.includes('owner')) {
    requireOwner(await repository.lockOwners(trx), trx.scope.actor.staffId)
  }
  const row = await repository.insertStaff(trx, {
    email: input.email,
    email_normalized: normalizeEmail(input.email),
    given_name: input.givenName,
    family_name: input.familyName,
    display_name: input.displayName ?? `${input.givenName} ${input.familyName}`,
    title: input.title ?? null,
    npi: input.npi ?? null,
    cosign_required: input.cosignRequired ?? false,
    roles: inPolicyOrder(input.roles),
  })
  trx.audit({ resourceType: 'staff-member', resourceId: row.id, fields: Object.keys(input) })
  emit(trx, { type: 'staff-member.created', resourceId: row.id, resourceVersion: row.version })
  await inviteStaff(trx, row.id)
  return toStaffMember(trx, row)
}

/**
 * @throws Problem `not-found`, `stale-version`, `invalid-request` for a wrong NPI, `not-permitted` to decide for oneself
 *   whether notes need a co-signature
 */
export async function changeStaffMember(
  trx: PracticeTransaction,
  id: string,
  version: number,
  change: StaffMemberChange,
): Promise<StaffMember> {
  trx.audit({ resourceType: 'staff-member', resourceId: id, fields: Object.keys(change) })
  if (change.cosignRequired !== undefined) requireOtherHand(trx.scope, id)
  requireNpi(change.npi)
  const changes = given({
    given_name: change.givenName,
    family_name: change.familyName,
    display_name: change.displayName,
    title: change.title,
    npi: change.npi,
    cosign_required: change.cosignRequired,
  })
  const changed = await repository.updateStaff(trx, id, version, changes)
  const row = await changedOrRefused(changed, () => repository.findStaff(trx, id))
  emit(trx, { type: 'staff-member.updated', resourceId: id, resourceVersion: row.version })
  return toStaffMember(trx, row)
}

/**
 * A member of staff as this caller may see it: colleagues see names, roles and supervision; the e-mail
 * address, which is also the sign-in name, only those who may change staff, and the person.
 */
export function toStaffMember(trx: PracticeTransaction, row: repository.StaffRow): StaffMember {
  const { staffId, permissions } = trx.scope.actor
  return {
    id: row.id,
    ...(permissions.has('staff:write') || row.id === staffId ? { email: row.email } : {}),
    givenName: row.given_name,
    familyName: row.family_name,
    displayName: row.display_name,
    title: row.title,
    npi: row.npi,
    cosignRequired: row.cosign_required,
    roles: row.roles as Role[],
    status: row.status as StaffStatus,
    supervisorId: row.supervisor_id,
    supervisionForTraining: row.supervision_for_training,
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}
