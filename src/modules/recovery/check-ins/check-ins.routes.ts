import { created, ok, operation } from '../../../plugins/operations/index.ts'
import { ChartParams } from '../documents/documents.schemas.ts'
import * as schemas from './check-ins.schemas.ts'
import * as service from './check-ins.service.ts'
import { CheckInTrends, TrendQuery } from './trends.schemas.ts'

const common = { tag: 'Recovery' } as const
const base = '/v1/charts/{chartId}/check-ins'

export const checkInRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: base,
    operationId: 'listCheckIns',
    summary: 'List check-ins',
    description: 'The newest day first; those that were corrected only when asked for.',
    permission: 'recovery:read',
    params: ChartParams,
    query: schemas.CheckInQuery,
    success: { status: 200, schema: schemas.CheckInPage, description: 'A page of check-ins.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await service.listCheckIns(trx, params.chartId, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: base,
    operationId: 'submitCheckIn',
    summary: 'Enter a check-in',
    description:
      'For a client, in a session for instance. There is one in force for each day and kind; late ones keep both days. What needs somebody soon raises an alert: hopelessness, a very strong urge, one addiction silent while another rises.',
    permission: 'recovery:write',
    idempotency: 'required',
    params: ChartParams,
    body: schemas.NewCheckIn,
    success: { status: 201, schema: schemas.CheckIn, description: 'The check-in.' },
    problems: ['invalid-state', 'unknown-reference', 'already-exists'],
    handler: async (trx, { params, body }) =>
      created(
        `/v1/charts/${params.chartId}/check-ins`,
        await service.submitCheckIn(trx, params.chartId, body),
      ),
  }),
  operation({
    ...common,
    method: 'POST',
    path: `${base}/{checkInId}/corrections`,
    operationId: 'correctCheckIn',
    summary: 'Correct a check-in',
    description: 'The whole form anew, for the same day. What it corrects stays and counts no more.',
    permission: 'recovery:write',
    idempotency: 'required',
    params: schemas.CheckInParams,
    body: schemas.CheckInCorrection,
    success: { status: 201, schema: schemas.CheckIn, description: 'The check-in in force now.' },
    problems: ['invalid-state', 'unknown-reference'],
    handler: async (trx, { params, body }) =>
      created(
        `/v1/charts/${params.chartId}/check-ins`,
        await service.correctCheckIn(trx, params.chartId, params.checkInId, body),
      ),
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/charts/{chartId}/check-in-trends',
    operationId: 'getCheckInTrends',
    summary: 'See trends of check-ins',
    description:
      'Means by day or week of everything that check-ins ask, and urges and circles of each addiction.',
    permission: 'recovery:read',
    params: ChartParams,
    query: TrendQuery,
    success: { status: 200, schema: CheckInTrends, description: 'The series.' },
    handler: async (trx, { params, query }) => ok(await service.getTrends(trx, params.chartId, query)),
  }),
]
