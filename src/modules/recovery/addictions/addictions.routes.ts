import { created, ok, operation } from '../../../plugins/operations/index.ts'
import { ChartParams, VersionQuery } from '../documents/documents.schemas.ts'
import * as schemas from './addictions.schemas.ts'
import * as service from './addictions.service.ts'

const common = { tag: 'Recovery' } as const
const base = '/v1/charts/{chartId}/addictions'
const one = { ...common, path: `${base}/{addictionId}`, params: schemas.AddictionParams } as const
const shown = { status: 200, schema: schemas.Addiction, description: 'The addiction.' } as const

export const addictionRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: base,
    operationId: 'listAddictions',
    summary: 'List addictions',
    description: 'What is followed in this chart, newest first, with every earlier status.',
    permission: 'recovery:read',
    params: ChartParams,
    query: schemas.AddictionQuery,
    success: { status: 200, schema: schemas.AddictionPage, description: 'A page of addictions.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await service.listAddictions(trx, params.chartId, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: base,
    operationId: 'addAddiction',
    summary: 'Follow an addiction',
    description:
      'Adds one of several things that may be addictive, chemical or not. It says what is looked at; it is no diagnosis.',
    permission: 'recovery:write',
    params: ChartParams,
    body: schemas.NewAddiction,
    success: { status: 201, schema: schemas.Addiction, description: 'The addiction.' },
    problems: ['invalid-state', 'conflict'],
    handler: async (trx, { params, body }) => {
      const addiction = await service.addAddiction(trx, params.chartId, body)
      return created(`/v1/charts/${params.chartId}/addictions/${addiction.id}`, addiction)
    },
  }),
  operation({
    ...one,
    method: 'GET',
    operationId: 'getAddiction',
    summary: 'Read an addiction',
    description: 'As it is, or what an earlier version said.',
    permission: 'recovery:read',
    query: VersionQuery,
    success: shown,
    handler: async (trx, { params, query }) =>
      ok(await service.getAddiction(trx, params.chartId, params.addictionId, query.version)),
  }),
  operation({
    ...one,
    method: 'PATCH',
    operationId: 'changeAddiction',
    summary: 'Change an addiction',
    description:
      'Its status moves freely in every direction: what was quiet may come back. Every version is kept.',
    permission: 'recovery:write',
    ifMatch: true,
    body: schemas.AddictionChange,
    success: shown,
    problems: ['invalid-state', 'conflict'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.changeAddiction(trx, params.chartId, params.addictionId, version, body)),
  }),
]
