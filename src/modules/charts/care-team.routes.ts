import { created, ok, operation } from '../../plugins/operations/index.ts'
import * as schemas from './care-team.schemas.ts'
import * as service from './care-team.service.ts'
import { ChartParams } from './charts.schemas.ts'

const common = { tag: 'Charts' } as const

export const careTeamRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: '/v1/charts/{chartId}/care-team',
    operationId: 'listCareTeam',
    summary: 'List the care team',
    description: 'Who treats in this chart, in which role and when: past and coming memberships too.',
    permission: 'charts:read',
    params: ChartParams,
    query: schemas.CareTeamQuery,
    success: { status: 200, schema: schemas.CareTeamPage, description: 'A page of memberships.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await service.listCareTeam(trx, params.chartId, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/charts/{chartId}/care-team',
    operationId: 'addCareTeamMember',
    summary: 'Put a clinician on the care team',
    description:
      'Opens the chart to an active clinician from a day on. For the front desk and the primary clinician; nobody but an owner puts themselves on it. A therapist of one partner becomes the other’s only with a `dualRoleReason`, which whoever may see both is asked for.',
    permission: 'care-team:write',
    params: ChartParams,
    body: schemas.NewCareTeamMember,
    success: { status: 201, schema: schemas.CareTeamMember, description: 'The membership.' },
    problems: ['unknown-reference', 'already-exists', 'conflict', 'invalid-state'],
    handler: async (trx, { params, body }) => {
      const member = await service.addMember(trx, params.chartId, body)
      return created(`/v1/charts/${params.chartId}/care-team`, member)
    },
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/charts/{chartId}/care-team/{memberId}/role-change',
    operationId: 'changeCareTeamRole',
    summary: 'Change the role of a care team member',
    description:
      'Gives the role from today on. The time in the role before stays in the history as a membership of its own, so the answer may have a new id.',
    permission: 'care-team:write',
    ifMatch: true,
    params: schemas.CareTeamMemberParams,
    body: schemas.CareTeamRoleChange,
    success: { status: 200, schema: schemas.CareTeamMember, description: 'The membership in the new role.' },
    problems: ['conflict', 'invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.changeRole(trx, params.chartId, params.memberId, version, body)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/charts/{chartId}/care-team/{memberId}/end',
    operationId: 'endCareTeamMembership',
    summary: 'Take somebody off the care team',
    description:
      'Ends the membership. Where it ends today the chart is closed to them with their next request.',
    permission: 'care-team:write',
    ifMatch: true,
    params: schemas.CareTeamMemberParams,
    body: schemas.CareTeamEnd,
    success: { status: 200, schema: schemas.CareTeamMember, description: 'The membership with its end.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.endMembership(trx, params.chartId, params.memberId, version, body.endsOn)),
  }),
]
