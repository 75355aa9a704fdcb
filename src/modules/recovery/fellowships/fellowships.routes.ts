import { ok, operation } from '../../../plugins/operations/index.ts'
import { ChartParams } from '../documents/documents.schemas.ts'
import { FellowshipSuggestions } from './fellowships.schemas.ts'
import * as service from './fellowships.service.ts'

export const fellowshipRoutes = [
  operation({
    method: 'GET',
    path: '/v1/charts/{chartId}/fellowship-suggestions',
    operationId: 'suggestFellowships',
    tag: 'Recovery',
    summary: 'See which fellowships could fit',
    description:
      'By the types of what is followed and the philosophy of treatment, each with its source. It imposes nothing and records nothing: what is talked about becomes a record of kind `fellowship_participation`.',
    permission: 'recovery:read',
    params: ChartParams,
    success: { status: 200, schema: FellowshipSuggestions, description: 'What could fit.' },
    handler: async (trx, { params }) => ok(await service.suggestFellowships(trx, params.chartId)),
  }),
]
