import { ok, operation } from '../../../plugins/operations/index.ts'
import { ChartParams } from '../documents/documents.schemas.ts'
import { RecoveryFigures } from './figures.schemas.ts'
import * as service from './figures.service.ts'

export const figureRoutes = [
  operation({
    method: 'GET',
    path: '/v1/charts/{chartId}/recovery-figures',
    operationId: 'getRecoveryFigures',
    tag: 'Recovery',
    summary: 'Read every figure of recovery work',
    description:
      'Streaks and sobriety dates by the definition in force on each day, days of contracts with their milestones, how often check-ins were sent, and what lapses have taught. On a day that was told late, as on any other.',
    permission: 'recovery:read',
    params: ChartParams,
    success: { status: 200, schema: RecoveryFigures, description: 'The figures.' },
    handler: async (trx, { params }) => ok(await service.getFigures(trx, params.chartId)),
  }),
]
