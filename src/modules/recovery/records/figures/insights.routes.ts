import { ok, operation } from '../../../../plugins/operations/index.ts'
import { ChartOfRecords } from '../records.schemas.ts'
import { ComparisonQuery, ConsequenceComparison } from './consequence-comparison.schemas.ts'
import { getComparison } from './consequence-comparison.service.ts'
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
  operation({
    tag: 'Recovery',
    method: 'GET',
    path: '/v1/charts/{chartId}/consequence-comparison',
    operationId: 'compareConsequences',
    summary: 'Compare consequences before and after',
    description:
      'How the inventory of consequences stood on two days, by domain of life and severity: each as it was written and where it had come by that day.',
    permission: 'recovery:read',
    params: ChartOfRecords,
    query: ComparisonQuery,
    success: { status: 200, schema: ConsequenceComparison, description: 'The comparison.' },
    handler: async (trx, { params, query }) => ok(await getComparison(trx, params.chartId, query)),
  }),
]
