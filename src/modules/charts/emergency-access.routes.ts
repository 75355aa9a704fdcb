import { created, ok, operation } from '../../plugins/operations/index.ts'
import { ChartParams } from './charts.schemas.ts'
import * as schemas from './emergency-access.schemas.ts'
import * as service from './emergency-access.service.ts'

const common = { tag: 'Charts' } as const

export const emergencyAccessRoutes = [
  operation({
    ...common,
    method: 'POST',
    path: '/v1/charts/{chartId}/emergency-access',
    operationId: 'requestEmergencyAccess',
    summary: 'Open a chart in an emergency',
    description:
      'Opens a chart for reading, without its care team, for at most an hour by the clock of the database. Administrative and clinical data only: never restricted or part 2 records, never psychotherapy notes. The grant is announced (`emergency-access.granted`), every access under it is marked in the audit trail, and somebody else reviews it. The front desk can name the chart of a person.',
    permission: 'emergency-access:request',
    stepUp: true,
    idempotency: 'required',
    params: ChartParams,
    body: schemas.NewEmergencyAccess,
    success: { status: 201, schema: schemas.EmergencyAccessDetail, description: 'The emergency access.' },
    problems: ['invalid-state', 'conflict'],
    handler: async (trx, { params, body }) => {
      const access = await service.requestAccess(trx, params.chartId, body)
      return created(`/v1/emergency-access/${access.id}`, access)
    },
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/emergency-access',
    operationId: 'listEmergencyAccess',
    summary: 'List emergency access',
    description: 'Newest first, for reviewers. `review=overdue` names those that waited too long.',
    permission: 'emergency-access:review',
    query: schemas.EmergencyAccessQuery,
    success: { status: 200, schema: schemas.EmergencyAccessPage, description: 'A page of emergency access.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await service.listAccesses(trx, query)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/emergency-access/{accessId}',
    operationId: 'getEmergencyAccess',
    summary: 'Read an emergency access',
    description: 'With its reason, for its holder and for reviewers.',
    permission: 'charts:read',
    params: schemas.EmergencyAccessParams,
    success: { status: 200, schema: schemas.EmergencyAccessDetail, description: 'The emergency access.' },
    handler: async (trx, { params }) => ok(await service.getAccess(trx, params.accessId)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/emergency-access/{accessId}/end',
    operationId: 'endEmergencyAccess',
    summary: 'End an emergency access early',
    description: 'By its holder, or by a reviewer.',
    permission: 'charts:read',
    ifMatch: true,
    params: schemas.EmergencyAccessParams,
    success: { status: 200, schema: schemas.EmergencyAccessDetail, description: 'The ended access.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, version }) => ok(await service.endAccess(trx, params.accessId, version)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/emergency-access/{accessId}/review',
    operationId: 'reviewEmergencyAccess',
    summary: 'Review an emergency access',
    description: 'Once it is over, by somebody else than its holder; once only.',
    permission: 'emergency-access:review',
    ifMatch: true,
    params: schemas.EmergencyAccessParams,
    body: schemas.EmergencyAccessReview,
    success: { status: 200, schema: schemas.EmergencyAccessDetail, description: 'The reviewed access.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.reviewAccess(trx, params.accessId, version, body)),
  }),
]
