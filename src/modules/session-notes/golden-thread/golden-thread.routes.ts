import { ok, operation } from '../../../plugins/operations/index.ts'
import * as schemas from './golden-thread.schemas.ts'
import { goldenThread } from './golden-thread.service.ts'

export const goldenThreadRoutes = [
  operation({
    tag: 'Session notes',
    method: 'GET',
    path: '/v1/charts/{chartId}/golden-thread',
    operationId: 'getGoldenThread',
    summary: 'See whether plan and notes hold together',
    description:
      'For each objective of the plan in force: how many signed notes of the period worked on it, and when one last did. Then objectives without notes, and notes without objectives; a note of a session that nobody came to needs none.',
    // The objectives are the plan's words.
    permission: 'plans:read',
    params: schemas.ChartOfThread,
    query: schemas.GoldenThreadQuery,
    success: { status: 200, schema: schemas.GoldenThread, description: 'The report.' },
    handler: async (trx, { params, query }) => ok(await goldenThread(trx, params.chartId, query)),
  }),
]
