import { created, ok, operation } from '../../../plugins/operations/index.ts'
import { ChartParams, VersionQuery } from '../documents/documents.schemas.ts'
import * as schemas from './cycle-phases.schemas.ts'
import * as service from './cycle-phases.service.ts'

const common = { tag: 'Recovery' } as const
const base = '/v1/charts/{chartId}/cycle-phases'
const one = { ...common, path: `${base}/{cyclePhaseId}`, params: schemas.CyclePhaseParams } as const
const shown = { status: 200, schema: schemas.CyclePhase, description: 'The phase.' } as const

export const cyclePhaseRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: base,
    operationId: 'listCyclePhases',
    summary: 'List own phases of the cycle',
    description:
      'Phases that this client has words of their own for, besides those that come with the service; newest first.',
    permission: 'recovery:read',
    params: ChartParams,
    query: schemas.CyclePhaseQuery,
    success: { status: 200, schema: schemas.CyclePhasePage, description: 'A page of phases.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await service.listCyclePhases(trx, params.chartId, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: base,
    operationId: 'addCyclePhase',
    summary: 'Add an own phase of the cycle',
    description: 'Adds a phase that entries of the cycle can name.',
    permission: 'recovery:write',
    params: ChartParams,
    body: schemas.NewCyclePhase,
    success: { status: 201, schema: schemas.CyclePhase, description: 'The phase.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, body }) => {
      const made = await service.addCyclePhase(trx, params.chartId, body)
      return created(`/v1/charts/${params.chartId}/cycle-phases/${made.id}`, made)
    },
  }),
  operation({
    ...one,
    method: 'GET',
    operationId: 'getCyclePhase',
    summary: 'Read an own phase of the cycle',
    description: 'As it is, or what an earlier version said.',
    permission: 'recovery:read',
    query: VersionQuery,
    success: shown,
    handler: async (trx, { params, query }) =>
      ok(await service.getCyclePhase(trx, params.chartId, params.cyclePhaseId, query.version)),
  }),
  operation({
    ...one,
    method: 'PATCH',
    operationId: 'changeCyclePhase',
    summary: 'Change an own phase of the cycle',
    description:
      'Its words and place, or that it is retired: new entries cannot name it then. Every version is kept.',
    permission: 'recovery:write',
    ifMatch: true,
    body: schemas.CyclePhaseChange,
    success: shown,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.changeCyclePhase(trx, params.chartId, params.cyclePhaseId, version, body)),
  }),
]
