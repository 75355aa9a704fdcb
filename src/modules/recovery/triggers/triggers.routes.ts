import { created, ok, operation } from '../../../plugins/operations/index.ts'
import { ChartParams, VersionQuery } from '../documents/documents.schemas.ts'
import * as schemas from './triggers.schemas.ts'
import * as service from './triggers.service.ts'

const common = { tag: 'Recovery' } as const
const base = '/v1/charts/{chartId}/triggers'
const one = { ...common, path: `${base}/{triggerId}`, params: schemas.TriggerParams } as const
const shown = { status: 200, schema: schemas.Trigger, description: 'The trigger.' } as const

export const triggerRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: base,
    operationId: 'listTriggers',
    summary: 'List triggers',
    description: 'What sets urges off, newest first.',
    permission: 'recovery:read',
    params: ChartParams,
    query: schemas.TriggerQuery,
    success: { status: 200, schema: schemas.TriggerPage, description: 'A page of triggers.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await service.listTriggers(trx, params.chartId, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: base,
    operationId: 'addTrigger',
    summary: 'Add a trigger',
    description: 'Adds something that sets urges off, with the coping skills that go with it.',
    permission: 'recovery:write',
    params: ChartParams,
    body: schemas.NewTrigger,
    success: { status: 201, schema: schemas.Trigger, description: 'The trigger.' },
    problems: ['invalid-state', 'unknown-reference'],
    handler: async (trx, { params, body }) => {
      const made = await service.addTrigger(trx, params.chartId, body)
      return created(`/v1/charts/${params.chartId}/triggers/${made.id}`, made)
    },
  }),
  operation({
    ...one,
    method: 'GET',
    operationId: 'getTrigger',
    summary: 'Read a trigger',
    description: 'As it is, or what an earlier version said.',
    permission: 'recovery:read',
    query: VersionQuery,
    success: shown,
    handler: async (trx, { params, query }) =>
      ok(await service.getTrigger(trx, params.chartId, params.triggerId, query.version)),
  }),
  operation({
    ...one,
    method: 'PATCH',
    operationId: 'changeTrigger',
    summary: 'Change a trigger',
    description: 'Its facts, or that it is retired. Every version is kept.',
    permission: 'recovery:write',
    ifMatch: true,
    body: schemas.TriggerChange,
    success: shown,
    problems: ['invalid-state', 'unknown-reference'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.changeTrigger(trx, params.chartId, params.triggerId, version, body)),
  }),
]
