import { ok, operation } from '../../../plugins/operations/index.ts'
import { ChartParams } from '../documents/documents.schemas.ts'
import { ChartPhilosophy, NewPhilosophy } from './philosophy.schemas.ts'
import * as service from './philosophy.service.ts'

const common = {
  tag: 'Recovery',
  path: '/v1/charts/{chartId}/philosophy',
  params: ChartParams,
  success: { status: 200, schema: ChartPhilosophy, description: 'The philosophy and its words.' },
} as const

export const philosophyRoutes = [
  operation({
    ...common,
    method: 'GET',
    operationId: 'getChartPhilosophy',
    summary: 'Read the philosophy of treatment',
    description:
      'Abstinence, harm reduction or both together, as chosen with the client, with the words that go with it and everything chosen before.',
    permission: 'recovery:read',
    handler: async (trx, { params }) => ok(await service.getPhilosophy(trx, params.chartId)),
  }),
  operation({
    ...common,
    method: 'PUT',
    operationId: 'setChartPhilosophy',
    summary: 'Choose the philosophy of treatment',
    description:
      'From a day on. What was chosen before stays in the history, and events of those days keep their words.',
    permission: 'recovery:write',
    body: NewPhilosophy,
    problems: ['invalid-state'],
    handler: async (trx, { params, body }) => ok(await service.setPhilosophy(trx, params.chartId, body)),
  }),
]
