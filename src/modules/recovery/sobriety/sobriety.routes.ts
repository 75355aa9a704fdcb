import { created, ok, operation } from '../../../plugins/operations/index.ts'
import { ChartParams } from '../documents/documents.schemas.ts'
import * as schemas from './sobriety.schemas.ts'
import * as service from './sobriety.service.ts'

const common = {
  tag: 'Recovery',
  path: '/v1/charts/{chartId}/sobriety-definitions',
  params: ChartParams,
} as const

export const sobrietyRoutes = [
  operation({
    ...common,
    method: 'GET',
    operationId: 'listSobrietyDefinitions',
    summary: 'List sobriety definitions',
    description:
      'Every definition of every addiction of a chart, the highest number first, with what moved and what ended; or those in force on a day.',
    permission: 'recovery:read',
    query: schemas.DefinitionQuery,
    success: { status: 200, schema: schemas.SobrietyDefinitionPage, description: 'A page of definitions.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await service.listDefinitions(trx, params.chartId, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    operationId: 'defineSobriety',
    summary: 'Write the next sobriety definition',
    description:
      'The three circles of one addiction from a day on. Items keep their ids when they stay or move; those left out have ended. What happened before that day is counted as it was.',
    permission: 'recovery:write',
    idempotency: 'required',
    body: schemas.NewSobrietyDefinition,
    success: { status: 201, schema: schemas.SobrietyDefinition, description: 'The definition.' },
    problems: ['invalid-state', 'unknown-reference', 'conflict'],
    handler: async (trx, { params, body }) => {
      const definition = await service.addDefinition(trx, params.chartId, body)
      return created(`/v1/charts/${params.chartId}/sobriety-definitions`, definition)
    },
  }),
]
