import { ok, operation } from '../../plugins/operations/index.ts'
import { StaffMember, StaffPage, StaffParams } from './staff.schemas.ts'
import * as schemas from './supervisions.schemas.ts'
import * as service from './supervisions.service.ts'

const common = { tag: 'Practice' } as const

export const supervisionRoutes = [
  operation({
    ...common,
    method: 'PUT',
    path: '/v1/staff-members/{staffId}/supervision',
    operationId: 'changeSupervision',
    summary: 'Set the supervisor',
    description:
      'Says who supervises a person from today, or that nobody does. The supervisor has to be active, hold the role, and not be supervised by this person, directly or through others. The supervisor may open charts of supervisees from the next request on. Nobody but an owner changes whom they supervise or who supervises them.',
    permission: 'staff:write',
    ifMatch: true,
    params: StaffParams,
    body: schemas.SupervisionChange,
    success: { status: 200, schema: StaffMember, description: 'The person as of now.' },
    problems: ['unknown-reference', 'invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.changeSupervision(trx, params.staffId, version, body)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/staff-members/{staffId}/supervisions',
    operationId: 'listSupervisions',
    summary: 'List the supervisors of a person',
    description: 'Who supervised this person and when, oldest first. The last one may still last.',
    permission: 'staff:read',
    params: StaffParams,
    query: schemas.SupervisionQuery,
    success: { status: 200, schema: schemas.SupervisionPage, description: 'A page of supervisions.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await service.listSupervisions(trx, params.staffId, query)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/staff-members/{staffId}/supervisees',
    operationId: 'listSupervisees',
    summary: 'List supervisees',
    description: 'Whom this person supervises now.',
    permission: 'staff:read',
    params: StaffParams,
    query: schemas.SupervisionQuery,
    success: { status: 200, schema: StaffPage, description: 'A page of staff.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await service.listSupervisees(trx, params.staffId, query)),
  }),
]
