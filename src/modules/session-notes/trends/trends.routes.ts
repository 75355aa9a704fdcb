import { ok, operation } from '../../../plugins/operations/index.ts'
import * as schemas from './trends.schemas.ts'
import { noteTrends } from './trends.service.ts'

export const noteTrendRoutes = [
  operation({
    tag: 'Session notes',
    method: 'GET',
    path: '/v1/charts/{chartId}/note-trends',
    operationId: 'getNoteTrends',
    summary: 'See trends of session notes',
    description:
      'Activation and settling, belief and mood, homework, urges and skills, amplitudes in training, engagement: a series for each kind of part and measure, with its change and slope, rates over all sessions, and attendance. Of notes that are signed and stand; of what waits for a co-signature nothing is counted.',
    permission: 'notes:read',
    params: schemas.ChartParams,
    query: schemas.NoteTrendQuery,
    success: { status: 200, schema: schemas.NoteTrends, description: 'The series.' },
    handler: async (trx, { params, query }) => ok(await noteTrends(trx, params.chartId, query)),
  }),
]
