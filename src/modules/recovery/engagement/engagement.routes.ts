import { ok, operation } from '../../../plugins/operations/index.ts'
import { ChartOfRecords } from '../records/records.schemas.ts'
import { Engagement } from './engagement.schemas.ts'
import { getEngagement } from './engagement.service.ts'

export const engagementRoutes = [
  operation({
    tag: 'Recovery',
    method: 'GET',
    path: '/v1/charts/{chartId}/engagement',
    operationId: 'getEngagement',
    summary: 'Read whether a client stays',
    description:
      'Feedback on sessions as a series, what became of appointments by month, and the signals that the client may leave. Thresholds stand in the reference with their source.',
    permission: 'recovery:read',
    params: ChartOfRecords,
    success: { status: 200, schema: Engagement, description: 'The figures.' },
    handler: async (trx, { params }) => ok(await getEngagement(trx, params.chartId)),
  }),
]
