import { ok, operation } from '../../plugins/operations/index.ts'
import * as schemas from './dual-roles.schemas.ts'
import * as service from './dual-roles.service.ts'

const common = { tag: 'Charts' } as const

export const dualRoleRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: '/v1/dual-roles',
    operationId: 'listDualRoles',
    summary: 'List dual roles',
    description:
      'Clinicians who are therapists in the individual charts of both partners of a couple, newest first: all of them for owners, those of supervisees for supervisors. Found by the hour, or recorded with the care team.',
    permission: 'dual-roles:read',
    query: schemas.DualRoleQuery,
    success: { status: 200, schema: schemas.DualRolePage, description: 'A page of dual roles.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await service.listDualRoles(trx, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/dual-roles/{dualRoleId}/reason',
    operationId: 'justifyDualRole',
    summary: 'Record the reason of a dual role',
    description:
      'Says why it has to be so, by somebody else than the clinician, or an owner. A later reason takes the place of the one before.',
    permission: 'dual-roles:write',
    ifMatch: true,
    params: schemas.DualRoleParams,
    body: schemas.DualRoleReason,
    success: { status: 200, schema: schemas.DualRole, description: 'The dual role as it is now.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.giveReason(trx, params.dualRoleId, version, body.reason)),
  }),
]
