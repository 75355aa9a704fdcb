import { created, ok, operation } from '../../../plugins/operations/index.ts'
import { ChartParams, VersionQuery } from '../documents/documents.schemas.ts'
import * as schemas from './interactions.schemas.ts'
import * as service from './interactions.service.ts'

const common = { tag: 'Recovery' } as const
const base = '/v1/charts/{chartId}/addiction-interactions'
const one = { ...common, path: `${base}/{interactionId}`, params: schemas.InteractionParams } as const
const shown = { status: 200, schema: schemas.Interaction, description: 'The interaction.' } as const

export const interactionRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: base,
    operationId: 'listAddictionInteractions',
    summary: 'List interactions of addictions',
    description: 'How the addictions of a chart act on each other, newest first.',
    permission: 'recovery:read',
    params: ChartParams,
    query: schemas.InteractionQuery,
    success: { status: 200, schema: schemas.InteractionPage, description: 'A page of interactions.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await service.listInteractions(trx, params.chartId, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: base,
    operationId: 'addAddictionInteraction',
    summary: 'Record an interaction',
    description: 'Records how one addiction acts on another one of the same chart.',
    permission: 'recovery:write',
    params: ChartParams,
    body: schemas.NewInteraction,
    success: { status: 201, schema: schemas.Interaction, description: 'The interaction.' },
    problems: ['invalid-state', 'unknown-reference'],
    handler: async (trx, { params, body }) => {
      const made = await service.addInteraction(trx, params.chartId, body)
      return created(`/v1/charts/${params.chartId}/addiction-interactions/${made.id}`, made)
    },
  }),
  operation({
    ...one,
    method: 'GET',
    operationId: 'getAddictionInteraction',
    summary: 'Read an interaction',
    description: 'As it is, or what an earlier version said.',
    permission: 'recovery:read',
    query: VersionQuery,
    success: shown,
    handler: async (trx, { params, query }) =>
      ok(await service.getInteraction(trx, params.chartId, params.interactionId, query.version)),
  }),
  operation({
    ...one,
    method: 'PATCH',
    operationId: 'changeAddictionInteraction',
    summary: 'Change an interaction',
    description: 'Its evidence and mode, or that it has ended. Every version is kept.',
    permission: 'recovery:write',
    ifMatch: true,
    body: schemas.InteractionChange,
    success: shown,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.changeInteraction(trx, params.chartId, params.interactionId, version, body)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/charts/{chartId}/addiction-map',
    operationId: 'getAddictionMap',
    summary: 'See how addictions hang together',
    description:
      'The addictions of a chart, the interactions observed between them, and on how many days two of them were there together.',
    permission: 'recovery:read',
    params: ChartParams,
    query: schemas.MapQuery,
    success: { status: 200, schema: schemas.AddictionMap, description: 'The graph.' },
    handler: async (trx, { params, query }) => ok(await service.getAddictionMap(trx, params.chartId, query)),
  }),
]
