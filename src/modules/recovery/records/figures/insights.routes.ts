import { ok, operation } from '../../../../plugins/operations/index.ts'
import { ChartOfRecords } from '../records.schemas.ts'
import { RecoveryInsights } from './insights.schemas.ts'
import { getInsights } from './insights.service.ts'

export const insightRoutes = [
  operation({
    tag: 'Recovery',
    method: 'GET',
    path: '/v1/charts/{chartId}/recovery-insights',
    operationId: 'getRecoveryInsights',
    summary: 'Read the figures of recovery work',
    description:
      'Everything that is computed from the records of one chart, in one answer. Figures are made from what the reader may see: `restricted` is null for whoever is not on the care team.',
    permission: 'recovery:read',
    params: ChartOfRecords,
    success: { status: 200, schema: RecoveryInsights, description: 'The figures.' },
    handler: async (trx, { params }) => ok(await getInsights(trx, params.chartId)),
  }),
]
