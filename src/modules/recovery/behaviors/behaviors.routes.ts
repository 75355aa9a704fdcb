import { created, ok, operation } from '../../../plugins/operations/index.ts'
import { ChartParams, VersionQuery } from '../documents/documents.schemas.ts'
import * as schemas from './behaviors.schemas.ts'
import * as service from './behaviors.service.ts'

const common = { tag: 'Recovery' } as const
const base = '/v1/charts/{chartId}/behaviors'
const one = { ...common, path: `${base}/{behaviorId}`, params: schemas.BehaviorParams } as const
const shown = { status: 200, schema: schemas.Behavior, description: 'The behavior.' } as const

export const behaviorRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: base,
    operationId: 'listBehaviors',
    summary: 'List behaviors',
    description: 'The inventory of behaviors, newest first. Restricted: for the care team of the chart only.',
    permission: 'recovery:read',
    params: ChartParams,
    query: schemas.BehaviorQuery,
    success: { status: 200, schema: schemas.BehaviorPage, description: 'A page of behaviors.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await service.listBehaviors(trx, params.chartId, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: base,
    operationId: 'addBehavior',
    summary: 'Add a behavior to the inventory',
    description:
      'Adds a behavior with its ritual, as minimal facts. A legal risk is answered with the checklist to go through.',
    permission: 'recovery:write',
    params: ChartParams,
    body: schemas.NewBehavior,
    success: { status: 201, schema: schemas.Behavior, description: 'The behavior.' },
    problems: ['invalid-state', 'unknown-reference'],
    handler: async (trx, { params, body }) => {
      const made = await service.addBehavior(trx, params.chartId, body)
      return created(`/v1/charts/${params.chartId}/behaviors/${made.id}`, made)
    },
  }),
  operation({
    ...one,
    method: 'GET',
    operationId: 'getBehavior',
    summary: 'Read a behavior',
    description: 'As it is, or what an earlier version said.',
    permission: 'recovery:read',
    query: VersionQuery,
    success: shown,
    handler: async (trx, { params, query }) =>
      ok(await service.getBehavior(trx, params.chartId, params.behaviorId, query.version)),
  }),
  operation({
    ...one,
    method: 'PATCH',
    operationId: 'changeBehavior',
    summary: 'Change a behavior',
    description: 'Its facts, or that it went into remission or returned. Every version is kept.',
    permission: 'recovery:write',
    ifMatch: true,
    body: schemas.BehaviorChange,
    success: shown,
    problems: ['invalid-state', 'unknown-reference'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.changeBehavior(trx, params.chartId, params.behaviorId, version, body)),
  }),
]
