import { ok, operation } from '../../../plugins/operations/index.ts'
import { RecordParams } from '../records/records.schemas.ts'
import { MandatedReportDeadlines } from './deadlines.schemas.ts'
import { getDeadlines } from './deadlines.service.ts'

export const deadlineRoutes = [
  operation({
    tag: 'Recovery',
    method: 'GET',
    path: '/v1/charts/{chartId}/recovery-records/{recordId}/deadlines',
    operationId: 'getMandatedReportDeadlines',
    summary: 'Read the deadlines of a mandated report',
    description:
      'Until when the phone call and the written report are due, by the rule of the place on the day the clinician came to know, with its source; `unknown` where no rule is on record. For the care team alone.',
    permission: 'recovery:read',
    params: RecordParams,
    success: { status: 200, schema: MandatedReportDeadlines, description: 'The deadlines.' },
    handler: async (trx, { params }) => ok(await getDeadlines(trx, params.chartId, params.recordId)),
  }),
]
