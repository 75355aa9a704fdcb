import { created, ok, operation } from '../../plugins/operations/index.ts'
import * as schemas from './staff.schemas.ts'
import * as service from './staff.service.ts'
import * as access from './staff-access.service.ts'

const common = { tag: 'Practice' } as const
const asItIsNow = { status: 200, schema: schemas.StaffMember, description: 'The person as of now.' } as const

export const staffRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: '/v1/staff-members',
    operationId: 'listStaffMembers',
    summary: 'List staff',
    description:
      'Everybody who works or worked in the practice, oldest first. E-mail addresses are shown to those who may change staff.',
    permission: 'staff:read',
    query: schemas.StaffQuery,
    success: { status: 200, schema: schemas.StaffPage, description: 'A page of staff.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await service.listStaff(trx, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/staff-members',
    operationId: 'createStaffMember',
    summary: 'Invite a member of staff',
    description: 'Adds a person and mails the invitation. Only an owner can make another owner.',
    permission: 'staff:write',
    body: schemas.NewStaffMember,
    success: { status: 201, schema: schemas.StaffMember, description: 'The person, invited.' },
    problems: ['already-exists'],
    handler: async (trx, { body }) => {
      const member = await service.createStaffMember(trx, body)
      return created(`/v1/staff-members/${member.id}`, member)
    },
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/staff-members/{staffId}',
    operationId: 'getStaffMember',
    summary: 'Read a member of staff',
    description: 'One person, with the ETag to change it.',
    permission: 'staff:read',
    params: schemas.StaffParams,
    success: { status: 200, schema: schemas.StaffMember, description: 'The person.' },
    handler: async (trx, { params }) => ok(await service.getStaffMember(trx, params.staffId)),
  }),
  operation({
    ...common,
    method: 'PATCH',
    path: '/v1/staff-members/{staffId}',
    operationId: 'changeStaffMember',
    summary: 'Change a member of staff',
    description:
      'Changes the fields given. Signatures made before keep the name and credentials they were made with.',
    permission: 'staff:write',
    ifMatch: true,
    params: schemas.StaffParams,
    body: schemas.StaffMemberChange,
    success: asItIsNow,
    handler: async (trx, { params, body, version }) =>
      ok(await service.changeStaffMember(trx, params.staffId, version, body)),
  }),
  operation({
    ...common,
    method: 'PUT',
    path: '/v1/staff-members/{staffId}/roles',
    operationId: 'changeStaffRoles',
    summary: 'Change roles',
    description:
      'Replaces the roles of a person. Access tokens made before are refused from the next request on. Only an owner gives or takes `owner`, and the last active owner keeps it; nobody but an owner changes their own. Whoever loses `supervisor` supervises nobody from today.',
    permission: 'staff:write',
    ifMatch: true,
    params: schemas.StaffParams,
    body: schemas.StaffRoles,
    success: asItIsNow,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await access.changeRoles(trx, params.staffId, version, body)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/staff-members/{staffId}/disablement',
    operationId: 'disableStaffMember',
    summary: 'Disable a member of staff',
    description:
      'Ends all sessions of a person at once and lets nobody sign in as them. Their supervision of others ends today. Only an owner disables an owner, and the last active owner cannot be disabled.',
    permission: 'staff:write',
    ifMatch: true,
    params: schemas.StaffParams,
    success: asItIsNow,
    problems: ['invalid-state'],
    handler: async (trx, { params, version }) =>
      ok(await access.disableStaffMember(trx, params.staffId, version)),
  }),
  operation({
    ...common,
    method: 'DELETE',
    path: '/v1/staff-members/{staffId}/disablement',
    operationId: 'enableStaffMember',
    summary: 'Re-enable a member of staff',
    description:
      'Lets a disabled person sign in again with the roles they had. Whoever never accepted the invitation gets a new one. Only an owner re-enables an owner.',
    permission: 'staff:write',
    ifMatch: true,
    params: schemas.StaffParams,
    success: asItIsNow,
    problems: ['invalid-state'],
    handler: async (trx, { params, version }) =>
      ok(await access.enableStaffMember(trx, params.staffId, version)),
  }),
]
